// Every shape that is no id, in every place for an id, over every transport; and what is missing, or there but nowhere.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { miraiRefusal, onebotRefusal, stage, watch, type Client, type Stage, type Watch } from './support.ts'

let on: Stage
let guard: Watch
let api: Client
let all: Client
let before: string
const world = (): string => JSON.stringify(on.bridge.world().export())
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
  api = await on.api()
  all = await on.all()
  before = world()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

/** JSON texts of what is no positive integer, whatever a client may have meant. */
const forms = [
  '[5]',
  '{}',
  '{"id":5}',
  'true',
  '1.5',
  '1e21',
  '-5',
  '9007199254740993',
  '12345678901234567890',
  '"1e4"',
  '"0x10"',
  '"1.5"',
  '"-5"',
  '"+5"',
  '" 5"',
  '"5 "',
  '"５"',
  '"٣"',
  '"000000000000000000005"',
  '"9007199254740993"',
  '"__proto__"',
  '"NaN"',
  '"5\\u0000"',
]
/** Counts as not given. */
const blanks = ['null', '""']

const group = 30001
const person = 20001

interface Place {
  action: string
  /** The parameter that is wrong, and the others, which are right. */
  name: string
  others?: Record<string, unknown>
}

const accounts: Place[] = [
  { action: 'send_group_msg', name: 'group_id', others: { message: 'x' } },
  { action: 'send_private_msg', name: 'user_id', others: { message: 'x' } },
  { action: 'send_msg', name: 'group_id', others: { message_type: 'group', message: 'x' } },
  { action: 'send_msg', name: 'user_id', others: { message_type: 'private', message: 'x' } },
  { action: 'get_group_info', name: 'group_id' },
  { action: 'get_group_member_list', name: 'group_id' },
  { action: 'get_group_member_info', name: 'group_id', others: { user_id: person } },
  { action: 'get_group_member_info', name: 'user_id', others: { group_id: group } },
  { action: 'set_group_kick', name: 'user_id', others: { group_id: group } },
  { action: 'set_group_ban', name: 'group_id', others: { user_id: person } },
  { action: 'set_group_ban', name: 'user_id', others: { group_id: group } },
  { action: 'set_group_card', name: 'user_id', others: { group_id: group, card: 'x' } },
  { action: 'set_group_whole_ban', name: 'group_id' },
  { action: 'set_group_leave', name: 'group_id' },
  { action: 'set_group_name', name: 'group_id', others: { group_name: 'x' } },
  { action: 'set_group_admin', name: 'user_id', others: { group_id: group } },
  { action: 'get_stranger_info', name: 'user_id' },
  { action: 'group_poke', name: 'user_id', others: { group_id: group } },
]

function toParams(others: Record<string, unknown> | undefined, name: string, form: string): string {
  return JSON.stringify({ ...others, '@': 0 }).replace('"@":0', `${JSON.stringify(name)}:${form}`)
}

async function overSocket(action: string, params: string): Promise<string> {
  api.send(`{"action":${JSON.stringify(action)},"params":${params},"echo":"e"}`)
  return api.next()
}

/** As a query can say it. */
function toQuery(params: string): string {
  const pairs = Object.entries(JSON.parse(params) as object).map(([name, value]) => [name, String(value)])
  return new URLSearchParams(pairs as [string, string][]).toString()
}

const isText = (form: string): boolean => form.startsWith('"')

describe.each(accounts)('OneBot $action $name', ({ action, name, others }) => {
  const wrong = `${name} must be a positive integer of at most 20 digits`

  test.each(forms)('%s', async (form) => {
    const params = toParams(others, name, form)
    expect(await overSocket(action, params)).toBe(onebotRefusal(1400, wrong, '"e"'))
    const posted = await on.onebot.post(`/${action}`, params)
    expect([posted.status, posted.text]).toEqual([200, onebotRefusal(400, wrong)])
    if (!isText(form)) return
    const got = await on.onebot.get(`/${action}?${toQuery(params)}`)
    expect([got.status, got.text]).toEqual([200, onebotRefusal(400, wrong)])
  })

  test.each([...blanks, undefined])('%s', async (form) => {
    const params = form === undefined ? JSON.stringify(others ?? {}) : toParams(others, name, form)
    const missing = `missing parameter: ${name}`
    expect(await overSocket(action, params)).toBe(onebotRefusal(1400, missing, '"e"'))
    expect((await on.onebot.post(`/${action}`, params)).text).toBe(onebotRefusal(400, missing))
  })
})

