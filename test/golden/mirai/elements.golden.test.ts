// Elements of mah, byte for byte: as clients receive them, and as a backend is sent them. Shapes: mirai-api-http 2.10.0,
// internal/dto/message.kt.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Peer } from '../../../src/core/ids.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { printChain, toChain } from '../../../src/dialect/mirai/index.ts'
import { bot, createView, lab, time } from '../../dialect/mirai/fixtures.ts'
import { spec } from '../../dialect/mirai/spec.ts'

interface Case {
  name: string
  segment: Segment
  received: { type: string }[]
  /** null: mah has no way to send it. */
  sent: { quote?: number; messageChain: unknown[] } | null
}

const cases = JSON.parse(readFileSync(new URL('elements.json', import.meta.url), 'utf8')) as Case[]
const group: Peer = { kind: 'group', groupId: lab }

test.each(cases)('$name', ({ name, segment, received, sent }) => {
  const source = name === 'Source' ? { id: 517 as never, time } : undefined
  const printed = printChain([segment], group, { bot, view: createView(), now: time, loss: () => {} }, source)
  expect(JSON.stringify(printed)).toBe(JSON.stringify(received))
  if (sent) expect(JSON.stringify(send(segment))).toBe(JSON.stringify(sent))
  else expect(() => send(segment)).toThrow(/cannot send/)
})

function send(segment: Segment): object {
  const { quote, messageChain } = toChain([segment], {
    peer: group,
    loss: () => {},
    media: ({ id }) => ({ kind: 'native', value: `native-${id}` }),
    message: (id) => ({ native: String(id), peer: group }),
  })
  return { ...(quote !== undefined && { quote }), messageChain }
}

test('every element that arrives is here', () => {
  const here = new Set(cases.flatMap(({ received }) => received.map(({ type }) => type)))
  // Sent only: MiraiCode. Made by nobody: Unknown.
  expect(spec.messages.map(({ type }) => type).filter((type) => !here.has(type))).toEqual(['MiraiCode', 'Unknown'])
})
