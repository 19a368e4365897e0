// Filters before clients of both dialects over real sockets: who hears what, and in which form.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../src/config.ts'
import { ConfigError, parseConfig } from '../../src/config.ts'
import type { Peer } from '../../src/core/ids.ts'
import type { Segment } from '../../src/core/segment.ts'
import { accessToken, startBridge, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { miraiClient, onebotClient, type Hearer } from './clients.ts'

const bot = 10001
const group = { kind: 'group', groupId: 30001 } as Peer
const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } as const
const mirai = { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } as const

type Route = NonNullable<ConfigInput['routes']>[number]

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

/** Inbounds `filtered` (OneBot), `text` (OneBot, CQ strings), `mah`, all behind the route's events, and `all` without. */
async function start(events: Route['events']) {
  const bridge = await startBridge({
    inbounds: { all: onebot, filtered: onebot, text: { ...onebot, messageFormat: 'string' }, mah: mirai },
    routes: [
      { from: 'all', to: 'world' },
      { from: ['filtered', 'text', 'mah'], to: 'world', events },
    ],
  })
  open.push({ close: () => bridge.stop() })
  const { all = 0, filtered = 0, text = 0, mah = 0 } = bridge.ports()
  const clients = {
    all: await onebotClient(all),
    filtered: await onebotClient(filtered),
    text: await onebotClient(text),
    mah: await miraiClient(mah, bot),
  }
  open.push(...Object.values(clients))
  return { bridge, ...clients }
}

function say(bridge: RunningBridge, userId: number, content: string | readonly Segment[], to: Peer = group): void {
  bridge.world().as(userId).say(to, content)
}

const texts = ({ events }: Hearer): string[] =>
  events.map((event) => String(event['raw_message'] ?? event['notice_type']))
const isLast = (event: Record<string, unknown>): boolean => JSON.stringify(event).includes('last')

test('events that do not pass reach nobody behind the filter, and everybody else', async () => {
  const { bridge, all, filtered, mah } = await start({
    kinds: ['message', 'MemberMuteEvent'],
    groups: { not: [30002] },
    users: { not: [20002] },
    except: { roles: ['member'] },
  })
  say(bridge, 20001, 'from the owner')
  say(bridge, 20002, 'from a refused one')
  say(bridge, 20003, 'from a member')
  say(bridge, 20005, 'elsewhere', { kind: 'group', groupId: 30002 } as Peer)
  bridge.world().as(20001).mute(30001, 20003, 60)
  bridge.world().as(20001).mute(30001, 20003, 0)
  bridge.world().as(20001).setCard(30001, 20003, 'new card')
  say(bridge, 20001, 'last')
  await Promise.all([all, filtered, mah].map((client) => client.hear(isLast)))
  // Conversations do not wait for each other.
  expect(new Set(texts(all))).toEqual(
    new Set(['elsewhere', 'from a member', 'from a refused one', 'from the owner', 'group_ban', 'group_card', 'last']),
  )
  // The one who is muted is the person of that event, and he is a member.
  expect(texts(filtered)).toEqual(['from the owner', 'last'])
  expect(mah.events.map(({ type }) => type)).toEqual(['GroupMessage', 'GroupMessage'])
})

test('a prefix that is stripped is gone in every form that clients see, and stays in the stored message', async () => {
  const { bridge, all, filtered, text, mah } = await start({ text: { prefix: ['/'], strip: true } })
  say(bridge, 20001, 'no command')
  say(bridge, 20001, [
    { type: 'mention', userId: bot as never },
    { type: 'text', text: ' /last [1]' },
  ])
  const heard = [all, filtered, text, mah].map((one) => one.hear(isLast))
  const [full, array, string, chain] = await Promise.all(heard)
  expect(full).toMatchObject({ raw_message: '[CQ:at,qq=10001] /last &#91;1&#93;' })
  expect(array).toMatchObject({
    raw_message: '[CQ:at,qq=10001]last &#91;1&#93;',
    message: [
      { type: 'at', data: { qq: '10001' } },
      { type: 'text', data: { text: 'last [1]' } },
    ],
  })
  expect(string).toMatchObject({ message: '[CQ:at,qq=10001]last &#91;1&#93;', message_format: 'string' })
  expect(chain).toMatchObject({
    messageChain: [{ type: 'Source' }, { type: 'At' }, { type: 'Plain', text: 'last [1]' }],
  })
  expect(texts(filtered)).toHaveLength(1)
  const stored = await filtered.ask('get_msg', { message_id: array?.['message_id'] })
  expect(stored).toMatchObject({ data: { raw_message: full?.['raw_message'] } })
  const [{ id }] = (chain as { messageChain: [{ id: number }] }).messageChain
  expect(await mah.ask('messageFromId', { messageId: id, target: 30001 })).toMatchObject({
    data: { messageChain: [{ type: 'Source' }, { type: 'At' }, { type: 'Plain', text: ' /last [1]' }] },
  })
})