describe.each(['get_msg', 'delete_msg', 'set_essence_msg'])('OneBot %s message_id', (action) => {
  test.each([...forms.filter((form) => !/^"?-5"?$/.test(form)), '0', '2147483648'])('%s', async (form) => {
    const answer = await overSocket(action, toParams({}, 'message_id', form))
    expect(answer).toBe(onebotRefusal(1400, 'message_id must be a non-zero 32-bit message id', '"e"'))
  })

  test.each(['-5', '"-5"', '2147483647'])('%s could be one, but is not there', async (form) => {
    const answer = await overSocket(action, toParams({}, 'message_id', form))
    expect(JSON.parse(answer)).toMatchObject({ status: 'failed', retcode: 1200, data: null, echo: 'e' })
  })
})

test.each([
  ['set_friend_add_request', {}, 1400],
  ['set_friend_add_request', { flag: '' }, 1400],
  ['set_friend_add_request', { flag: 'nope' }, 1200],
  ['set_friend_add_request', { flag: '99999' }, 1200],
  ['set_group_add_request', { flag: '__proto__', sub_type: 'add' }, 1200],
  ['set_group_add_request', { flag: [1] }, 1400],
  ['send_msg', {}, 1400],
  ['send_msg', { message: 'x' }, 1400],
  ['send_group_msg', { group_id: group }, 1400],
  ['send_group_msg', { group_id: group, message: null }, 1400],
  ['send_group_msg', { group_id: group, message: '' }, 1400],
  ['send_group_msg', { group_id: group, message: [] }, 1400],
  ['send_group_msg', { group_id: group, message: [5] }, 1400],
  ['send_group_msg', { group_id: group, message: [{}] }, 1400],
  ['send_group_msg', { group_id: group, message: [{ type: 'at', data: { qq: 'x' } }] }, 1400],
  ['send_group_msg', { group_id: group, message: [{ type: 'image', data: {} }] }, 1400],
  ['send_group_msg', { group_id: group, message: [{ type: 'reply', data: { id: 'x' } }] }, 1400],
  ['send_group_msg', { group_id: group, message: [{ type: 'reply', data: { id: 12345 } }, 'x'] }, 1400],
  ['send_group_msg', { group_id: group, message: '[CQ:reply,id=12345]x' }, 1200],
  ['send_group_msg', { group_id: group, message: 'x'.repeat(65_537) }, 1200],
  [
    'send_group_msg',
    { group_id: group, message: Array.from({ length: 2001 }, () => ({ type: 'face', data: { id: '1' } })) },
    1200,
  ],
  ['send_group_msg', { group_id: 99, message: 'x' }, 1200],
  ['send_private_msg', { user_id: 99, message: 'x' }, 1200],
  ['get_group_info', { group_id: 99 }, 1200],
  ['get_group_member_list', { group_id: 99 }, 1200],
  ['get_group_member_info', { group_id: group, user_id: 99 }, 1200],
  ['get_stranger_info', { user_id: 99 }, 1200],
  ['set_group_kick', { group_id: group, user_id: 99 }, 1200],
  ['set_group_ban', { group_id: group, user_id: person, duration: 'x' }, 1400],
  ['set_group_ban', { group_id: group, user_id: person, duration: 1.5 }, 1400],
  ['set_group_whole_ban', { group_id: group, enable: 'maybe' }, 1400],
  ['get_status', { self_id: 99 }, 1200],
  ['get_status', { self_id: '__proto__' }, 1200],
  ['.handle_quick_operation', { context: 5, operation: {} }, 1400],
  ['.handle_quick_operation', { context: { post_type: 'x' }, operation: {} }, 1400],
  ['get_group_msg_history', { group_id: group, count: -1 }, 1400],
  ['get_forward_msg', { id: 'nope' }, 1200],
])('OneBot %s %j -> %i', async (action, params, retcode) => {
  const answer = JSON.parse(await overSocket(action, JSON.stringify(params))) as { message: string; wording: string }
  expect(Object.keys(answer)).toEqual(['status', 'retcode', 'data', 'message', 'wording', 'echo'])
  expect(answer).toMatchObject({ status: 'failed', retcode, data: null, echo: 'e' })
  expect(answer.message).toBe(answer.wording)
  expect(answer.message.length).toBeGreaterThan(5)
  expect(answer.message).not.toContain('internal')
})

