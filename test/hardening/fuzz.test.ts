// A short run of the fuzzer, the same each time. Longer ones: `npm run fuzz`.
import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

test('ten seconds of broken and unexpected input', { timeout: 60_000 }, async () => {
  const { failures, inputs, slowestMs } = await fuzz({ seed: 20_090_301, milliseconds: 10_000 })
  expect(failures).toEqual([])
  expect(inputs).toBeGreaterThan(1000)
  expect(slowestMs).toBeLessThan(3000)
})
