// A client of one dialect, a whole bridge, and a scripted backend of the other: what each side reads, and what the bridge
// says was lost on the way.
import { FakeMah } from '../../outbound/mirai/fake-mah.ts'
import { key } from '../../outbound/mirai/setup.ts'
import { FakeOneBot, Members } from '../../outbound/onebot11/fake-onebot.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../../support/bridge.ts'
import { dial, open } from '../../hardening/support.ts'

export type Dialect = 'mirai' | 'onebot11'
type Wire = Record<string, unknown>

export const bot = 10001
export const nico = 20002
export const lab = 30003
export const mio = 40004
export const boss = 50005
export const time = 1_700_000_000

export interface Asked {
  name: string
  params: unknown
}

export interface Stage {
  /** A call of the client in its own words; resolves with the answer. */
  ask(name: string, params: object): Promise<Wire>
  /** What the backend was asked since the last look, reads of contacts left out. */
  asked(): Asked[]
  /** How the backend answers a call from now on: the whole answer of mah, the members of a OneBot answer. */
  script(name: string, answer: Wire): void
  /** What the backend reports, in its own words. */
  push(event: object): void
  /** The next event that the client is told. */
  hear(): Promise<Wire>
  /** An event that has come already. */
  take(): Wire | undefined
  /** Nothing has been told to the client that was not taken. */
  isQuiet(): boolean
  /** `what fidelity: reason` of each loss since the last look. */
  traces(): string[]
  close(): Promise<void>
}

/** Parts of both kinds of stage. */
interface Sides {
  bridge: RunningBridge
  ask: Stage['ask']
  asked: () => Asked[]
  script: Stage['script']
  push: Stage['push']
  events: Wire[]
  close: () => Promise<void>
}

function createStage({ bridge, ask, asked, script, push, events, close }: Sides): Stage {
  let seenCalls = 0
  const losses: string[] = []
  bridge.onLoss(({ what, fidelity, reason }) => losses.push(`${what} ${fidelity}: ${reason}`))
  return {
    ask,
    script,
    push,
    asked() {
      const fresh = asked().slice(seenCalls)
      seenCalls += fresh.length
      return fresh.filter(({ name }) => !reads.has(name))
    },
    hear: () => until(() => events.shift(), 'an event'),
    take: () => events.shift(),
    isQuiet: () => events.length === 0,
    traces: () => losses.splice(0),
    async close() {
      await close()
      await bridge.stop()
    },
  }
}

const reads = new Set([
  ...['get_group_list', 'get_group_info', 'get_group_member_list', 'get_group_member_info', 'get_friend_list'],
  ...['get_stranger_info', 'get_status', 'friendList', 'groupList', 'memberList', 'botProfile', 'userProfile'],
  ...['get_msg', 'get_forward_msg', 'memberInfo', 'memberProfile', 'groupConfig'],
])

/** A mirai bot before a OneBot backend. `appName`: what the backend says that it is. */
export async function miraiOverOneBot(appName = 'Standard'): Promise<Stage> {
  const fake = await contacts(new FakeOneBot(appName)).listen()
  const bridge = await startBridge({
    backends: { back: { dialect: 'onebot11', ws: fake.url } },
    inbounds: { mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } },
  })
  await until(() => bridge.bots()[0]?.online, 'the bot')
  const client = await open(dial(`ws://127.0.0.1:${bridge.miraiPort}/all`, { verifyKey, qq: String(bot) }))
  const events: Wire[] = []
  const answers = new Map<string, Wire>()
  client.raw.on('message', (text: Buffer) => {
    const { syncId, data } = JSON.parse(text.toString()) as { syncId: string; data: Wire }
    if (syncId === '-1') events.push(data)
    else answers.set(syncId, data)
  })
  let count = 0
  return createStage({
    bridge,
    events,
    ask(command, content) {
      const syncId = `ask-${++count}`
      client.send({ syncId, command, subCommand: null, content })
      return until(() => answers.get(syncId), `the answer of ${command}`)
    },
    asked: () => fake.calls.map(({ action, params }) => ({ name: action, params })),
    script: (action, members) => void fake.on(action, () => new Members(members)),
    push: (event) => fake.send({ time, self_id: bot, ...event }),
    async close() {
      client.raw.terminate()
      await fake.close()
    },
  })
}

