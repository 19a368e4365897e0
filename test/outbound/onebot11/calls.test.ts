// How calls end when the backend does not simply answer.
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import { answerTo, failed, Members, silence } from './fake-onebot.ts'
import { errorOf, setUpForward, until } from './set-up.ts'

const groupId = 30001 as GroupId
const send: Action = {
  name: 'message.send',
  params: { peer: { kind: 'group', groupId }, segments: [{ type: 'text', text: 'a' }] },
}
const read: Action = { name: 'group.get', params: { groupId } }

describe('answers', () => {
  test('the echo is text that nobody can guess, counted up', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', { message_id: 5 })
    await rig.call(send)
    await rig.call(send)
    const echoes = rig.fake.frames.map(({ echo }) => String(echo))
    expect(new Set(echoes).size).toBe(4)
    for (const echo of echoes) expect(echo).toMatch(/^[A-Za-z0-9_-]{12}-\d+$/)
  })

  test('they may overtake each other', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    const both = [rig.call(send), rig.call(send)]
    const frames = await until(() => {
      const sent = rig.fake.frames.filter(({ action }) => action === 'send_group_msg')
      return sent.length === 2 && sent
    })
    const [first, second] = frames
    rig.fake.send(answerTo(second!, { message_id: 102 }))
    rig.fake.send(answerTo(first!, { message_id: 101 }))
    expect(await Promise.all(both)).toEqual([{ messageId: 101 }, { messageId: 102 }])
  })

  test.each([
    ['status ok without retcode', { status: 'ok', data: { message_id: 7 } }],
    ['retcode 0 without status', { retcode: 0, data: { message_id: '7' } }],
    ['async', { status: 'async', retcode: 1, data: { message_id: 7 } }],
  ])('%s is a success', async (_name, members) => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', new Members(members))
    expect(await rig.call(send)).toEqual({ messageId: 7 })
  })

  test.each([
    ['NapCat', failed(1200, '群聊不存在'), 'notFound'],
    ['NapCat muted', failed(1200, '你已被禁言'), 'muted'],
    ['bad parameters', failed(1400, 'x'), 'badParameter'],
    [
      'go-cqhttp',
      new Members({ status: 'failed', retcode: 100, msg: 'GROUP_NOT_FOUND', wording: '群不在' }),
      'notFound',
    ],
    ['Lagrange', new Members({ status: 'failed', retcode: -1, data: null }), 'backend'],
    ['a 404 that is about something else', new Members({ status: 'failed', retcode: 404, msg: 'LOST' }), 'backend'],
  ])('failures of %s', async (_name, answer, kind) => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', answer)
    expect(await errorOf(rig.call(send))).toEqual({ kind, certain: true })
  })

  test.each([
    ['nonsense', new Members({ hello: 1 })],
    ['a code in words', new Members({ status: 'maybe', retcode: 'five' })],
  ])('%s says nothing: a send may have happened, a read has failed', async (_name, answer) => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', answer).on('get_group_info', answer)
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'backend', certain: false })
    expect(await errorOf(rig.call(read))).toEqual({ kind: 'backend', certain: true })
  })

  test('late, double and unasked answers change nothing', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    expect(await errorOf(rig.call(send, { timeoutMs: 20 }))).toEqual({ kind: 'timeout', certain: false })
    const late = rig.fake.frames.at(-1)!
    rig.fake.send(answerTo(late, { message_id: 1 }))
    rig.fake.send({ status: 'ok', retcode: 0, data: null, echo: 'who?' })
    rig.fake.send({ status: 'failed', retcode: 1400, data: null, echo: null })
    rig.fake.on('send_group_msg', (_params: unknown, frame: never, socket: { send(text: string): void }) => {
      socket.send(JSON.stringify(answerTo(frame, { message_id: 2 })))
      return { message_id: 3 }
    })
    expect(await rig.call(send)).toEqual({ messageId: 2 })
    expect(rig.logs.filter((line) => line.includes('after its deadline'))).toHaveLength(1)
    expect(rig.logs.filter((line) => line.includes('nobody waits for'))).toHaveLength(1)
    await until(() => rig.dropped.length === 4)
    expect(rig.dropped).toEqual(['late', 'unasked', 'unasked', 'double'])
  })
})

