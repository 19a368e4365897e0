import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
