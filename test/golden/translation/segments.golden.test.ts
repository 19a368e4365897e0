// Every pair of content that the two dialects have, each way, over real sockets: what the other side reads, byte for byte, and
// the trace that it leaves.
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { closeAll, run, type Given, type Outcome } from './segment-case.ts'

type Case = Given & Outcome
type Level = 'full' | 'partial' | 'fallback' | 'dropped' | 'rejected'

interface Pair {
  id: string
  direction: 'both' | 'onebot->mirai' | 'mirai->onebot'
  level: { toMirai: Level; toOneBot: Level }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}

const cases = read('segments.json') as Case[]
const { pairs } = read('../../facts/mapping-segments.json') as { pairs: Pair[] }

afterAll(closeAll)

test.each(cases.map((one) => [`${one.pair}, ${one.way}: ${JSON.stringify(one.given).slice(0, 80)}`, one] as const))(
  '%s',
  async (_, { becomes, refused, losses, ...given }) => {
    const outcome = await run(given)
    const wanted = { becomes, ...(refused !== undefined && { refused }), losses }
    expect(JSON.stringify(outcome)).toBe(JSON.stringify(wanted))
  },
)

/** An action and an event rather than content: see the golden events and commands. */
const elsewhere = new Set(['nudge'])

/** Conversions that the facts call whole although a detail is traced, or whole only of some servers. */
const allowed: Readonly<Record<string, string>> = {
  'image toOneBot': 'an image without a source is none',
  'at toOneBot': 'nobody can be mentioned in a private chat',
  'at toMirai': 'nobody can be mentioned in a private chat',
  'dice toMirai': 'one without a number',
  'mirai_code toOneBot': 'dice are rolled by the backend',
}

describe('the cases are complete', () => {
  const directions = { toMirai: 'onebot11', toOneBot: 'mirai' } as const
  const rows = pairs
    .filter(({ id }) => !elsewhere.has(id))
    .flatMap((pair) =>
      (['toMirai', 'toOneBot'] as const)
        .filter((to) => pair.direction === 'both' || (to === 'toMirai') === (pair.direction === 'onebot->mirai'))
        .map((to) => [pair.id, to, pair.level[to]] as const),
    )

  test('every pair of the facts has a case', () => {
    expect([...new Set(cases.map(({ pair }) => pair))].toSorted()).toEqual(
      pairs
        .map(({ id }) => id)
        .filter((id) => !elsewhere.has(id))
        .toSorted(),
    )
  })

  test.each(rows)('%s %s: %s', (id, to, level) => {
    const ways = cases.filter(({ pair, way }) => pair === id && way.startsWith(directions[to]))
    expect(ways.length).toBeGreaterThan(0)
    const plain = ways.filter(({ app, refused }) => app === undefined && refused === undefined)
    const traced = ways.filter(({ losses, refused }) => losses.length > 0 || refused !== undefined)
    if (level === 'full' && !(`${id} ${to}` in allowed)) expect(plain.flatMap(({ losses }) => losses)).toEqual([])
    if (level === 'dropped' || level === 'rejected' || level === 'fallback') expect(traced.length).toBeGreaterThan(0)
  })
})