/** A OneBot bot before a mah backend. */
export async function oneBotOverMah(): Promise<Stage> {
  const fake = await mahContacts(new FakeMah()).listen()
  const bridge = await startBridge({
    backends: { back: { dialect: 'mirai', ws: `ws://127.0.0.1:${fake.port}`, verifyKey: key, bots: [bot] } },
    inbounds: { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } },
  })
  await until(() => bridge.bots()[0]?.online, 'the bot')
  const client = await open(dial(`ws://127.0.0.1:${bridge.onebotPort}/`, { authorization: `Bearer ${accessToken}` }))
  const events: Wire[] = []
  const answers = new Map<string, Wire>()
  client.raw.on('message', (text: Buffer) => {
    const frame = JSON.parse(text.toString()) as Wire & { echo?: string }
    if (frame.echo !== undefined) answers.set(frame.echo, frame)
    else if (frame['post_type'] !== 'meta_event') events.push(frame)
  })
  let count = 0
  return createStage({
    bridge,
    events,
    async ask(action, params) {
      const echo = `ask-${++count}`
      client.send({ action, params, echo })
      const { echo: _echo, ...answer } = await until(() => answers.get(echo), `the answer of ${action}`)
      return answer
    },
    asked: () => fake.calls.map(({ command, content }) => ({ name: command, params: content })),
    script: (command, answer) => void fake.on(command, answer),
    push: (event) => fake.push(event),
    async close() {
      client.raw.terminate()
      await fake.close()
    },
  })
}

const joined = 1_600_000_000

function contacts(fake: FakeOneBot): FakeOneBot {
  let sent = 900
  const member = (user_id: number, nickname: string, role: string): Wire => ({
    ...{ group_id: lab, user_id, nickname, card: '', role, title: '', join_time: joined },
    ...{ last_sent_time: time, shut_up_timestamp: 0 },
  })
  const members = [member(bot, '桥', 'admin'), member(mio, 'Mio', 'member'), member(boss, 'Boss', 'owner')]
  const groupInfo = { group_id: lab, group_name: 'Lab', member_count: 3, max_member_count: 200 }
  for (const action of ['send_group_msg', 'send_private_msg', 'send_group_forward_msg', 'send_private_forward_msg']) {
    fake.on(action, () => ({ message_id: ++sent }))
  }
  return fake
    .on('get_group_list', [groupInfo])
    .on('get_group_info', groupInfo)
    .on('get_group_member_list', members)
    .on('get_group_member_info', ({ user_id }: Wire) => members.find((one) => one['user_id'] === Number(user_id)))
    .on('get_friend_list', [{ user_id: nico, nickname: 'Nico', remark: 'Nic' }])
    .on('get_stranger_info', ({ user_id }: Wire) => ({ user_id, nickname: 'Somebody', sex: 'unknown', age: 0 }))
}

function mahContacts(fake: FakeMah): FakeMah {
  let sent = 900
  const data = (value: unknown): object => ({ code: 0, msg: '', data: value })
  for (const command of ['sendGroupMessage', 'sendFriendMessage', 'sendTempMessage']) {
    fake.on(command, () => ({ code: 0, msg: 'success', messageId: ++sent }))
  }
  return fake
    .on('friendList', data([{ id: nico, nickname: 'Nico', remark: 'Nic' }]))
    .on('groupList', data([mahGroup]))
    .on('memberInfo.get', ({ memberId }: Wire) => mahMember(Number(memberId), 'Botty', 'ADMINISTRATOR'))
    .on('memberList', data([mahMember(mio, 'Mio', 'MEMBER'), mahMember(boss, 'Boss', 'OWNER')]))
}

export const mahGroup = { id: lab, name: 'Lab', permission: 'ADMINISTRATOR' }

export function mahMember(id: number, memberName: string, permission: string): Wire {
  return {
    ...{ id, memberName, specialTitle: '', permission, joinTimestamp: joined, lastSpeakTimestamp: time },
    ...{ muteTimeRemaining: 0, group: mahGroup, active: null },
  }
}
