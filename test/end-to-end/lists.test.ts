// Long lists are served as text that was printed before: the same in each dialect and by each way, asked for once, and right
// again after everything that changes them.
import { afterEach, expect, test } from 'vitest'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { miraiClient, onebotClient, type Hearer } from '../route/clients.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

const bot = 10001
const group = 30001
const count = 1200
const member = (at: number) => ({
  group_id: group,
  user_id: at === 0 ? bot : 40_000 + at,
  nickname: `名字 "${at}"`,
  card: '',
  sex: 'unknown',
  age: 0,
  area: '',
  level: '1',
  join_time: 1_600_000_000,
  last_sent_time: 1_700_000_000,
  role: at === 0 ? 'admin' : 'member',
  title: '',
})

type Member = Record<string, unknown>

interface Stage {
  bridge: RunningBridge
  backend: FakeOneBot
  onebot: Hearer
  mirai: Hearer
  /** The members as each way shows them. The two of a dialect are equal, or it throws. */
  members(): Promise<{ onebot: Member[]; mirai: Member[] }>
  asked(action: string): object[]
}

async function setUp(): Promise<Stage> {
  const groups = Array.from({ length: 80 }, (_, at) => ({
    group_id: group + at,
    group_name: `群 ${at}`,
    member_count: 9,
  }))
  const backend = await new FakeOneBot().listen()
  backend.on('get_friend_list', [{ user_id: 40_001, nickname: 'f', remark: '' }]).on('get_group_list', groups)
  backend.on(
    'get_group_member_list',
    Array.from({ length: count }, (_, at) => member(at)),
  )
  backend.on('get_group_member_info', member(0)).on('set_group_card', null).on('get_group_info', groups[0])
  const bridge = await startBridge({ backends: { far: { dialect: 'onebot11', ws: backend.url } } })
  closers.push(
    () => backend.close(),
    () => bridge.stop(),
  )
  await until(() => bridge.bots()[0]?.online, 'the account')
  const [onebot, mirai] = await Promise.all([onebotClient(bridge.onebotPort), miraiClient(bridge.miraiPort, bot)])
  closers.push(onebot.close, mirai.close)
  const key = await openSession(bridge.miraiPort)
  const toText = (list: unknown): string => JSON.stringify(list)

  async function members() {
    const [one, oneByHttp, other, otherByHttp] = await Promise.all([
      onebot.ask('get_group_member_list', { group_id: group }),
      post(bridge.onebotPort, '/get_group_member_list', { group_id: String(group) }),
      mirai.ask('memberList', { target: group }),
      post(bridge.miraiPort, `/memberList?sessionKey=${key}&target=${group}`),
    ])
    expect(toText(oneByHttp['data'])).toBe(toText(one['data']))
    expect(toText(otherByHttp['data'])).toBe(toText(other['data']))
    return { onebot: one['data'] as Member[], mirai: other['data'] as Member[] }
  }

  return {
    bridge,
    backend,
    onebot,
    mirai,
    members,
    asked: (name) => backend.frames.filter((one) => one.action === name),
  }
}

/** Without a body: GET. */
async function post(port: number, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers,
  })
  const text = await response.text()
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(text))
  return JSON.parse(text) as Record<string, unknown>
}

async function openSession(port: number): Promise<string> {
  const { session } = await post(port, '/verify', { verifyKey })
  await post(port, '/bind', { sessionKey: session, qq: bot })
  return String(session)
}

function messageOf(at: number, change: object): object {
  return {
    time: 1_800_000_000,
    self_id: bot,
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_id: 77,
    group_id: group,
    user_id: 40_000 + at,
    message: [{ type: 'text', data: { text: 'hello' } }],
    raw_message: 'hello',
    font: 0,
    sender: { user_id: 40_000 + at, nickname: `名字 "${at}"`, card: '', role: 'member', ...change },
  }
}

test('members: asked for once, the same by all ways, in the dialect asked', async () => {
  const { members, asked } = await setUp()
  const first = await members()
  expect(first.onebot).toEqual(Array.from({ length: count }, (_, at) => expect.objectContaining(member(at)) as unknown))
  expect(first.mirai).toHaveLength(count - 1)
  expect(first.mirai[0]).toEqual({
    id: 40_001,
    memberName: '名字 "1"',
    specialTitle: '',
    permission: 'MEMBER',
    joinTimestamp: 1_600_000_000,
    lastSpeakTimestamp: 1_700_000_000,
    muteTimeRemaining: 0,
    group: { id: group, name: '群 0', permission: 'ADMINISTRATOR' },
    active: null,
  })
  const asking = asked('get_group_member_list').length
  expect(await members()).toEqual(first)
  expect(asked('get_group_member_list')).toHaveLength(asking)
})

