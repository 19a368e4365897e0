// Each known implementation, scripted: recognised at the start, sent to, read from, and refused where it lacks something.
import { describe, expect, test } from 'vitest'
import type { GroupId, MessageId, UserId } from '../../../src/core/ids.ts'
import { failed } from './fake-onebot.ts'
import { bot, errorOf, setUpForward, time, until } from './set-up.ts'

const userId = 20001 as UserId
const groupId = 30001 as GroupId
const peer = { kind: 'group', groupId } as const

interface Implementation {
  /** What its answer to a forward holds. */
  forwardSent: object
  forwardId: string
  /** An entry of a history. */
  entry: object
  seq: number
  /** How it says that it has no such action. */
  unknown: [retcode: number, text: string]
  /** An action that it lacks. */
  lacks: 'user.status' | undefined
}

const sender = { user_id: userId, nickname: 'n', card: '', role: 'member' }
const entry = { time, message_type: 'group', group_id: groupId, user_id: userId, sender, raw_message: 'old' }
const parts = [{ type: 'text', data: { text: 'old' } }]

const implementations: Record<string, Implementation> = {
  'NapCat.Onebot': {
    forwardSent: { message_id: 91, res_id: 'R1' },
    forwardId: 'R1',
    entry: { ...entry, message_id: 601, message_seq: 601, real_id: 601, real_seq: '77', message: parts },
    seq: 77,
    unknown: [1404, '不支持的Api get_csrf_token'],
    lacks: undefined,
  },
  LLOneBot: {
    forwardSent: { message_id: 91, forward_id: 'R1' },
    forwardId: 'R1',
    entry: { ...entry, message_id: 601, message_seq: 77, real_id: 601, message: parts },
    seq: 77,
    unknown: [1404, '不支持的api get_csrf_token'],
    lacks: 'user.status',
  },
  'Lagrange.OneBot': {
    forwardSent: { message_id: 91, forward_id: 'R1' },
    forwardId: 'R1',
    entry: { ...entry, message_id: 601, message_seq: 77, message: parts },
    seq: 77,
    unknown: [404, ''],
    lacks: 'user.status',
  },
  'go-cqhttp': {
    forwardSent: { message_id: 91, forward_id: 'R1' },
    forwardId: 'R1',
    entry: { ...entry, message_id: 601, message_seq: 77, message: 'old' },
    seq: 77,
    unknown: [1404, 'API_NOT_FOUND'],
    lacks: 'user.status',
  },
}

describe.each(Object.entries(implementations))('%s', (appName, implementation) => {
  test('is recognised by what it says of itself', async () => {
    const { outbound } = await setUpForward({ appName })
    expect(outbound.capabilities(bot)).toMatchObject({ implementation: appName, version: '4.8.1' })
  })

  test('sends a message and a forward', async () => {
    const { call, fake, services } = await setUpForward({ appName })
    fake.on('send_group_msg', { message_id: 90 }).on('send_group_forward_msg', implementation.forwardSent)
    const segments = [{ type: 'text' as const, text: 'a' }]
    const sent = await call({ name: 'message.send', params: { peer, segments } })
    expect(services.messages.native(bot, sent.messageId)?.native).toBe('90')
    expect(fake.calls.at(-1)).toMatchObject({
      action: 'send_group_msg',
      params: { group_id: groupId, message: [{ type: 'text', data: { text: 'a' } }] },
    })
    const nodes = [{ senderId: userId, senderName: 'n', segments }]
    const forward = await call({ name: 'message.send', params: { peer, segments: [{ type: 'forward', nodes }] } })
    expect(forward.forwardId).toBe(implementation.forwardId)
    const node = { user_id: '20001', nickname: 'n', uin: '20001', name: 'n', content: [{ type: 'text' }] }
    expect(fake.calls.at(-1)).toMatchObject({
      action: 'send_group_forward_msg',
      params: { group_id: groupId, messages: [{ type: 'node', data: node }] },
    })
  })

  test('reads a history', async () => {
    const { call, fake } = await setUpForward({ appName })
    fake.on('get_group_msg_history', { messages: [implementation.entry] })
    const { messages } = await call({ name: 'message.history', params: { peer, count: 1 } })
    expect(messages).toMatchObject([{ seq: implementation.seq, segments: [{ type: 'text', text: 'old' }] }])
  })

  test('is always told how long a ban is and which way an admin goes', async () => {
    const { call, fake } = await setUpForward({ appName })
    fake.on('set_group_ban', null).on('set_group_admin', null).on('set_group_whole_ban', null)
    await call({ name: 'group.member.mute', params: { groupId, userId, durationSeconds: 0 } })
    await call({ name: 'group.member.admin', params: { groupId, userId, on: false } })
    await call({ name: 'group.muteAll', params: { groupId, on: false } })
    expect(fake.calls.slice(-3).map(({ params }) => params)).toEqual([
      { group_id: groupId, user_id: userId, duration: 0 },
      { group_id: groupId, user_id: userId, enable: false },
      { group_id: groupId, enable: false },
    ])
  })

  test('what it does not know is remembered, what it lacks is told', async () => {
    const { call, fake, outbound } = await setUpForward({ appName })
    fake
      .on('set_group_sign', failed(...implementation.unknown))
      .on('send_group_sign', failed(...implementation.unknown))
    const answer = () => errorOf(call({ name: 'group.sign', params: { groupId } }))
    expect((await answer()).kind).toBe('notSupported')
    const asked = fake.calls.length
    expect((await answer()).kind).toBe('notSupported')
    expect(fake.calls).toHaveLength(asked)
    const { lacks } = implementation
    if (!lacks) return
    // Asked for once on each connection: the implementation may have grown.
    const tried = () => fake.calls.filter(({ action }) => action === 'nc_get_user_status').length
    expect(outbound.capabilities(bot).actions[lacks]?.fidelity).toBe('refused')
    for (const _again of [1, 2]) {
      expect((await errorOf(call({ name: lacks, params: { userId } }))).kind).toBe('notSupported')
    }
    expect(tried()).toBe(1)
    fake.drop()
    await until(() => outbound.bots()[0]?.online === false)
    await until(() => outbound.bots()[0]?.online)
    fake.on('nc_get_user_status', { status: 10, ext_status: 1 })
    expect(await call({ name: lacks, params: { userId } })).toEqual({ status: 10, extStatus: 1 })
    expect(tried()).toBe(2)
  })

  test('an id that nobody knows is not found', async () => {
    const { call } = await setUpForward({ appName })
    const messageId = 4 as MessageId
    expect((await errorOf(call({ name: 'message.recall', params: { messageId } }))).kind).toBe('notFound')
  })
})