test('a route that lets an event pass is enough, the first that does says in which form', async () => {
  const bridge = await startBridge({
    inbounds: { onebot },
    routes: [
      { from: 'onebot', to: 'world', events: { text: { prefix: ['#'], rewrite: '/' } } },
      { from: 'onebot', to: 'world', events: { users: [20001] } },
    ],
  })
  const client = await onebotClient(bridge.onebotPort)
  open.push({ close: () => bridge.stop() }, client)
  for (const content of ['#one', 'two']) {
    say(bridge, 20001, content)
    say(bridge, 20002, content)
  }
  say(bridge, 20001, 'last')
  await client.hear(isLast)
  expect(texts(client)).toEqual(['/one', '/one', 'two', 'last'])
})

/** The path of a file that holds this, gone after the test. */
function write(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'filter-'))
  open.push({ close: () => rmSync(folder, { recursive: true }) })
  const file = join(folder, 'filter.json')
  writeFileSync(file, text)
  return file
}

test("a file of go-cqhttp's filters holds for clients of both dialects, beside the route's own criteria", async () => {
  const rules = {
    '.or': [{ 'sender.role': { '.in': ['owner', 'admin'] } }, { message: { '.regex': '^\\[CQ:at,qq=10001' } }],
  }
  const filter = write(`\uFEFF${JSON.stringify(rules)}`)
  const bridge = await startBridge({
    inbounds: { onebot, mirai },
    routes: [{ from: ['onebot', 'mirai'], to: 'world', filter, events: { text: { matches: { not: ['secret'] } } } }],
  })
  open.push({ close: () => bridge.stop() })
  const client = await onebotClient(bridge.onebotPort)
  const mah = await miraiClient(bridge.miraiPort, bot)
  open.push(client, mah)
  say(bridge, 20005, 'from an admin')
  say(bridge, 20001, 'secret of the owner')
  say(bridge, 20003, 'from a member')
  say(bridge, 20003, [
    { type: 'mention', userId: bot as never },
    { type: 'text', text: 'last' },
  ])
  await Promise.all([client.hear(isLast), mah.hear(isLast)])
  expect(texts(client)).toEqual(['from an admin', '[CQ:at,qq=10001]last'])
  expect(mah.events.map(({ sender }) => (sender as { id: number }).id)).toEqual([20005, 20003])
})

function problemsOf(route: object): readonly string[] {
  const config = { backends: { w: { dialect: 'embedded' } }, inbounds: { a: onebot } }
  try {
    parseConfig({ ...config, routes: [{ from: 'a', to: 'w', ...route }] })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

test.each([
  ['{ "a": 1,\n "b" }', /^Expected ':' after property name in JSON at position \d+ \(line 2 column \d+\)$/],
  ['{ "user_id": { ".is": 1 } }', /^user_id \.is: no such operator; there are: /],
  ['[]', /^the whole: must be an object$/],
])('a filter file with %j stops the start', (text, problem) => {
  const file = write(text)
  const [line = '', ...more] = problemsOf({ filter: file })
  expect(more).toEqual([])
  const [, reason = ''] =
    /^routes\.0\.filter: is no filter that can be used \((.*)\), got ".*filter\.json"$/s.exec(line) ?? []
  expect(reason).toMatch(problem)
})

test('a filter file that is not there stops the start', () => {
  expect(problemsOf({ filter: '/nowhere/filter.json' })).toEqual([
    expect.stringMatching(/^routes\.0\.filter: is no filter that can be used \(ENOENT/),
  ])
})

describe('mistakes in a filter', () => {
  test.each<[unknown, RegExp]>([
    [
      { kinds: ['notice.group_incrase'] },
      /^\.kinds\.0: is no kind of event, got .*; did you mean notice\.group_increase\?$/,
    ],
    [{ kinds: { not: ['mesage'] } }, /^\.kinds\.not\.0: is no kind of event, got "mesage"; did you mean message\?$/],
    [{ kinds: { nto: [] } }, /^\.kinds\.nto: unknown key; did you mean not\?$/],
    [{ groups: [0] }, /^\.groups\.0: must be the number of an account or group, got 0$/],
    [{ users: ['20001'] }, /^\.users\.0: must be the number of an account or group, got "20001"$/],
    [{ groups: 7 }, /^\.groups: expected a list or an object with keys, got 7$/],
    [{ roles: ['admn'] }, /^\.roles\.0: expected .*, got "admn"; did you mean admin\?$/],
    [{ mention: true }, /^\.mention: unknown key; did you mean mentioned\?$/],
    [
      { text: { matches: ['a', '('] } },
      /^\.text\.matches\.1: is no regular expression that can be used \(.*missing closing \).*\), got "\("$/,
    ],
    [{ text: { matches: ['a(?=b)'] } }, /^\.text\.matches\.0: is no regular .*unsupported Perl syntax: `\(\?=`/],
    [{ text: { prefix: [''] } }, /^\.text\.prefix\.0: must not be empty/],
    [{ text: { strip: true } }, /^\.text: strip and rewrite need a prefix to work on/],
    [{ text: { prefix: { not: ['/'] }, strip: true } }, /^\.text: strip and rewrite need a prefix to work on/],
    [{ text: { prefix: ['/'], strip: true, rewrite: '' } }, /^\.text: strip and rewrite exclude each other/],
    [{ except: { text: { strip: true } } }, /^\.except\.text\.strip: unknown key; known keys are prefix, matches$/],
  ])('%j', (events, problem) => {
    const lines = problemsOf({ events })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.replace(/^routes\.0\.events/, '')).toMatch(problem)
  })
})
