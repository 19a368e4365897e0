// What every way to a mah server must do, whichever transport it is.
import { afterEach, describe, expect, test } from 'vitest'
import type * as v from 'valibot'
import type { MiraiOutboundOptions } from '../../src/outbound/mirai/options.ts'
import { FakeMah, silence } from '../outbound/mirai/fake-mah.ts'
import {
  bot,
  failure,
  groupMessage,
  key,
  lab,
  until,
  wireFriend,
  wireMember,
  type Connected,
} from '../outbound/mirai/setup.ts'

export interface Standing {
  fake: FakeMah
  mah: Connected
  /** The server reports this; text goes as it is. */
  emit(event: unknown): Promise<void>
  /** The server is gone, and stays away. */
  vanish(): Promise<void>
  comeBack(): Promise<void>
  close(): Promise<void>
}

export type Given = Partial<v.InferInput<typeof MiraiOutboundOptions>>

export interface MiraiTransport {
  name: string
  /** Does not wait until the account is online. */
  start(fake: FakeMah, given: Given): Promise<Omit<Standing, 'fake'>>
}

const peer = { kind: 'group', groupId: lab } as const
const send = (mah: Connected, timeoutMs = 3000) =>
  mah.call('message.send', { peer, segments: [{ type: 'text', text: '你好 & [1]' }] }, { timeoutMs })
const sent = (messageId: number) => ({ code: 0, msg: 'success', messageId })