interface Command {
  command: string
  sub?: string
  name: string
  others?: Record<string, unknown>
  get?: string
}

const chain = { messageChain: [{ type: 'Plain', text: 'x' }] }
const commands: Command[] = [
  { command: 'sendGroupMessage', name: 'target', others: chain },
  { command: 'sendGroupMessage', name: 'group', others: chain },
  { command: 'sendFriendMessage', name: 'target', others: chain },
  { command: 'sendFriendMessage', name: 'qq', others: chain },
  { command: 'sendTempMessage', name: 'qq', others: { group, ...chain } },
  { command: 'sendTempMessage', name: 'group', others: { qq: person, ...chain } },
  { command: 'sendNudge', name: 'target', others: { subject: group, kind: 'Group' } },
  { command: 'sendNudge', name: 'subject', others: { target: person, kind: 'Group' } },
  { command: 'memberList', name: 'target', get: '/memberList' },
  { command: 'friendProfile', name: 'target', get: '/friendProfile' },
  { command: 'userProfile', name: 'target', get: '/userProfile' },
  { command: 'memberProfile', name: 'memberId', others: { target: group }, get: '/memberProfile' },
  { command: 'mute', name: 'target', others: { memberId: person, time: 60 } },
  { command: 'mute', name: 'memberId', others: { target: group, time: 60 } },
  { command: 'unmute', name: 'memberId', others: { target: group } },
  { command: 'kick', name: 'memberId', others: { target: group } },
  { command: 'muteAll', name: 'target' },
  { command: 'quit', name: 'target' },
  { command: 'deleteFriend', name: 'target' },
  { command: 'memberInfo', sub: 'get', name: 'memberId', others: { target: group }, get: '/memberInfo' },
  { command: 'memberInfo', sub: 'update', name: 'memberId', others: { target: group, info: { name: 'x' } } },
  { command: 'groupConfig', sub: 'update', name: 'target', others: { config: { name: 'x' } } },
  { command: 'resp_newFriendRequestEvent', name: 'eventId', others: { operate: 0 } },
]

async function overMah(command: string, sub: string | undefined, content: string): Promise<string> {
  all.send(`{"syncId":"s","command":"${command}","subCommand":${JSON.stringify(sub ?? null)},"content":${content}}`)
  return all.find((text) => text.startsWith('{"syncId":"s"'))
}

function toPath(command: string): string {
  return `/${command.replace('_', '/')}`
}

describe.each(commands)('mah $command $sub $name', ({ command, sub, name, others, get }) => {
  const wrong = `${name} must be a positive integer of at most 20 digits`

  test.each(forms)('%s', async (form) => {
    const content = toParams(others, name, form)
    expect(await overMah(command, sub, content)).toBe(miraiRefusal(400, wrong, '"s"'))
    if (get === undefined) {
      const answer = await on.mirai.post(toPath(command), content)
      expect([answer.status, answer.text]).toEqual([200, miraiRefusal(400, wrong)])
    } else if (isText(form)) {
      const answer = await on.mirai.get(`${get}?${toQuery(content)}`)
      expect([answer.status, answer.text]).toEqual([200, miraiRefusal(500, wrong)])
    }
  })
})

