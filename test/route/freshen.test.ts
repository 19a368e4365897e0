// Addresses that expired: who is asked for better ones, how often, and what is used then.
import { expect, test } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { BridgeError } from '../../src/core/error.ts'
import type { Loss } from '../../src/core/fidelity.ts'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import type { Message } from '../../src/core/message.ts'
import type { Outbound } from '../../src/core/ports.ts'
import type { Segment } from '../../src/core/segment.ts'
import { createFreshen } from '../../src/route/freshen.ts'
import { createState } from '../../src/state/index.ts'

const bot = 10001 as UserId
const hash = '0A1B2C3D4E5F60718293A4B5C6D7E8F9'

interface SetUp {
  goodMs?: number
  mediaByHandle?: boolean
  answer?: (action: Action) => unknown
}

function setUp({ goodMs = 0, mediaByHandle = false, answer = () => ({ url: 'https://x/new' }) }: SetUp = {}) {
  const { media, messages } = createState()
  const asked: string[] = []
  const losses: Loss[] = []
  const backend = {
    name: 'back',
    capabilities: () => ({ mediaByHandle }),
    call: async (_bot: UserId, action: Action) => {
      asked.push(action.name)
      return answer(action)
    },
  } as unknown as Outbound
  const ownerOf = (name: string) => (name === 'back' ? backend : undefined)
  const contentOf = (of: UserId, message: MessageId) => messages.get(of, message)?.segments
  const freshen = createFreshen({ media, ownerOf, contentOf, loss: (_, loss) => losses.push(loss), goodMs })
  const native = `${hash}.png`
  const id = media.learn({ kind: 'image', backend: 'back', native, name: native, url: 'https://x/old' })
  const picture: Segment = { type: 'image', id, url: 'https://x/old' }
  return { media, messages, asked, losses, backend, freshen, id, picture }
}

function messageOf(segments: Segment[]): Message {
  const peer = { kind: 'group' as const, groupId: 1 as GroupId }
  return { id: 1 as MessageId, peer, time: 1, sender: { userId: bot, nickname: '' }, segments }
}

test('one that is good is used as it is: nobody waits', () => {
  const { freshen, picture, backend, asked } = setUp({ goodMs: 60_000 })
  const message = messageOf([picture])
  expect(freshen.message(message, bot)).toBe(message)
  expect(freshen.outgoing([picture], backend, bot)).toBeUndefined()
  expect(asked).toEqual([])
})

test('before it is sent the backend that has it is asked, once, in forwards too', async () => {
  const { freshen, picture, backend, asked, media, id } = setUp()
  const nested: Segment = { type: 'forward', nodes: [{ segments: [picture] }] }
  await freshen.outgoing([nested, picture], backend, bot)
  expect(asked).toEqual(['media.get'])
  expect(media.get(id)?.url).toBe('https://x/new')
  expect(media.source({ type: 'image', id }, 'other')).toEqual({ kind: 'url', value: 'https://x/new' })
})

test('before a forward is sent, for what its nodes name by id too', async () => {
  const { freshen, picture, backend, asked, media, messages, id } = setUp()
  const { peer, sender } = messageOf([])
  const told = messages.learn(bot, { native: '7', peer }, { time: 1, sender, segments: [picture] })
  const forward: Segment = { type: 'forward', nodes: [{ messageId: told.id }, { messageId: 8 as MessageId }] }
  await freshen.outgoing([forward], backend, bot)
  expect(asked).toEqual(['media.get'])
  expect(media.get(id)?.url).toBe('https://x/new')
})

test('a backend that sends by handle needs no address of its own media, but another backend does', async () => {
  const { freshen, picture, backend, asked } = setUp({ mediaByHandle: true })
  expect(freshen.outgoing([picture], backend, bot)).toBeUndefined()
  await freshen.outgoing([picture], { ...backend, name: 'other' }, bot)
  expect(asked).toEqual(['media.get'])
})

test('bytes that are kept need nobody', () => {
  const { freshen, backend, media } = setUp()
  const { id } = media.put('image', Buffer.from('bytes'))
  media.learn({ kind: 'image', backend: 'back', native: id, name: id, url: 'https://x/old' })
  expect(freshen.outgoing([{ type: 'image', id }], backend, bot)).toBeUndefined()
  expect(media.source({ type: 'image', id }, 'other').kind).toBe('base64')
})

test('a message is shown with the addresses of today, its forward too', async () => {
  const { freshen, picture } = setUp()
  const nested: Segment = { type: 'forward', nodes: [{ senderName: 'n', segments: [picture] }] }
  const fresh = { ...picture, url: 'https://x/new' }
  expect(await freshen.message(messageOf([{ type: 'text', text: 'a' }, picture]), bot)).toEqual(
    messageOf([{ type: 'text', text: 'a' }, fresh]),
  )
  expect(await freshen.nodes([{ segments: [nested] }], bot)).toEqual([
    { segments: [{ type: 'forward', nodes: [{ senderName: 'n', segments: [fresh] }] }] },
  ])
})

test('where a medium alone is told no new address, the message is read again', async () => {
  const told = setUp({
    answer(action) {
      if (action.name === 'media.get') return { url: 'https://x/old' }
      told.media.moved(told.id, 'https://x/by-message')
      return messageOf([])
    },
  })
  const message = (await told.freshen.message(messageOf([told.picture]), bot)) as Message
  expect(told.asked).toEqual(['media.get', 'message.get'])
  expect(message.segments).toEqual([{ ...told.picture, url: 'https://x/by-message' }])
})

test('a backend that cannot help costs a trace, and is not asked again for a while', async () => {
  const away = () => {
    throw new BridgeError('timeout', 'no answer')
  }
  const { freshen, picture, backend, asked, losses } = setUp({ answer: away })
  for (let round = 0; round < 3; round++) await freshen.outgoing([picture], backend, bot)
  expect(asked).toEqual(['media.get'])
  expect(losses).toEqual([{ what: 'image', fidelity: 'lossy', reason: 'its address may have expired: no answer' }])
})
