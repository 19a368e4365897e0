// Where a message is looked for, and how often.
import { expect, test } from 'vitest'
import type { ActionOf } from '../../src/core/action.ts'
import { BridgeError } from '../../src/core/error.ts'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import type { Message } from '../../src/core/message.ts'
import type { CallOptions, Outbound } from '../../src/core/ports.ts'
import { createLookup } from '../../src/route/lookup.ts'
import { createState } from '../../src/state/index.ts'

const bot = 10001 as UserId
const id = 77 as MessageId
const peer = { kind: 'group' as const, groupId: 30001 as GroupId }
const content = { sender: { userId: 20001 as UserId, nickname: 'n' }, time: 1, segments: [] }

function setUp(answer: () => Promise<Message>, options: { unknownMs?: number } = {}) {
  const asked: (CallOptions | undefined)[] = []
  const call = (_bot: UserId, _action: ActionOf<'message.get'>, given?: CallOptions) => {
    asked.push(given)
    return answer()
  }
  const { messages } = createState()
  const lookup = createLookup({ messages, deadlineMs: 1000, ...options })
  const backend = { name: 'back', call } as unknown as Outbound
  return { asked, messages, find: (given?: CallOptions) => lookup(backend, bot, id, given) }
}

const found = { id, peer, ...content }
const unknown = () => Promise.reject(new BridgeError('notFound', 'no such message: 77'))

test('what the log has asks nobody', async () => {
  const { asked, messages, find } = setUp(unknown)
  messages.learn(bot, { native: '77', peer }, content, true)
  expect(await find()).toEqual({ ...found, seq: undefined })
  expect(asked).toEqual([])
})

test('the backend is asked once for all who want to know, and has its deadline', async () => {
  const { asked, find } = setUp(() => Promise.resolve(found))
  expect(await Promise.all([find(), find({ timeoutMs: 30_000 })])).toEqual([found, found])
  expect(asked).toEqual([{ timeoutMs: 1000 }])
  await find({ timeoutMs: 20 })
  expect(asked[1]).toEqual({ timeoutMs: 20 })
})

test('what it does not know stays unknown for a while, unless the message is seen', async () => {
  const { asked, messages, find } = setUp(unknown)
  for (let round = 0; round < 3; round++) {
    await expect(find()).rejects.toMatchObject({ kind: 'notFound', message: 'no such message: 77' })
  }
  expect(asked).toHaveLength(1)
  messages.learn(bot, { native: '77', peer }, content, true)
  expect(await find()).toMatchObject(found)
})

test('a backend that is away is asked again', async () => {
  const { asked, find } = setUp(() => Promise.reject(new BridgeError('offline', 'away')))
  for (let round = 0; round < 2; round++) await expect(find()).rejects.toMatchObject({ kind: 'offline' })
  expect(asked).toHaveLength(2)
})
