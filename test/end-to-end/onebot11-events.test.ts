// Every event of the facts with every field, from an implementation through the bridge to a OneBot client: what the client
// gets holds all of it.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { accessToken, startBridge, until, type RunningBridge } from '../support/bridge.ts'

interface Fact {
  key: string
  post_type: string
  message_type?: string
  notice_type?: string
  request_type?: string
  sub_type?: string
  fields: { name: string; type: string }[]
  quickOperations?: { name: string }[]
}

const { events } = JSON.parse(readFileSync(new URL('../facts/onebot11-events.json', import.meta.url), 'utf8')) as {
  events: Fact[]
}

const channel = { owner_guild_id: '1', channel_id: '2', channel_type: 1, channel_name: 'c', create_time: 5 }

/** A value for each field, by its name, or by name and type where one name has several. */
const samples: Record<string, unknown> = {
  message: [{ type: 'text', data: { text: 'hi' } }],
  'message: string': 'kicked off line',
  raw_message: 'hi',
  message_format: 'array',
  font: 14,
  sender: { user_id: 20001, nickname: 'n', card: 'c', role: 'member', sex: 'male', age: 3, level: '5', title: 't' },
  'sender: {user_id:number, tiny_id:string, nickname:string}': { user_id: 20001, tiny_id: '7', nickname: 'n' },
  raw: { msgId: '7' },
  message_style: { bubble_id: 1 },
  temp_source: 0,
  group_name: 'g',
  anonymous: null,
  'anonymous: {id:number, name:string, flag:string}': { id: 80000000, name: 'a', flag: 'f' },
  message_sent_type: 'self',
  user_id: 20001,
  group_id: 30001,
  target_id: 10001,
  operator_id: 20002,
  sender_id: 20001,
  file: { id: '/f', name: 'a.txt', size: 3, busid: 102, url: 'https://a.example/f' },
  'file: {name:string, size:number, url:string, id?:string, hash?:string}': {
    ...{ name: 'a.txt', size: 3, url: 'https://a.example/f', id: 'f', hash: 'h' },
  },
  raw_info: [{ txt: '戳了戳' }],
  honor_type: 'talkative',
  likes: [{ emoji_id: '66', count: 2 }],
  client: { app_id: 1, device_name: 'd', device_kind: 'k' },
  files: [{ name: 'a', size: 1, path: '/a' }],
  current_reactions: [{ emoji_id: '1', emoji_index: 0, emoji_type: 1, emoji_name: 'n', count: 1, clicked: true }],
  old_info: channel,
  new_info: channel,
  channel_info: channel,
  event_type: 1,
  code: '66',
}

let ids = 0

/** As an implementation sends it. */
function wireOf(fact: Fact): Frame {
  const { post_type, message_type, notice_type, request_type, sub_type } = fact
  const id = ++ids + 500
  const given: Frame = { time: 1_700_000_000, self_id: 10001, post_type }
  for (const { name, type } of fact.fields) {
    if (name.includes('.')) continue
    const isId = ['message_id', 'real_id', 'message_seq', 'real_seq'].includes(name)
    const plain = type.startsWith('number') ? 7 : type.startsWith('boolean') ? true : `${name} of it`
    const sample = samples[`${name}: ${type}`] ?? samples[name]
    given[name] = isId ? (type.startsWith('string') ? String(id) : id) : sample === undefined ? plain : sample
  }
  const kind = { message_type, notice_type, request_type, sub_type: sub_type?.split('|')[0] }
  return present({ ...given, ...present(kind), ...inTruth[fact.key] })
}

const any = (type: typeof String | typeof Number): unknown => expect.any(type)

/** What an implementation says there in truth. */
const inTruth: Record<string, Frame> = {
  'message.private.friend': { temp_source: undefined, sender: { user_id: 20001, nickname: 'n', sex: 'male', age: 3 } },
  'message.private.group': { sender: { user_id: 20001, nickname: 'n', group_id: 30001 } },
  'message.private.other': { sender: { user_id: 20001, nickname: 'n' } },
  'message_sent.private': { user_id: 10001, target_id: 20001, sender: { user_id: 10001, nickname: 'n' } },
  'message_sent.group': { user_id: 10001, sender: { user_id: 10001, nickname: 'n', role: 'member' } },
  'notice.group_decrease.leave': { operator_id: 20001 },
  'notice.group_decrease.kick_me': { user_id: 10001 },
  'notice.group_ban.lift_ban': { duration: 0 },
  'notice.notify.input_status': { group_id: 0 },
  'notice.bot_offline': { user_id: 10001 },
}

/** What a client gets in another way: in NapCat's words where implementations have their own, with flags of the bridge. */
const otherwise: Record<string, Frame> = {
  'notice.group_dismiss': {
    ...{ notice_type: 'group_decrease', sub_type: 'disband', user_id: 10001, operator_id: 20001 },
  },
  'notice.group_name_change': {
    notice_type: 'notify',
    sub_type: 'group_name',
    name: undefined,
    name_new: 'name of it',
  },
  'notice.reaction': {
    ...{ notice_type: 'group_msg_emoji_like', sub_type: undefined, operator_id: undefined, user_id: 20002 },
    ...{ code: undefined, count: undefined, likes: [{ emoji_id: '66', count: 7 }], is_add: true },
  },
  'request.friend': { flag: any(String) },
  'request.group.add': { flag: any(String) },
  'request.group.invite': { flag: any(String) },
}

const present = (frame: Frame): Frame =>
  Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined))

const fake = new FakeOneBot().on('get_group_list', [{ group_id: 30001, group_name: 'g' }]).on('get_friend_list', [])
let bridge: RunningBridge
let client: ReturnType<typeof connect>
beforeAll(async () => {
  await fake.listen()
  bridge = await startBridge({ backends: { back: { dialect: 'onebot11', ws: fake.url } } })
  await until(() => bridge.bots()[0]?.online, 'the bot')
  client = connect(`ws://127.0.0.1:${bridge.onebotPort}/?access_token=${accessToken}`)
  // The greeting.
  await client.next()
})
afterAll(async () => {
  client.close()
  await bridge.stop()
  await fake.close()
})

const told = events.filter(({ post_type: type }) => type !== 'meta_event')

describe('with every field', () => {
  test.each(told.map((fact) => [fact.key, fact] as const))('%s', async (key, fact) => {
    const wire = wireOf(fact)
    fake.send(wire)
    const { sender, ...event } = await client.next()
    const { sender: said, ...wanted } = present({ ...wire, ...otherwise[key] })
    expect(event).toEqual(expect.objectContaining(wanted))
    if (said) expect(sender).toMatchObject(said)
  })
})
