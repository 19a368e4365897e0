// What every way to a OneBot implementation must do, whichever transport it is.
import { describe, expect, test } from 'vitest'
import type { GroupId, UserId } from '../../src/core/ids.ts'
import { failed, Members, silence } from '../outbound/onebot11/fake-onebot.ts'
import { bot, errorOf, groupMessage, time, until, type Rig, type SetUp } from '../outbound/onebot11/set-up.ts'

export interface Standing extends Rig {
  /** The implementation reports this. */
  emit(event: unknown): Promise<void>
  /** The implementation is gone, and stays away. */
  vanish(): Promise<void>
  comeBack(): Promise<void>
  /** The token that the implementation was shown, or that the bridge asked for. */
  token(): string | undefined
}

export interface OutboundTransport {
  name: string
  start(setUp?: SetUp): Promise<Standing>
}

const groupId = 30001 as GroupId
const send = {
  name: 'message.send' as const,
  params: { peer: { kind: 'group' as const, groupId }, segments: [{ type: 'text' as const, text: '你好 & [1]' }] },
}
const read = { name: 'group.get' as const, params: { groupId } }
const raw = (name: string, params: Record<string, unknown>) => ({
  name: 'raw' as const,
  params: { dialect: 'onebot11', name, params },
})

const heartbeat = (online: boolean) => ({
  time,
  self_id: 10001,
  post_type: 'meta_event',
  meta_event_type: 'heartbeat',
  status: { online, good: true },
  interval: 30_000,
})

