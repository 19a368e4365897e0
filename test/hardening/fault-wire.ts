// How the two dialects write what a backend of a fault script says, and how they are asked.
import type { AnswerName } from './fault-steps.ts'

export type Dialect = 'onebot11' | 'mirai'
export type Wire = Record<string, unknown>

/** One call as a backend hears it. `id`: echo or syncId. */
export interface Asked {
  name: string
  id: unknown
  content: Wire
}

const ok = (data: unknown): Wire => ({ status: 'ok', retcode: 0, data, message: '', wording: '' })
const sent = (members: Wire): Wire => ({ code: 0, msg: 'success', ...members })
/** What tells people nothing about this machine, and must not reach them when it is garbage. */
const reason = 'no, says the backend'

/** Whole answers, but for echo and syncId. */
const answers: Record<AnswerName, (id: number) => Record<Dialect, unknown>> = {
  good: (id) => ({ onebot11: ok({ message_id: id }), mirai: sent({ messageId: id }) }),
  goodAsText: (id) => ({
    onebot11: { ...ok({ message_id: String(id) }), retcode: '0' },
    mirai: { code: '0', msg: 'success', messageId: String(id) },
  }),
  refused: () => ({
    onebot11: { status: 'failed', retcode: 100, data: null, message: reason, wording: reason },
    mirai: { code: 500, msg: reason },
  }),
  refusedAsText: () => ({
    onebot11: { status: 'failed', retcode: '100', data: null, message: reason },
    mirai: { code: '500', msg: reason },
  }),
  noId: () => ({ onebot11: ok({}), mirai: sent({}) }),
  nullId: () => ({ onebot11: ok({ message_id: null }), mirai: sent({ messageId: null }) }),
  zeroId: () => ({ onebot11: ok({ message_id: 0 }), mirai: sent({ messageId: 0 }) }),
  objectId: () => ({ onebot11: ok({ message_id: {} }), mirai: sent({ messageId: {} }) }),
  hugeId: () => ({ onebot11: ok({ message_id: 1e300 }), mirai: sent({ messageId: 1e300 }) }),
  fractionId: () => ({ onebot11: ok({ message_id: 1.5 }), mirai: sent({ messageId: 1.5 }) }),
  dataNull: () => ({ onebot11: ok(null), mirai: null }),
  dataList: () => ({ onebot11: ok([1, 2]), mirai: [1, 2] }),
  dataText: () => ({ onebot11: ok('sent'), mirai: 'sent' }),
  dataNumber: () => ({ onebot11: ok(5), mirai: 5 }),
  empty: () => ({ onebot11: {}, mirai: {} }),
  // OneBot has no sessions.
  sessionLost: () => ({ onebot11: {}, mirai: { code: 3, msg: 'Session失效或不存在' } }),
  wordsForCode: () => ({
    onebot11: { status: 'perhaps', retcode: 'five', data: {} },
    mirai: { code: 'five', msg: {} },
  }),
}

export function toAnswer(dialect: Dialect, name: AnswerName, id: number): unknown {
  return answers[name](id)[dialect]
}

/** As a frame; over HTTP an answer stands for itself. */
export function toFrame(dialect: Dialect, id: unknown, answer: unknown): string {
  return JSON.stringify(dialect === 'mirai' ? { syncId: id, data: answer } : { ...(answer as Wire), echo: id })
}

export function readFrame(dialect: Dialect, text: string): Asked {
  const wire = JSON.parse(text) as Wire
  return dialect === 'mirai'
    ? { name: String(wire['command']), id: wire['syncId'], content: (wire['content'] ?? {}) as Wire }
    : { name: String(wire['action']), id: wire['echo'], content: (wire['params'] ?? {}) as Wire }
}

export const account = 90001
export const group = 30001

/** What is asked aside from the calls of a script, and answered as a healthy server does. */
export function greet(dialect: Dialect, name: string, { account: self, session }: Self): unknown {
  const known = (dialect === 'mirai' ? mirai : onebot11).get(name)
  return known?.({ account: self, session })
}

interface Self {
  account: number
  session: string
}

const onebot11 = new Map<string, (self: Self) => unknown>([
  ['get_login_info', ({ account: self }) => ok({ user_id: self, nickname: 'far' })],
  ['get_version_info', () => ok({ app_name: 'NapCat.Onebot', app_version: '4.8.1', protocol_version: 'v11' })],
  ['get_status', () => ok({ online: true, good: true })],
  ['get_group_list', () => ok([])],
  ['get_friend_list', () => ok([])],
])

const mirai = new Map<string, (self: Self) => unknown>([
  ['about', () => ({ code: 0, msg: '', data: { version: '2.10.0' } })],
  [
    'sessionInfo',
    ({ account: id, session: sessionKey }) => ({
      code: 0,
      msg: '',
      data: { sessionKey, qq: { id, nickname: 'far', remark: '' } },
    }),
  ],
  ['botProfile', () => ({ nickname: 'far', email: '', age: 1, level: 1, sign: '', sex: 'UNKNOWN' })],
  ['verify', ({ session }) => ({ code: 0, session })],
  ['bind', () => sent({})],
  ['release', () => sent({})],
  ['fetchMessage', () => ({ code: 0, msg: '', data: [] })],
  ['friendList', () => ({ code: 0, msg: '', data: [] })],
  ['groupList', () => ({ code: 0, msg: '', data: [] })],
])

/** The text of a message that it is asked to send. */
export function textSent({ content }: Asked): string {
  const parts = (content['message'] ?? content['messageChain']) as
    | { text?: string; data?: { text?: string } }[]
    | string
  return typeof parts === 'string' ? parts : parts.map((part) => part.text ?? part.data?.text ?? '').join('')
}

export const sends = new Set(['send_group_msg', 'send_msg', 'sendGroupMessage'])

let told = 5000

/** Somebody says this in the group. `self`: whose event it says it is. */
export function toEvent(dialect: Dialect, text: string, self = account): Wire {
  const id = ++told
  const time = Math.floor(Date.now() / 1000)
  if (dialect === 'onebot11') {
    return {
      post_type: 'message',
      message_type: 'group',
      sub_type: 'normal',
      time,
      self_id: self,
      user_id: 20001,
      group_id: group,
      message_id: id,
      message: [{ type: 'text', data: { text } }],
      raw_message: text,
      font: 0,
      sender: { user_id: 20001, nickname: 'n', card: '', role: 'member' },
    }
  }
  const inGroup = { id: group, name: 'g', permission: 'MEMBER' }
  const sender = {
    id: 20001,
    memberName: 'n',
    specialTitle: '',
    permission: 'MEMBER',
    joinTimestamp: 0,
    lastSpeakTimestamp: 0,
    muteTimeRemaining: 0,
    group: inGroup,
  }
  return {
    type: 'GroupMessage',
    sender,
    messageChain: [
      { type: 'Source', id, time },
      { type: 'Plain', text },
    ],
  }
}