export function miraiOutboundContract({ name, start }: MiraiTransport): void {
  describe(`over ${name}`, () => {
    let standing: Standing | undefined
    afterEach(async () => {
      await standing?.close()
      await standing?.fake.close()
      standing = undefined
    })

    async function begin(given: Given = {}, script: (fake: FakeMah) => unknown = () => {}): Promise<Standing> {
      const fake = new FakeMah()
      script(fake)
      standing = { fake, ...(await start(fake, given)) }
      return standing
    }

    async function stand(given: Given = {}): Promise<Standing> {
      const rig = await begin(given)
      await until(rig.mah.isOnline, 'the account')
      return rig
    }

    test('greeting: tells who and what is there', async () => {
      const { mah } = await stand()
      expect(mah.outbound.bots()).toEqual([{ bot, nickname: 'Botty', online: true }])
      expect(mah.outbound.capabilities(bot)).toMatchObject({ implementation: 'mirai-api-http', version: '2.10.0' })
      expect(mah.logs.join('\n')).not.toContain(key)
    })

    test('greeting: a wrong key is told once, tried again, and nothing else happens', async () => {
      const { mah, fake } = await begin({ verifyKey: 'another key' })
      await until(() => fake.handshakes >= 3, 'three attempts')
      expect(mah.isOnline()).toBe(false)
      expect(await failure(send(mah))).toMatchObject({ kind: 'offline', certain: true })
      expect(mah.logs.filter((line) => line.startsWith('error'))).toEqual([
        `error bot ${bot}: the server refused with code 1 Auth Key错误: check verifyKey`,
      ])
      expect(mah.logs.join('\n')).not.toContain('another key')
      expect(fake.calls).toEqual([])
    })

    test('calls reach the server as commands, and answers come back', async () => {
      const { mah, fake } = await stand()
      fake.on('sendGroupMessage', sent(7)).on('friendList', { code: 0, msg: '', data: [wireFriend] })
      const { messageId } = await send(mah)
      expect(mah.state.messages.native(bot, messageId)).toEqual({ native: '7', peer })
      expect(await mah.call('friend.list', {})).toEqual([{ userId: wireFriend.id, nickname: 'Nico', remark: 'Nic' }])
      const messageChain = [{ type: 'Plain', text: '你好 & [1]' }]
      expect(fake.calls).toMatchObject([
        { command: 'sendGroupMessage', content: { target: lab, messageChain } },
        { command: 'friendList', content: {} },
      ])
    })

    test('halves of a command, naked answers, parameters of a GET', async () => {
      const { mah, fake } = await stand()
      fake.on('memberInfo.get', wireMember).on('memberInfo.update', { code: 0, msg: 'success' })
      const params = { groupId: lab, userId: 40004 as typeof bot }
      expect(await mah.call('group.member.get', params)).toMatchObject({ userId: 40004, card: 'Mio', title: 'ace' })
      await mah.call('group.member.card', { ...params, card: 'M' })
      expect(fake.calls.map(({ command, content }) => [command, Number(content['target']), content['info']])).toEqual([
        ['memberInfo', lab, undefined],
        ['memberInfo', lab, { name: 'M' }],
      ])
    })

    test('many at once', async () => {
      const { mah, fake } = await stand()
      let id = 0
      fake.on('sendGroupMessage', () => sent(++id))
      const answers = await Promise.all(Array.from({ length: 40 }, () => send(mah)))
      expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(40)
    })

    test.each([
      [5, '指定对象不存在', 'notFound'],
      [6, '指定操作不支持', 'notSupported'],
      [10, '无操作权限', 'noPermission'],
      [20, 'Bot被禁言', 'muted'],
      [30, '消息过长', 'tooLong'],
      [400, '无效参数', 'badParameter'],
      [500, '', 'backend'],
    ])('code %i is a refusal', async (code, msg, kind) => {
      const { mah, fake } = await stand()
      fake.on('sendGroupMessage', { code, msg })
      expect(await failure(send(mah))).toMatchObject({ kind, certain: true })
    })

    test('silence: the deadline; a send may have happened, a read has not', async () => {
      const { mah, fake } = await stand()
      fake.on('sendGroupMessage', silence).on('friendList', silence)
      expect(await failure(send(mah, 60))).toMatchObject({ kind: 'timeout', certain: false })
      expect(await failure(mah.call('friend.list', {}, { timeoutMs: 60 }))).toMatchObject({
        kind: 'timeout',
        certain: true,
      })
    })

    test('beyond the limit calls are refused', async () => {
      const { mah, fake } = await stand({ callsInFlight: 3 })
      fake.on('sendGroupMessage', silence)
      const waiting = [1, 2, 3].map(() => failure(send(mah, 500)))
      expect(await failure(send(mah))).toMatchObject({ kind: 'busy', certain: true })
      expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(['timeout', 'timeout', 'timeout'])
    })

    test('closing ends what waits', async () => {
      const { mah, fake } = await stand()
      fake.on('sendGroupMessage', silence)
      const end = failure(send(mah))
      await until(() => fake.calls.length === 1)
      await mah.outbound.close()
      expect(await end).toMatchObject({ kind: 'offline', certain: false })
      expect(await failure(send(mah))).toMatchObject({ kind: 'offline', certain: true })
    })

    test('lost in mid-call: ends, fails at once while the server is away, works when it is back', async () => {
      const { mah, fake, vanish, comeBack, emit } = await stand()
      fake.on('sendGroupMessage', silence)
      const end = failure(send(mah))
      await until(() => fake.calls.length === 1)
      await vanish()
      expect(await end).toMatchObject({ kind: 'offline', certain: false })
      await until(() => !mah.isOnline())
      expect(await failure(send(mah))).toMatchObject({ kind: 'offline', certain: true })
      fake.on('sendGroupMessage', sent(8))
      await comeBack()
      await until(mah.isOnline, 'the account again')
      await send(mah)
      await emit(groupMessage(5, [{ type: 'Plain', text: 'x' }]))
      await until(() => mah.events.some(({ type }) => type === 'message'))
      expect(fake.calls).toHaveLength(2)
    })

    test('events come in order and once', async () => {
      const { mah, emit } = await stand()
      for (let id = 1; id <= 30; id++) await emit(groupMessage(id, [{ type: 'Plain', text: String(id) }]))
      await until(() => mah.events.length >= 30)
      const texts = mah.events.map((event) => (event.type === 'message' ? event.message.segments : event))
      expect(texts).toEqual(Array.from({ length: 30 }, (_, at) => [{ type: 'text', text: String(at + 1) }]))
    })

    test('an event that nobody knows passes as it is', async () => {
      const { mah, emit } = await stand()
      const wire = { type: 'MadeUpEvent', extra: [null, { a: 1 }] }
      await emit(wire)
      await until(() => mah.events.length === 1)
      expect(mah.events[0]).toMatchObject({ type: 'raw', dialect: 'mirai', name: 'MadeUpEvent', payload: wire })
    })

    test('the login of the account comes and goes', async () => {
      const { mah, emit } = await stand()
      await emit({ type: 'BotOfflineEventDropped', qq: bot })
      await until(() => !mah.isOnline())
      await emit({ type: 'BotReloginEvent', qq: bot })
      await until(mah.isOnline)
      expect(mah.events.map(({ type }) => type)).toEqual(['bot.offline', 'bot.online'])
    })

    test('garbage costs nothing else', async () => {
      const { mah, fake, emit } = await stand()
      for (const wire of [{ type: 5 }, [], {}, { type: 'GroupMessage' }]) await emit(wire)
      await emit(groupMessage(6, [{ type: 'Plain', text: 'x' }]))
      await until(() => mah.events.some(({ type }) => type === 'message'))
      fake.on('sendGroupMessage', sent(9))
      await send(mah)
      expect(mah.logs.filter((line) => line.startsWith('error'))).toEqual([])
    })
  })
}
