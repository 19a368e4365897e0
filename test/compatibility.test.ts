import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { printCompatibility } from '../scripts/compatibility.ts'

test('docs/compatibility.md is what the mappings say: npm run docs writes it', () => {
  expect(readFileSync(new URL('../docs/compatibility.md', import.meta.url), 'utf8')).toBe(printCompatibility())
})