test.each<[string, Record<string, unknown>, number, string | RegExp]>([
  ['sendGroupMessage', {}, 400, '参数错误，缺少字段: messageChain'],
  ['sendGroupMessage', { target: null, ...chain }, 5, '指定对象不存在'],
  ['sendGroupMessage', { target: group, messageChain: {} }, 400, 'messageChain must be a list of elements'],
  ['sendGroupMessage', { target: group, messageChain: [5] }, 400, /./],
  ['sendGroupMessage', { target: group, messageChain: [{}] }, 400, /./],
  ['sendGroupMessage', { target: group, messageChain: [{ type: '__proto__' }] }, 400, /./],
  ['sendGroupMessage', { target: group, messageChain: [{ type: 'Nope' }] }, 400, /./],
  ['sendGroupMessage', { target: group, messageChain: [{ type: 'Image', imageId: 'x' }] }, 400, /imageId/],
  ['sendGroupMessage', { target: group, messageChain: [{ type: 'Image', base64: '§' }] }, 400, 'base64 is malformed'],
  ['sendGroupMessage', { target: group, messageChain: [] }, 500, 'message is empty'],
  ['sendGroupMessage', { target: group, quote: 12345, ...chain }, 5, '指定对象不存在'],
  ['sendGroupMessage', { target: group, quote: '1e4', ...chain }, 400, 'quote must be an integer'],
  ['sendGroupMessage', { target: 99, ...chain }, 5, '指定对象不存在'],
  ['sendGroupMessage', { target: group, messageChain: [{ type: 'Plain', text: 'x'.repeat(65_537) }] }, 30, '消息过长'],
  [
    'sendGroupMessage',
    { target: group, messageChain: Array.from({ length: 2001 }, () => ({ type: 'AtAll' })) },
    30,
    '消息过长',
  ],
  ['sendFriendMessage', { target: 99, ...chain }, 5, '指定对象不存在'],
  ['sendTempMessage', { qq: 99, group, ...chain }, 5, '指定对象不存在'],
  ['recall', {}, 400, '参数错误，缺少字段: messageId'],
  ['recall', { messageId: 0 }, 400, 'messageId must be a non-zero 32-bit message id'],
  ['recall', { messageId: 4242 }, 5, '指定对象不存在'],
  ['sendNudge', { target: person }, 400, '参数错误，缺少字段: subject, kind'],
  ['sendNudge', { target: person, subject: group, kind: '__proto__' }, 400, 'kind must be Friend, Group or Stranger'],
  ['mute', { target: group, memberId: 99, time: 60 }, 5, '指定对象不存在'],
  ['mute', { target: group, time: 60 }, 5, '指定对象不存在'],
  ['mute', { target: group, memberId: person, time: 'x' }, 400, 'time must be an integer'],
  ['kick', { target: group, memberId: 99 }, 5, '指定对象不存在'],
  ['muteAll', { target: 99 }, 5, '指定对象不存在'],
  ['quit', {}, 400, '参数错误，缺少字段: target'],
  ['resp_newFriendRequestEvent', { eventId: 99, operate: 0 }, 5, '指定对象不存在'],
  ['resp_newFriendRequestEvent', { eventId: 99 }, 400, '参数错误，缺少字段: operate'],
  ['sendImageMessage', { target: group, urls: [] }, 400, 'urls must name at least one address'],
])('mah %s %j -> %i', async (command, content, code, msg) => {
  const posted = await on.mirai.post(toPath(command), JSON.stringify(content))
  const answer = JSON.parse(posted.text) as { code: number; msg: string }
  expect([posted.status, Object.keys(answer), answer.code]).toEqual([200, ['code', 'msg'], code])
  if (typeof msg === 'string') expect(answer.msg).toBe(msg)
  else expect(answer.msg).toMatch(msg)
  const shown = answer.msg.startsWith('参数错误') ? '无效参数' : answer.msg
  expect(await overMah(command, undefined, JSON.stringify(content))).toBe(miraiRefusal(code, shown, '"s"'))
})

test.each<[string, number]>([
  ['/memberList', 500],
  ['/memberList?target=', 500],
  ['/memberList?target=99', 5],
  ['/messageFromId?id=x', 500],
  ['/messageFromId?id=4242', 5],
  ['/fetchMessage?count=x', 500],
  ['/fetchMessage?count=-1', 500],
  ['/fetchMessage?count=1e9', 500],
  ['/memberInfo?target=30001', 500],
  ['/memberInfo?target=30001&memberId=99', 5],
  ['/friendProfile?target=99', 5],
])('mah GET %s -> %i', async (path, code) => {
  const { status, text } = await on.mirai.get(path)
  expect(status).toBe(200)
  expect(JSON.parse(text)).toEqual({ code, msg: expect.stringMatching(/../) as string })
})

test('nothing of all this changed the world', () => {
  expect(world()).toBe(before)
})
