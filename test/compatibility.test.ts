import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { spec } from './dialect/mirai/spec.ts'
import { printCompatibility } from '../scripts/compatibility.ts'

test('docs/compatibility.md is what the mappings say: npm run docs writes it', () => {
  expect(readFileSync(new URL('../docs/compatibility.md', import.meta.url), 'utf8')).toBe(printCompatibility())
})

test('it has a row for each action of OneBot and each command of mah, with a level for each backend', () => {
  const [, calls = '', commands = ''] = printCompatibility().split('\n## ')
  const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('| `'))
  expect([rows(calls).length, rows(commands).length]).toEqual([235, 59])
  const level = /^(exact(: .+)?|lossy: .+|refused: .+)$/
  for (const row of [...rows(calls), ...rows(commands)]) {
    const cells = row.slice(2, -2).split(' | ').slice(2)
    expect(cells, row).toEqual([
      expect.stringMatching(level),
      expect.stringMatching(level),
      expect.stringMatching(level),
    ])
  }
})

test('it names each event and each element of mah', () => {
  const [, , , events = '', , chains = ''] = printCompatibility().split('\n## ')
  const missing = spec.events.map(({ type }) => type).filter((type) => !events.includes(`\`${type}\``))
  // The one packet that the bridge hands on as it is.
  expect(missing).toEqual(['OtherClientMessage'])
  const elements = chains.split('\n').flatMap((line) => /^\| `(\w+)`/.exec(line)?.[1] ?? [])
  expect(elements.toSorted()).toEqual(spec.messages.map(({ type }) => type).toSorted())
})
