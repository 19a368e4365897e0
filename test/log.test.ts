// Lines of the log: secrets masked, control characters escaped, bounded; one JSON object a line where machines read.
import { afterEach, expect, test, vi } from 'vitest'
import { createLog } from '../src/log.ts'
import { createRedact } from '../src/core/redact.ts'

afterEach(() => vi.restoreAllMocks())

function captured(): string[] {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  return lines
}

test('JSON: one object a line with time, level and text', () => {
  const lines = captured()
  const log = createLog({ level: 'info', json: true })
  log('debug', 'a', 'not shown')
  log('warn', 'napcat', 'two\nlines \u001b[2J and wss://q.cn/x?access_token=abc')
  expect(lines).toHaveLength(1)
  expect(lines[0]?.endsWith('\n')).toBe(true)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
    level: 'warn',
    text: 'napcat: two\\u000alines \\u001b[2J and wss://q.cn/x?***',
  })
})

test('known secrets are masked wherever they stand; long lines are cut', () => {
  const lines = captured()
  const log = createLog({ level: 'info', json: true }, createRedact(['the-key-of-this-test']))
  log('error', 'a', `refused the-key-of-this-test ${'x'.repeat(5000)}`)
  const { text } = JSON.parse(lines[0] ?? '') as { text: string }
  expect(text.startsWith('a: refused *** xxx')).toBe(true)
  expect(text.length).toBeLessThan(2010)
})
