// Whatever arrives, the OneBot grammar fails with an error of the bridge or not at all.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BridgeError } from '../../src/core/error.ts'
import { findAction, onebot11ActionNames, parseCalls } from '../../src/dialect/onebot11/action.ts'
import { echoOf } from '../../src/dialect/onebot11/echo.ts'
import { parseEvent } from '../../src/dialect/onebot11/event-parse.ts'
import { fromMessage, parseMessage } from '../../src/dialect/onebot11/message.ts'
import { printMessage } from '../../src/dialect/onebot11/message-print.ts'
import { fakeEventIds } from '../dialect/onebot11/fakes.ts'

const types = [
  'text',
  'at',
  'face',
  'image',
  'record',
  'video',
  'file',
  'reply',
  'forward',
  'node',
  'json',
  'music',
  'poke',
  'dice',
  'rps',
  'share',
  'contact',
  'location',
  'mface',
  'odd',
]
const members = [
  'text',
  'qq',
  'id',
  'file',
  'url',
  'data',
  'content',
  'type',
  'user_id',
  'nickname',
  'lat',
  'lon',
  'result',
  '__proto__',
]
const segment = fc.record(
  { type: fc.constantFrom(...types), data: fc.dictionary(fc.constantFrom(...members), fc.jsonValue()) },
  { requiredKeys: [] },
)
const message = fc.oneof(
  fc.jsonValue(),
  fc.array(segment),
  segment,
  fc.string().map((text) => `[CQ:${text}]`),
)

function attempt(task: () => unknown): void {
  try {
    task()
  } catch (error) {
    expect(error).toBeInstanceOf(BridgeError)
  }
}

test('messages of clients', () => {
  const law = fc.property(message, (value) => attempt(() => printMessage(parseMessage(value))))
  expect(() => fc.assert(law)).not.toThrow()
})

test('messages of backends are read and can be printed', () => {
  fc.assert(
    fc.property(message, (value) => {
      const peer = { kind: 'group' as const, groupId: 1 as never }
      const once = printMessage(fromMessage(value, peer, fakeEventIds()))
      expect(() => JSON.stringify(once)).not.toThrow()
    }),
  )
})

test('events', () => {
  const wire = fc.record(
    {
      self_id: fc.constantFrom(10001, '10001', null),
      post_type: fc.constantFrom('message', 'message_sent', 'notice', 'request', 'odd'),
      message_type: fc.constantFrom('group', 'private', 'guild'),
      notice_type: fc.constantFrom('notify', 'group_ban', 'essence', 'reaction', 'group_upload', '__proto__'),
      sub_type: fc.constantFrom('poke', 'ban', 'friend', 'constructor'),
      request_type: fc.constantFrom('friend', 'group'),
      user_id: fc.jsonValue(),
      group_id: fc.jsonValue(),
      message_id: fc.jsonValue(),
      message,
      sender: fc.jsonValue(),
      file: fc.jsonValue(),
      likes: fc.jsonValue(),
      flag: fc.jsonValue(),
    },
    { requiredKeys: ['self_id', 'post_type'] },
  )
  const law = fc.property(wire, (event) => void parseEvent(event, fakeEventIds()))
  expect(() => fc.assert(law)).not.toThrow()
})

test('parameters of actions', () => {
  const params = fc.dictionary(
    fc.constantFrom('group_id', 'user_id', 'message_id', 'message', 'messages', 'flag', 'count', 'duration'),
    fc.jsonValue(),
  )
  const context = { isFriend: () => false, peerOf: () => undefined }
  const law = fc.property(fc.constantFrom(...onebot11ActionNames), params, (name, given) =>
    attempt(() => parseCalls(findAction(name), given, context)),
  )
  expect(() => fc.assert(law)).not.toThrow()
})

test('the echo of any frame', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.nat(3), (echo, params, spaces) => {
      const text = JSON.stringify({ action: 'a', params, echo, last: params }, undefined, spaces)
      expect(JSON.parse(echoOf(text) ?? '')).toEqual(JSON.parse(JSON.stringify(echo)))
    }),
  )
})
