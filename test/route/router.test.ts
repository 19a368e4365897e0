import { describe, expect, test, vi } from 'vitest'
import type { Action, ActionOf } from '../../src/core/action.ts'
import { BridgeError } from '../../src/core/error.ts'
import type { BridgeEvent, MessageEvent } from '../../src/core/event.ts'
import type { LossRecord } from '../../src/core/fidelity.ts'
import type { GroupId, MessageId, RequestId, UserId } from '../../src/core/ids.ts'
import type { Inbound, Outbound } from '../../src/core/ports.ts'
import { defaultContentLimits } from '../../src/route/outgoing.ts'
import { createRouter } from '../../src/route/router.ts'
import { createTracer } from '../../src/route/tracer.ts'
import { createRoutes, type RouteOptions } from '../../src/route/routes.ts'
import { createListTexts } from '../../src/state/list-texts.ts'
import { createState } from '../../src/state/index.ts'
import { until } from '../support/until.ts'
import { fetchUrl } from '../support/fetch.ts'

const bot = 10001 as UserId
const groupId = 30001 as GroupId

type Answer = (params: never) => unknown

/** A backend that answers from a table and remembers what it was asked. */
function fakeBackend(name: string, bots: UserId[], answers: Record<string, Answer>) {
  const asked: { name: string; params: unknown }[] = []
  const backend = {
    name,
    dialect: 'fake',
    start: async () => {},
    bots: () => bots.map((one) => ({ bot: one, nickname: 'b', online: true })),
    capabilities: () => ({ implementation: name, version: '1', segments: {}, actions: {} }),
    call: async (_: UserId, action: { name: string; params: never }) => {
      asked.push(action)
      return (answers[action.name] ?? (() => ({})))(action.params)
    },
    close: async () => {},
  } as unknown as Outbound
  return { backend, asked }
}

const lists: Record<string, Answer> = {
  'group.list': () => [{ groupId, name: 'g' }],
  'group.member.list': () => [],
  'friend.list': () => [],
}

function setUp(backends: Outbound[], inboundNames = ['a'], routes: RouteOptions[] = []) {
  const byName = new Map(backends.map((backend) => [backend.name, backend]))
  const state = createState()
  const losses: LossRecord[] = []
  const router = createRouter({
    lists: createListTexts(),
    routes: createRoutes({ inbounds: inboundNames, backends: byName, routes }),
    state,
    durable: async () => {},
    onLoss: (record) => losses.push(record),
    tracer: createTracer({ sample: 1, keep: 10, chars: 1_000_000, onEnd: () => {} }),
    log: () => {},
    enrichDeadlineMs: 50,
    fileRoots: [],
    fetchUrl,
    limits: defaultContentLimits,
    isLocal: () => false,
  })
  const seen: Record<string, BridgeEvent[]> = {}
  for (const name of inboundNames) {
    seen[name] = []
    const push = (event: BridgeEvent): void => void seen[name]?.push(event)
    router.addInbound({
      name,
      dialect: 'fake',
      push,
      start: async () => {},
      stop: async () => {},
      addresses: () => [],
    } satisfies Inbound)
  }
  for (const name of byName.keys()) router.sinkFor(name).botsChanged()
  return { router, state, losses, seen }
}

function message(id: number, where: number = groupId, text = `m${id}`): MessageEvent {
  return {
    type: 'message',
    origin: 'received',
    bot,
    time: 1,
    message: {
      id: id as MessageId,
      peer: { kind: 'group', groupId: where as GroupId },
      time: 1,
      sender: { userId: 20001 as UserId, nickname: 'n' },
      segments: [{ type: 'text', text }],
    },
  }
}