export function outboundContract({ name, start }: OutboundTransport): void {
  describe(`${name}: greeting`, () => {
    test('tells who and what is there', async () => {
      const rig = await start({ appName: 'LLOneBot' })
      await rig.next('bot.online')
      expect(rig.outbound.bots()).toEqual([{ bot, nickname: '桥', online: true }])
      expect(rig.outbound.capabilities(bot)).toMatchObject({ implementation: 'LLOneBot', version: '4.8.1' })
    })

    test('shows or asks for the token', async () => {
      const rig = await start({ options: { accessToken: 's e&cret' } })
      await rig.next('bot.online')
      expect(rig.token()).toBe('Bearer s e&cret')
      expect(rig.logs.join()).not.toContain('s e&cret')
    })
  })

  describe(`${name}: calls`, () => {
    test('reach the implementation as OneBot actions, and answers come back', async () => {
      const rig = await start()
      rig.fake.on('send_group_msg', { message_id: 7 })
      expect(await rig.call(send)).toEqual({ messageId: 7 })
      expect(rig.fake.calls).toEqual([
        {
          action: 'send_group_msg',
          params: { group_id: 30001, message: [{ type: 'text', data: { text: '你好 & [1]' } }] },
        },
      ])
    })

    test('many at once', async () => {
      const rig = await start()
      rig.fake.on('get_group_info', ({ group_id }: Record<string, unknown>) => ({
        group_id,
        group_name: `g${String(group_id)}`,
      }))
      const ids = Array.from({ length: 40 }, (_, at) => (30_000 + at) as GroupId)
      const groups = await Promise.all(ids.map((id) => rig.call({ name: 'group.get', params: { groupId: id } })))
      expect(groups.map(({ name: groupName }) => groupName)).toEqual(ids.map((id) => `g${id}`))
    })

    test.each([
      ['status ok alone', { status: 'ok', data: { message_id: 7 } }],
      ['retcode 0 alone', { retcode: 0, data: { message_id: '7' } }],
      ['async', { status: 'async', retcode: 1, data: { message_id: 7 } }],
    ])('%s is a success', async (_name, members) => {
      const rig = await start()
      rig.fake.on('send_group_msg', new Members(members))
      expect(await rig.call(send)).toEqual({ messageId: 7 })
    })

    test.each([
      ['by its text', failed(1200, '群聊不存在'), 'notFound'],
      ['muted', failed(1200, '你已被禁言'), 'muted'],
      ['bad parameters', failed(1400, 'x'), 'badParameter'],
      ['a word of go-cqhttp', new Members({ status: 'failed', retcode: 100, msg: 'GROUP_NOT_FOUND' }), 'notFound'],
      ['a code alone', new Members({ status: 'failed', retcode: -1, data: null }), 'backend'],
    ])('a failure, %s', async (_name, answer, kind) => {
      const rig = await start()
      rig.fake.on('send_group_msg', answer)
      expect(await errorOf(rig.call(send))).toEqual({ kind, certain: true })
    })

    test('an action that is not there is asked for once', async () => {
      const rig = await start()
      expect((await errorOf(rig.call(read))).kind).toBe('notSupported')
      expect((await errorOf(rig.call(read))).kind).toBe('notSupported')
      expect(rig.fake.calls).toHaveLength(1)
    })

    test('without an answer end at the deadline: a send may have happened, a read has not', async () => {
      const rig = await start({ options: { callTimeoutMs: 60 } })
      rig.fake.on('send_group_msg', silence).on('get_group_info', silence)
      expect(await errorOf(rig.call(send))).toEqual({ kind: 'timeout', certain: false })
      expect(await errorOf(rig.call(read))).toEqual({ kind: 'timeout', certain: true })
    })

    test('beyond the limit are refused', async () => {
      const rig = await start({ options: { callsInFlight: 3 } })
      rig.fake.on('send_group_msg', silence)
      const waiting = [1, 2, 3].map(() => errorOf(rig.call(send)))
      expect(await errorOf(rig.call(send))).toEqual({ kind: 'busy', certain: true })
      // One that finds nobody there is surely not sent.
      await until(() => rig.fake.calls.filter(({ action }) => action === 'send_group_msg').length === 3)
      await rig.vanish()
      expect(await Promise.all(waiting)).toEqual(Array.from(waiting, () => ({ kind: 'offline', certain: false })))
    })

    test('raw ones pass untouched, both ways', async () => {
      const rig = await start()
      const data = { list: [{ a: null, b: [1, '2', { c: false }] }], 'odd key': '12345678901234567890', echo: 'mine' }
      rig.fake.on('_made.up-action', data)
      const params = { z: 1, a: { deep: [[], {}] }, user_id: '0123', message: null }
      expect(await rig.call(raw('_made.up-action', params))).toEqual(data)
      expect(JSON.stringify(rig.fake.calls)).toBe(JSON.stringify([{ action: '_made.up-action', params }]))
    })

    test('by a name that is none are unknown', async () => {
      const rig = await start()
      for (const action of ['../x', 'a/b?c=d', '..', '', 'a b']) {
        expect((await errorOf(rig.call(raw(action, {})))).kind, action).toBe('notSupported')
      }
    })

    test('that wait end when the backend is closed', async () => {
      const rig = await start()
      rig.fake.on('send_group_msg', silence)
      const end = errorOf(rig.call(send))
      await until(() => rig.fake.calls.length === 1)
      await rig.outbound.close()
      expect(await end).toEqual({ kind: 'offline', certain: false })
    })
  })

  describe(`${name}: coming and going`, () => {
    test('lost in mid-call: ends at once, fails at once while it is away, works when it is back', async () => {
      const rig = await start({ options: { graceMs: 10 } })
      await rig.next('bot.online')
      rig.fake.on('send_group_msg', silence)
      const end = errorOf(rig.call(send))
      await until(() => rig.fake.calls.length === 1)
      await rig.vanish()
      expect(await end).toEqual({ kind: 'offline', certain: false })
      expect(await rig.next('bot.offline')).toMatchObject({ how: 'dropped' })
      expect(await errorOf(rig.call(send))).toEqual({ kind: 'offline', certain: true })
      expect(rig.outbound.bots()).toEqual([{ bot, nickname: '桥', online: false }])
      rig.fake.on('send_group_msg', { message_id: 8 })
      await rig.comeBack()
      expect(await rig.next('bot.online')).toMatchObject({ again: true })
      expect(await rig.call(send)).toEqual({ messageId: 8 })
      await rig.emit(groupMessage())
      await rig.next('message')
    })
  })

  describe(`${name}: events`, () => {
    test('come in order, with the bridge’s ids', async () => {
      const rig = await start()
      await rig.next('bot.online')
      for (let id = 501; id <= 530; id++) await rig.emit(groupMessage({ message_id: id, raw_message: String(id) }))
      await until(() => rig.events.filter(({ type }) => type === 'message').length === 30)
      const ids = rig.events.flatMap((event) => (event.type === 'message' ? [event.message.id] : []))
      expect(ids).toEqual(Array.from({ length: 30 }, (_, at) => 501 + at))
    })

    test('nobody knows are passed on as they are', async () => {
      const rig = await start()
      const wire = {
        time,
        self_id: 10001,
        post_type: 'notice',
        notice_type: 'made_up',
        sub_type: 'odd',
        message_id: 'text',
        extra: [null, { a: 1 }],
      }
      await rig.emit(wire)
      const event = await rig.next('raw')
      expect(event).toMatchObject({ dialect: 'onebot11', name: 'notice.made_up.odd' })
      expect(JSON.stringify(event.payload)).toBe(JSON.stringify(wire))
    })

    test('of the account’s own sends say so', async () => {
      const rig = await start()
      rig.fake.on('send_group_msg', { message_id: 900 })
      await rig.call(send)
      await rig.emit(groupMessage({ message_id: 900, user_id: 10001, post_type: 'message_sent' }))
      expect(await rig.next('message')).toMatchObject({ origin: 'self' })
    })

    test('heartbeats tell whether the account is logged in', async () => {
      const rig = await start()
      await rig.next('bot.online')
      await rig.emit(heartbeat(false))
      await rig.next('bot.offline')
      expect(rig.outbound.bots()[0]?.online).toBe(false)
      await rig.emit(heartbeat(true))
      expect(await rig.next('bot.online')).toMatchObject({ again: true })
    })

    test('garbage between them costs nothing else', async () => {
      const rig = await start()
      for (const wire of ['not json', '[]', '{"post_type":"message"}', '{"__proto__":{"x":1}}', '['.repeat(300)]) {
        await rig.emit(wire)
      }
      await rig.emit(groupMessage())
      await rig.next('message')
      rig.fake.on('send_group_msg', { message_id: 5 })
      expect(await rig.call(send)).toEqual({ messageId: 5 })
      expect(rig.logs.filter((line) => line.startsWith('error'))).toEqual([])
    })

    test('of another account are dropped', async () => {
      const rig = await start()
      await rig.emit(groupMessage({ self_id: 10009 }))
      await rig.emit(groupMessage())
      expect(await rig.next('message')).toMatchObject({ bot: 10001 as UserId })
    })
  })
}
