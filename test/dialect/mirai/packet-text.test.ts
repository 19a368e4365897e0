// The hand-made text of a message is that of JSON.stringify, whatever a backend of either dialect reports.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BridgeEvent } from '../../../src/core/event.ts'
import { parseEvent, printEvent } from '../../../src/dialect/mirai/index.ts'
import { parseEvent as parseOneBot } from '../../../src/dialect/onebot11/event-parse.ts'
import { fakeEventIds } from '../onebot11/fakes.ts'
import { bot, createIds, createView, time } from './fixtures.ts'

const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.jsonValue({ maxDepth: 1 }))
const members = ['text', 'id', 'time', 'target', 'display', 'groupId', 'senderId', 'targetId', 'origin', 'name', 'url']
const known = fc.oneof(
  fc.record({ type: fc.constant('Plain'), text: fc.string({ unit: 'binary' }) }),
  fc.record({ type: fc.constant('At'), target: fc.nat(), display: fc.string() }),
)
const odd = fc
  .tuple(
    fc.constantFrom('Plain', 'Source', 'At', 'Quote', 'Image', 'Odd'),
    fc.dictionary(fc.constantFrom(...members), value),
  )
  .map(([type, rest]) => ({ type, ...rest }))
const chain = fc.array(fc.oneof(known, odd), { maxLength: 5 })

/** The text, and what it should be. */
function printBoth(event: BridgeEvent | undefined): [string | undefined, string | undefined] {
  const printed = event && printEvent(event, { view: createView(), loss: () => {} })
  return [printed?.text(), printed && JSON.stringify(printed.body)]
}

test.each(['GroupMessage', 'TempMessage', 'FriendMessage', 'GroupSyncMessage'])('%s of a mah server', (type) => {
  const group = { id: 30001, name: 'g', permission: 'OWNER' }
  fc.assert(
    fc.property(chain, fc.string({ unit: 'binary' }), (elements, name) => {
      const messageChain = [{ type: 'Source', id: 7, time }, ...elements]
      const sender = { id: 20001, memberName: name, nickname: name, permission: 'MEMBER', group }
      const body = { type, messageChain, sender, subject: { ...group, nickname: name } }
      const [text, expected] = printBoth(parseEvent(body, { bot, now: time, ids: createIds() })?.event)
      expect(text).toBe(expected)
    }),
  )
})

test('messages of a OneBot implementation', () => {
  const segment = fc.oneof(
    fc.record({ type: fc.constant('text'), data: fc.record({ text: fc.string({ unit: 'binary' }) }) }),
    fc.record({ type: fc.constant('at'), data: fc.record({ qq: fc.nat().map(String) }) }),
    fc.record({ type: fc.constant('reply'), data: fc.record({ id: fc.nat().map(String) }) }),
    fc.record({ type: fc.constantFrom('image', 'face', 'odd'), data: fc.dictionary(fc.string(), fc.string()) }),
  )
  fc.assert(
    fc.property(
      fc.array(segment),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('group', 'private'),
      (message, card, kind) => {
        const sender = { user_id: 20001, nickname: 'n', card, role: 'owner' }
        const place = { message_type: kind, group_id: kind === 'group' ? 30001 : undefined, user_id: 20001 }
        const wire = { post_type: 'message', self_id: bot, time, message_id: 7, ...place, sender, message }
        const [text, expected] = printBoth(parseOneBot(wire, fakeEventIds()))
        expect(text).toBe(expected)
      },
    ),
  )
})