describe('events', () => {
  test('wait for names once, stay in order, and come at most once', async () => {
    const { backend, asked } = fakeBackend('one', [bot], lists)
    const { router, seen } = setUp([backend])
    const sink = router.sinkFor('one')
    for (const id of [1, 2, 3, 2]) sink.event(message(id))
    await until(() => seen['a']?.length === 3)
    expect(seen['a']?.map((event) => (event as MessageEvent).message.id)).toEqual([1, 2, 3])
    expect(asked.map((action) => action.name).toSorted()).toEqual(['group.list', 'group.member.list'])
    sink.event(message(4))
    // Known by now: delivered in the same turn.
    expect(seen['a']).toHaveLength(4)
  })

  test('go out at the deadline with a trace when the backend does not answer; another conversation does not wait', async () => {
    const answers = {
      ...lists,
      'group.member.list': (params: { groupId: number }) => (params.groupId === 1 ? new Promise(() => {}) : []),
    }
    const { backend } = fakeBackend('one', [bot], answers as Record<string, Answer>)
    const { router, seen, losses } = setUp([backend])
    const sink = router.sinkFor('one')
    await router.directory.ensureMembers(bot, groupId)
    await router.directory.ensureGroup(bot, groupId)
    sink.event(message(1, 1))
    sink.event(message(2))
    expect(seen['a']?.map((event) => (event as MessageEvent).message.id)).toEqual([2])
    await until(() => seen['a']?.length === 2)
    expect(seen['a']?.map((event) => (event as MessageEvent).message.id)).toEqual([2, 1])
    expect(losses).toMatchObject([{ what: 'message', fidelity: 'lossy', where: 'directory' }])
  })

  test('of a bot that two backends have come once, when the one that serves it goes in between, too', async () => {
    const [one, other] = [fakeBackend('one', [bot], lists), fakeBackend('other', [bot], lists)]
    let isHere = true
    const bots = one.backend.bots
    Object.assign(one.backend, { bots: () => (isHere ? bots() : []) })
    const { router, seen } = setUp([one.backend, other.backend])
    await router.directory.ensureMembers(bot, groupId)
    await router.directory.ensureGroup(bot, groupId)
    await router.directory.ensureFriends(bot)
    const poke: BridgeEvent = {
      type: 'nudge',
      bot,
      time: 1,
      peer: { kind: 'group', groupId },
      senderId: 20001 as UserId,
      targetId: bot,
    }
    // Each implementation has ids and times of its own.
    const [first, second] = [router.sinkFor('one'), router.sinkFor('other')]
    for (const event of [message(1, groupId, 'hi'), poke]) first.event(event)
    isHere = false
    first.botsChanged()
    for (const event of [message(901, groupId, 'hi '), { ...poke, time: 2, suffix: '!' }]) second.event(event)
    expect(seen['a']?.map(({ type }) => type)).toEqual(['message', 'nudge'])
    for (const event of [message(902, groupId, 'news'), poke]) second.event(event)
    expect(seen['a']?.map(({ type }) => type)).toEqual(['message', 'nudge', 'message', 'nudge'])
  })

  test('of two backends that have one bot reach each inbound by its own, whoever is first', async () => {
    const [one, other] = [fakeBackend('one', [bot], lists), fakeBackend('other', [bot], lists)]
    const routes = [
      { from: 'a', to: 'one' },
      { from: 'b', to: 'other' },
    ]
    const { router, seen } = setUp([one.backend, other.backend], ['a', 'b'], routes)
    for (const name of ['other', 'one']) router.sinkFor(name).event(message(1))
    await until(() => seen['a']?.length === 1 && seen['b']?.length === 1)
    expect([seen['a'], seen['b']]).toMatchObject([[{ message: { id: 1 } }], [{ message: { id: 1 } }]])
  })

  test('reach the inbounds that the routes name, filtered by group', async () => {
    const one = fakeBackend('one', [bot], lists)
    const other = fakeBackend('other', [10002 as UserId], lists)
    const { router, seen } = setUp(
      [one.backend, other.backend],
      ['a', 'b'],
      [
        { from: 'a', to: 'one', events: { groups: [30002] } },
        { from: ['b'], to: ['one', 'other'] },
      ],
    )
    router.sinkFor('one').event(message(1))
    router.sinkFor('one').event(message(2, 30002))
    router.sinkFor('other').event({ ...message(3), bot: 10002 as UserId })
    await until(() => (seen['b']?.length ?? 0) === 3)
    const ids = (name: string) => seen[name]?.map((event) => (event as MessageEvent).message.id).toSorted()
    expect(ids('a')).toEqual([2])
    expect(ids('b')).toEqual([1, 2, 3])
  })
})