test('who speaks, is renamed or leaves is shown so by the next list', async () => {
  const { members, backend, onebot, asked } = await setUp()
  await members()
  backend.send(messageOf(600, { card: '新名片' }))
  await onebot.hear((event) => event['user_id'] === 40_600)
  const spoken = await members()
  expect(spoken.onebot[600]).toMatchObject({ user_id: 40_600, card: '新名片', last_sent_time: 1_800_000_000 })
  expect(spoken.mirai[599]).toMatchObject({ id: 40_600, memberName: '新名片', lastSpeakTimestamp: 1_800_000_000 })
  expect(spoken.onebot[601]).toMatchObject({ card: '', last_sent_time: 1_700_000_000 })
  await onebot.ask('set_group_card', { group_id: group, user_id: 40_001, card: '二' })
  expect((await members()).mirai[0]).toMatchObject({ id: 40_001, memberName: '二' })
  const notice = { time: 1_800_000_001, self_id: bot, post_type: 'notice', group_id: group, user_id: 40_001 }
  backend.send({ ...notice, notice_type: 'group_decrease', sub_type: 'leave', operator_id: 40_001 })
  await onebot.hear((event) => event['notice_type'] === 'group_decrease')
  const left = await members()
  expect([left.onebot.length, left.mirai.length]).toEqual([count - 1, count - 2])
  expect(left.mirai[0]).toMatchObject({ id: 40_002 })
  const asking = asked('get_group_member_list').length
  backend.send({ ...notice, user_id: 41_900, notice_type: 'group_increase', sub_type: 'approve', operator_id: bot })
  await onebot.hear((event) => event['notice_type'] === 'group_increase')
  expect((await members()).onebot).toHaveLength(count)
  expect(asked('get_group_member_list').length).toBeGreaterThan(asking)
})

test('no_cache and latestMemberList go to the backend, and what it says then is what all are shown', async () => {
  const { members, backend, onebot, mirai, asked } = await setUp()
  await members()
  const before = asked('get_group_member_list').length
  backend.on('get_group_member_list', [member(0), { ...member(1), card: 'changed' }])
  expect((await onebot.ask('get_group_member_list', { group_id: group, no_cache: true }))['data']).toHaveLength(2)
  expect((await members()).mirai).toMatchObject([{ id: 40_001, memberName: 'changed' }])
  backend.on('get_group_member_list', [member(0), member(1), member(2)])
  expect((await mirai.ask('latestMemberList', { target: group }))['data']).toHaveLength(2)
  expect((await members()).onebot).toHaveLength(3)
  expect((await mirai.ask('latestMemberList', { target: group, memberIds: [40_002] }))['data']).toMatchObject([
    { id: 40_002 },
  ])
  expect(asked('get_group_member_list')).toHaveLength(before + 3)
})

test('groups and friends likewise', async () => {
  const { onebot, mirai, asked, backend } = await setUp()
  const rename = { time: 1, self_id: bot, post_type: 'notice', notice_type: 'notify', sub_type: 'group_name' }
  const groups = async () => [await onebot.ask('get_group_list'), await mirai.ask('groupList')].map(({ data }) => data)
  const [one, other] = (await groups()) as Member[][]
  expect([one?.length, other?.length]).toEqual([80, 80])
  expect([one?.[3], other?.[3]]).toMatchObject([
    { group_id: group + 3, group_name: '群 3', member_count: 9 },
    { id: group + 3, name: '群 3', permission: 'ADMINISTRATOR' },
  ])
  expect(await groups()).toEqual([one, other])
  expect([asked('get_group_list').length, asked('get_group_member_info').length]).toEqual([1, 80])
  backend.send({ ...rename, group_id: group + 3, user_id: 40_001, name_new: '改名' })
  await onebot.hear((event) => event['sub_type'] === 'group_name')
  expect((await groups()).map((list) => (list as Member[])[3])).toMatchObject([
    { group_name: '改名' },
    { name: '改名' },
  ])
  expect((await mirai.ask('friendList'))['data']).toEqual([{ id: 40_001, nickname: 'f', remark: '' }])
  expect((await onebot.ask('get_friend_list'))['data']).toMatchObject([{ user_id: 40_001, nickname: 'f', remark: '' }])
})
