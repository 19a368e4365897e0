// What the bridge promises against strangers, bad input, load and faults, and the tests that show it: none of them may go
// without its promise being looked at.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Promised {
  section: string
  promise: string
  shownBy: { file: string; title: string }[]
}

const root = new URL('../../', import.meta.url)
const promises = JSON.parse(readFileSync(new URL('test/facts/hardening.json', root), 'utf8')) as Promised[]

/** In quotes of its own, as the name of a test, a table or one row of it. */
function holdsTitle(file: string, title: string): boolean {
  const text = readFileSync(new URL(file, root), 'utf8')
  return ["'", '`', '"'].some((quote) => text.includes(`${quote}${title}${quote}`))
}

test.each(promises)('$section: $promise', ({ shownBy }) => {
  expect(shownBy.length).toBeGreaterThan(0)
  expect(shownBy.filter(({ file, title }) => !holdsTitle(file, title))).toEqual([])
})