describe('calls', () => {
  test('of a bot that the inbound does not see are refused', async () => {
    const { backend } = fakeBackend('one', [bot], {})
    const { router } = setUp([backend])
    const call = router.hostFor('a').call(9 as UserId, { name: 'bot.info', params: {} })
    await expect(call).rejects.toMatchObject({ kind: 'noBot' })
  })

  test('exclusive content is sent as several messages, the first id is the answer, the others are traced', async () => {
    let next = 100
    const { backend, asked } = fakeBackend('one', [bot], { 'message.send': () => ({ messageId: ++next }) })
    const { router, losses } = setUp([backend])
    const result = await router.hostFor('a').call(bot, {
      name: 'message.send',
      params: {
        peer: { kind: 'group', groupId },
        segments: [
          { type: 'text', text: 'a' },
          { type: 'voice', url: 'https://v.example/1' },
        ],
      },
    })
    expect(result).toEqual({ messageId: 101 })
    expect(asked).toHaveLength(2)
    expect(losses).toMatchObject([
      { what: 'voice', fidelity: 'lossy', reason: expect.stringContaining('102') as string },
    ])
  })

  test('an empty message is refused before the backend sees it', async () => {
    const { backend, asked } = fakeBackend('one', [bot], {})
    const { router } = setUp([backend])
    const send = router
      .hostFor('a')
      .call(bot, { name: 'message.send', params: { peer: { kind: 'group', groupId }, segments: [] } })
    await expect(send).rejects.toMatchObject({ kind: 'badParameter' })
    expect(asked).toEqual([])
  })

  test('requests are answered once and in time; the backend hears which are ignored, too', async () => {
    const { backend, asked } = fakeBackend('one', [bot], {})
    const { router, state } = setUp([backend])
    const host = router.hostFor('a')
    const join = state.requests.learn(bot, { kind: 'join', native: 'f1', userId: 20302 as UserId, groupId })
    const ignored = state.requests.learn(bot, { kind: 'invite', native: 'f2', userId: 20001 as UserId, groupId })
    const answer = (requestId: RequestId, ignore = false) =>
      host.call(bot, { name: 'request.group.answer', params: { requestId, approve: !ignore, ignore } })
    await answer(join)
    await answer(ignored, true)
    expect(asked).toMatchObject([{ params: { approve: true } }, { params: { approve: false, ignore: true } }])
    await expect(answer(join)).rejects.toMatchObject({
      kind: 'notFound',
      message: `request ${join} was answered before`,
    })
    await expect(answer(ignored)).rejects.toMatchObject({ kind: 'notFound' })
    const old = state.requests.learn(bot, { kind: 'join', native: 'f3', userId: 20302 as UserId, groupId })
    vi.setSystemTime(Date.now() + 8 * 24 * 3600 * 1000)
    await expect(answer(old)).rejects.toMatchObject({
      kind: 'notFound',
      message: `request ${old} has expired: it was asked too long ago`,
    })
    vi.useRealTimers()
    await expect(answer(5 as RequestId)).rejects.toMatchObject({ kind: 'notFound', message: 'no such request: 5' })
    const friend = host.call(bot, { name: 'request.friend.answer', params: { requestId: join, approve: true } })
    await expect(friend).rejects.toMatchObject({ kind: 'notFound' })
  })

  test('lists are asked once and then known, unless fresh ones are wanted', async () => {
    const { backend, asked } = fakeBackend('one', [bot], lists)
    const { router } = setUp([backend])
    const host = router.hostFor('a')
    await host.call(bot, { name: 'group.list', params: {} })
    await host.call(bot, { name: 'group.list', params: {} })
    expect(asked).toHaveLength(1)
    await host.call(bot, { name: 'group.list', params: { fresh: true } })
    expect(asked).toHaveLength(2)
  })

  test('a message that was seen is answered from the log', async () => {
    const { backend, asked } = fakeBackend('one', [bot], {})
    const { router, state } = setUp([backend])
    const content = { sender: { userId: 20001 as UserId, nickname: 'n' }, time: 1, segments: [] }
    const { id } = state.messages.learn(bot, { native: '7', peer: { kind: 'group', groupId } }, content, true)
    expect(await router.hostFor('a').call(bot, { name: 'message.get', params: { messageId: id } })).toMatchObject({
      id,
    })
    expect(asked).toEqual([])
  })
})