describe('no answer', () => {
  test('the deadline: a send may have happened, a read has not', async () => {
    const rig = await setUpForward({ options: { callTimeoutMs: 30 } })
    rig.fake.on('send_group_msg', silence).on('get_group_info', silence)
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'timeout', certain: false })
    expect(await errorOf(rig.call(read))).toEqual({ kind: 'timeout', certain: true })
  })

  test('a slow answer in time is an answer', async () => {
    const rig = await setUpForward({ options: { callTimeoutMs: 2000 } })
    rig.fake.on('send_group_msg', silence)
    const sent = rig.call(send)
    const frame = await until(() => rig.fake.frames.find(({ action }) => action === 'send_group_msg'))
    setTimeout(() => rig.fake.send(answerTo(frame, { message_id: 9 })), 60)
    expect(await sent).toEqual({ messageId: 9 })
  })

  test('the link is lost in mid-call: ends at once; while it is down calls fail at once', async () => {
    const rig = await setUpForward({ options: { reconnect: { firstMs: 10_000 } } })
    rig.fake.on('send_group_msg', silence).on('get_group_info', silence)
    const ends = [errorOf(rig.call(send)), errorOf(rig.call(read))]
    await until(() => rig.fake.calls.length === 2)
    const lost = performance.now()
    rig.fake.drop()
    expect(await Promise.all(ends)).toEqual([
      { kind: 'offline', certain: false },
      { kind: 'offline', certain: true },
    ])
    expect(performance.now() - lost).toBeLessThan(1000)
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'offline', certain: true })
    expect(rig.outbound.bots()).toEqual([{ bot: 10001, nickname: '桥', online: false }])
  })

  test('too many in flight', async () => {
    const rig = await setUpForward({ options: { callsInFlight: 3 } })
    rig.fake.on('send_group_msg', silence)
    const waiting = [1, 2, 3].map(() => errorOf(rig.call(send)))
    expect(await errorOf(rig.call(send))).toEqual({ kind: 'busy', certain: true })
    rig.fake.drop()
    await Promise.all(waiting)
  })

  test('a bot that is not here', async () => {
    const rig = await setUpForward()
    expect(await errorOf(rig.outbound.call(5 as UserId, send))).toEqual({ kind: 'noBot', certain: true })
  })

  test('closing ends what waits', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    const end = errorOf(rig.call(send))
    await until(() => rig.fake.calls.length === 1)
    await rig.outbound.close()
    expect(await end).toEqual({ kind: 'offline', certain: false })
  })
})

describe('actions that the backend does not have', () => {
  test('are asked for once, and again after a reconnect', async () => {
    const rig = await setUpForward()
    expect(await errorOf(rig.call(read))).toEqual({ kind: 'notSupported', certain: true })
    expect(await errorOf(rig.call(read))).toEqual({ kind: 'notSupported', certain: true })
    expect(rig.fake.calls).toHaveLength(1)
    expect(rig.outbound.capabilities(10001 as UserId).actions['group.get']?.fidelity).toBe('refused')
    rig.fake.on('get_group_info', { group_id: 30001, group_name: 'g' })
    rig.fake.drop()
    await until(() => rig.outbound.bots()[0]?.online === false)
    await until(() => rig.outbound.bots()[0]?.online)
    expect(await rig.call(read)).toEqual({ groupId, name: 'g' })
  })

  test.each([
    ['go-cqhttp', new Members({ status: 'failed', retcode: 404, msg: 'API_NOT_FOUND', wording: 'API不存在' })],
    ['Lagrange', new Members({ status: 'failed', retcode: 404, data: null })],
    ['NapCat by its text', failed(200, '不支持的Api get_group_info')],
  ])('%s', async (_name, answer) => {
    const rig = await setUpForward()
    rig.fake.on('get_group_info', answer)
    expect((await errorOf(rig.call(read))).kind).toBe('notSupported')
    expect((await errorOf(rig.call(read))).kind).toBe('notSupported')
    expect(rig.fake.calls).toHaveLength(1)
  })
})

describe('garbage', () => {
  test('costs the frame, not the connection', async () => {
    const rig = await setUpForward()
    const frames = [
      'not json',
      '[]',
      'null',
      '5',
      '{"post_type":"message"}',
      '{"post_type":"message","self_id":10001,"message_type":"group","message":[{"type":5},null]}',
      `${'['.repeat(300)}${']'.repeat(300)}`,
      '{"__proto__":{"x":1},"echo":{"a":1}}',
      '{"post_type":"notice","notice_type":"__proto__","self_id":10001}',
      '{"post_type":"meta_event"}',
    ]
    frames.forEach((frame) => rig.fake.send(frame))
    rig.fake.on('send_group_msg', { message_id: 5 })
    expect(await rig.call(send)).toEqual({ messageId: 5 })
    expect(rig.fake.sockets.size).toBe(1)
    expect(rig.logs.filter((line) => line.startsWith('error'))).toEqual([])
    // The same complaint is written once a minute.
    expect(rig.logs.filter((line) => line.includes('a frame was dropped')).length).toBeLessThanOrEqual(1)
  })
})
