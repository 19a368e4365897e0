// Lists are kept as text: they must always say what printing each row anew would.
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { ListForm } from '../../src/core/ports.ts'
import { createListTexts } from '../../src/state/list-texts.ts'

interface Row {
  readonly id: number
  readonly text: string
  readonly hidden: boolean
}

const toRows = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, text: `名 "${id}" 😀`, hidden: false }))
const form = (key: string, printed: number[] = []): ListForm<Row> => ({
  key,
  print(row) {
    printed.push(row.id)
    return row.hidden ? undefined : JSON.stringify(row)
  },
})
const plainly = (rows: readonly Row[]): string => JSON.stringify(rows.filter(({ hidden }) => !hidden))

const step = fc.record({
  at: fc.nat(),
  other: fc.boolean(),
  act: fc.oneof(
    fc.record({ text: fc.string({ unit: 'binary' }) }),
    fc.record({ hidden: fc.boolean() }),
    fc.constantFrom('leave', 'join', 'hide chunk', 'all'),
  ),
})

function change(rows: readonly Row[], at: number, act: Partial<Row> | string): Row[] {
  const index = rows.length === 0 ? 0 : at % rows.length
  if (act === 'all') return rows.map((row) => ({ ...row }))
  if (act === 'join') return rows.toSpliced(index, 0, { id: 10_000 + at, text: '', hidden: false })
  if (act === 'leave') return rows.toSpliced(index, 1)
  if (act === 'hide chunk') return rows.map((row, place) => (place < 64 ? { ...row, hidden: true } : row))
  return rows.map((row, place) => (place === index ? { ...row, ...(act as Partial<Row>) } : row))
}

test('law: whatever changes, joins, leaves or is left out, the text is that of now', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(200), async (steps, count) => {
      const lists = createListTexts()
      const both = [toRows(count), toRows(130)]
      for (const { at, act, other } of steps) {
        both[Number(other)] = change(both[Number(other)] as Row[], at, act)
        for (const [index, rows] of both.entries())
          expect((await lists.print(rows, form(`list ${index}`))).text).toBe(plainly(rows))
      }
    }),
    { numRuns: 60 },
  )
})

test('what is the same is not printed again: a list at all, the neighbours of a changed row only', async () => {
  const lists = createListTexts()
  const rows = toRows(1000)
  const printed: number[] = []
  const first = await lists.print(rows, form('a', printed))
  expect(printed).toHaveLength(1000)
  expect(lists.print(rows, form('a', printed))).toBe(first)
  expect(printed).toHaveLength(1000)
  const changed = change(rows, 500, { text: 'new' })
  expect((await lists.print(changed, form('a', printed))).text).toBe(plainly(changed))
  expect(printed.slice(1000)).toEqual(Array.from({ length: 64 }, (_, at) => 448 + at))
})

test('who asks while it is printed gets the same text, and others get their turn in between', async () => {
  const lists = createListTexts()
  const rows = toRows(5000)
  const printed: number[] = []
  let inBetween = 0
  const both = [1, 2].map(async () => lists.print(rows, form('a', printed)))
  setImmediate(() => (inBetween = printed.length))
  const [one, other] = await Promise.all(both)
  expect(one).toBe(other)
  expect(printed).toHaveLength(5000)
  expect(inBetween).toBeGreaterThan(0)
  expect(inBetween).toBeLessThan(2000)
})

test('another context prints all anew, time only the chunk with the row that it changes', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 10_000 })
  try {
    const lists = createListTexts()
    const rows = toRows(200)
    const printed: number[] = []
    const timed: ListForm<Row> = {
      ...form('a', printed),
      context: 'x',
      until: ({ id }) => (id === 70 ? 11_000 : Infinity),
    }
    const first = await lists.print(rows, timed)
    vi.setSystemTime(10_999)
    expect(lists.print(rows, timed)).toBe(first)
    vi.setSystemTime(11_000)
    await lists.print(rows, timed)
    expect(printed.slice(200)).toEqual(Array.from({ length: 64 }, (_, at) => 64 + at))
    await lists.print(rows, { ...timed, context: 'y' })
    expect(printed).toHaveLength(200 + 64 + 200)
  } finally {
    vi.useRealTimers()
  }
})

test('beyond the bytes the list that was asked for least recently goes; one that is larger than all is not kept', async () => {
  const rows = toRows(100)
  const { bytes } = await createListTexts().print(rows, form('a'))
  const lists = createListTexts(Math.floor(2.5 * (bytes.length + 1400)))
  const printed: number[] = []
  const ask = async (key: string): Promise<number> => {
    printed.length = 0
    await lists.print(rows, form(key, printed))
    return printed.length
  }
  expect([await ask('a'), await ask('b'), await ask('a'), await ask('c')]).toEqual([100, 100, 0, 100])
  expect([await ask('a'), await ask('b')]).toEqual([0, 100])
  const small = createListTexts(1000)
  await small.print(rows, form('a', printed))
  printed.length = 0
  await small.print(rows, form('a', printed))
  expect(printed).toHaveLength(100)
})