// A stale list said that the bot was still in a group that it had just left: the event about it comes later, or never.
test('lists are without who left through the bridge before the event says so', async () => {
  const other = 20001 as UserId
  const { backend } = fakeBackend('x', [bot], {
    ...lists,
    'group.member.list': () => [
      { groupId, userId: bot },
      { groupId, userId: other },
    ],
  })
  const { router } = setUp([backend])
  const host = router.hostFor('a')
  const members = async () => host.call(bot, { name: 'group.member.list', params: { groupId } })
  expect(await members()).toHaveLength(2)
  await host.call(bot, { name: 'group.member.kick', params: { groupId, userId: other } })
  expect(await members()).toEqual([{ groupId, userId: bot }])
  expect(host.view.member(bot, groupId, other)).toBeDefined()
  const groups = async () => host.call(bot, { name: 'group.list', params: {} })
  expect(await groups()).toHaveLength(1)
  await host.call(bot, { name: 'group.leave', params: { groupId } })
  expect(await groups()).toEqual([])
})

test('what the bot is in a group is kept once it was asked for', async () => {
  const self = { groupId, userId: bot, role: 'owner' }
  const { backend } = fakeBackend('x', [bot], { ...lists, 'group.member.get': () => self })
  const host = setUp([backend]).router.hostFor('a')
  await host.call(bot, { name: 'group.list', params: {} })
  await host.call(bot, { name: 'group.member.get', params: { groupId, userId: bot } })
  expect(await host.call(bot, { name: 'group.list', params: {} })).toMatchObject([{ groupId, botRole: 'owner' }])
})

describe('uploads', () => {
  const path = '/etc/passwd'
  const uploads: Action[] = [
    { name: 'file.upload', params: { peer: { kind: 'group', groupId }, name: 'a', path } },
    { name: 'bot.avatar.set', params: { path } },
    { name: 'group.avatar.set', params: { groupId, path } },
    { name: 'group.notice.publish', params: { groupId, text: 't', image: { path } } },
    { name: 'server.ask', params: { kind: 'ocr', params: { image: { path } } } },
  ]
  test.each(uploads)('$name opens no local file for a stranger', async (action) => {
    const { backend, asked } = fakeBackend('one', [bot], lists)
    const { router } = setUp([backend])
    await expect(router.hostFor('a').call(bot, action as ActionOf<'raw'>)).rejects.toMatchObject({
      kind: 'forbiddenSource',
    })
    expect(asked).toEqual([])
  })

  test('bytes get a handle on the way', async () => {
    const { backend, asked } = fakeBackend('one', [bot], lists)
    const { router, state } = setUp([backend])
    const image = { base64: 'AAAA' }
    await router.hostFor('a').call(bot, { name: 'group.notice.publish', params: { groupId, text: 't', image } })
    const [sent] = asked as { params: { image: { id: string } } }[]
    expect(state.media.get(sent?.params.image.id ?? '')?.sizeBytes).toBe(3)
  })
})

// The list that was asked for because of a newcomer was thrown away when the event had been delivered.
test('a newcomer costs one list of members, not one more with the next message', async () => {
  const { backend, asked } = fakeBackend('one', [bot], lists)
  const { router, seen } = setUp([backend])
  const sink = router.sinkFor('one')
  sink.event({ type: 'group.member.join', bot, time: 1, groupId, userId: 20303 as UserId })
  await until(() => seen['a']?.length === 1)
  sink.event(message(1))
  expect(seen['a']).toHaveLength(2)
  expect(asked.filter(({ name }) => name === 'group.member.list')).toHaveLength(1)
})

// A client that was told of a plain failure sent everything again, the part that stood included.
test('a send that fails after its first part says what stands and is uncertain', async () => {
  let sends = 0
  const { backend } = fakeBackend('one', [bot], {
    'message.send': () => {
      if (++sends === 1) return { messageId: 101 }
      throw new BridgeError('tooLong', 'the voice is too long')
    },
  })
  const { router } = setUp([backend])
  const send = router.hostFor('a').call(bot, {
    name: 'message.send',
    params: {
      peer: { kind: 'group', groupId },
      segments: [
        { type: 'text', text: 'a' },
        { type: 'voice', url: 'https://v.example/1' },
      ],
    },
  })
  await expect(send).rejects.toMatchObject({
    kind: 'tooLong',
    certain: false,
    message: expect.stringContaining('message 101 stands, but not the voice') as string,
  })
})
