// Forbidden actions over real sockets: refused in the client's own dialect whichever way they come, counted, and not done.
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError, parseConfig, type ConfigInput } from '../../src/config.ts'
import type { Peer } from '../../src/core/ids.ts'
import { listenForPosts } from '../inbound/onebot11/clients.ts'
import { accessToken, startBridge, until, verifyKey } from '../support/bridge.ts'
import { miraiClient, onebotClient } from './clients.ts'

const bot = 10001
const group = { kind: 'group', groupId: 30001 } as Peer
const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } as const
const mirai = { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } as const

const open: { close(): void | Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

type Actions = NonNullable<ConfigInput['routes']>[number]['actions']

async function start(actions: Actions, inbounds: ConfigInput['inbounds'] = { onebot, mirai }) {
  const bridge = await startBridge({ inbounds, routes: [{ from: Object.keys(inbounds), to: 'world', actions }] })
  open.push({ close: () => bridge.stop() })
  return bridge
}

function refusal(action: string) {
  const message = `no permission for ${action}: routes.0.actions of the bridge`
  return { status: 'failed', retcode: 1200, data: null, message, wording: message }
}

test('a OneBot client is told which list is in the way, whatever it calls the action', async () => {
  const bridge = await start({ not: ['leave', 'credentials', 'kick'] })
  const client = await onebotClient(bridge.onebotPort)
  open.push(client)
  const leave = { group_id: 30001 }
  expect(await client.ask('set_group_leave', leave)).toEqual({ ...refusal('group.leave'), echo: 'ask 1' })
  expect(await client.ask('set_group_leave_async', leave)).toMatchObject(refusal('group.leave'))
  expect(await client.ask('set_group_leave_rate_limited', leave)).toMatchObject(refusal('group.leave'))
  expect(await client.ask('delete_friend', { user_id: 20001 })).toMatchObject(refusal('friend.delete'))
  expect(await client.ask('get_credentials')).toMatchObject(refusal('server.ask credentials'))
  expect(await client.ask('get_rkey')).toMatchObject(refusal('server.ask rkey'))
  const member = { group_id: 30001, user_id: 20003 }
  expect(await client.ask('set_group_kick', member)).toMatchObject(refusal('group.member.kick'))
  const many = { group_id: 30001, user_id: [20003] }
  expect(await client.ask('set_group_kick_members', many)).toMatchObject(refusal('group.member.kick'))
  const context = { post_type: 'message', message_type: 'group', self_id: bot, ...member }
  const quick = { context, operation: { kick: true } }
  expect(await client.ask('.handle_quick_operation', quick)).toMatchObject(refusal('group.member.kick'))
  expect(await client.ask('.handle_quick_operation_async', quick)).toMatchObject(refusal('group.member.kick'))
  const http = await fetch(
    `http://127.0.0.1:${bridge.onebotPort}/set_group_leave?group_id=30001&access_token=${accessToken}`,
  )
  expect(await http.json()).toEqual({ ...refusal('group.leave'), retcode: 200 })

  expect(await client.ask('send_group_msg', { group_id: 30001, message: 'still here' })).toMatchObject({ status: 'ok' })
  const members = await client.ask('get_group_member_list', { group_id: 30001 })
  expect((members['data'] as { user_id: number }[]).map(({ user_id }) => user_id)).toContain(20003)
  const refused = bridge.losses().filter(({ fidelity }) => fidelity === 'refused')
  expect(refused).toHaveLength(11)
  expect(refused[0]).toMatchObject({
    where: 'onebot',
    bot,
    direction: 'in',
    what: 'group.leave',
    reason: 'no permission for group.leave: routes.0.actions of the bridge',
  })
})

test('a mah client is refused with code 10, over sockets and HTTP', async () => {
  const bridge = await start({ not: ['set_group_leave', 'admin', 'send_private_msg'] })
  const client = await miraiClient(bridge.miraiPort, bot)
  open.push(client)
  const refused = { code: 10, msg: '无操作权限' }
  const hello = { messageChain: [{ type: 'Plain', text: 'hi' }] }
  expect(await client.ask('quit', { target: 30001 })).toEqual(refused)
  expect(await client.ask('mute', { target: 30001, memberId: 20003, time: 60 })).toEqual(refused)
  expect(await client.ask('sendFriendMessage', { target: 20001, ...hello })).toEqual(refused)
  expect(await client.ask('sendTempMessage', { qq: 20003, group: 30001, ...hello })).toEqual(refused)
  expect(await client.ask('sendGroupMessage', { target: 30001, ...hello })).toMatchObject({ code: 0, msg: 'success' })
  const post = async (path: string, body: object): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${bridge.miraiPort}/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const { session } = (await post('verify', { verifyKey })) as { session: string }
  await post('bind', { sessionKey: session, qq: bot })
  expect(await post('quit', { sessionKey: session, target: 30001 })).toEqual(refused)
})

test('a list of what is allowed leaves out everything else, but not what the bridge needs to do it', async () => {
  const bridge = await start(['sendFriendMessage', 'file_mkdir', 'memberList', 'get_login_info'])
  const client = await miraiClient(bridge.miraiPort, bot)
  const other = await onebotClient(bridge.onebotPort)
  open.push(client, other)
  const hello = { messageChain: [{ type: 'Plain', text: 'hi' }] }
  expect(await client.ask('sendFriendMessage', { target: 20001, ...hello })).toMatchObject({ code: 0 })
  expect(await client.ask('sendGroupMessage', { target: 30001, ...hello })).toMatchObject({ code: 10 })
  expect(await client.ask('memberList', { target: 30001 })).toMatchObject({ code: 0 })
  expect(await client.ask('file_mkdir', { target: 30001, id: '', directoryName: 'new' })).toMatchObject({ code: 0 })
  expect(await client.ask('file_list', { target: 30001, id: '' })).toMatchObject({ code: 10 })
  expect(await client.ask('friendList')).toMatchObject({ code: 10 })
  expect(await client.ask('sessionInfo')).toMatchObject({ code: 0 })
  expect(await other.ask('send_private_msg', { user_id: 20003, message: 'hi' })).toMatchObject({ status: 'ok' })
  expect(await other.ask('get_login_info')).toMatchObject({ status: 'ok' })
  expect(await other.ask('get_version_info')).toMatchObject({ status: 'ok' })
  expect(await other.ask('get_group_list')).toMatchObject({ message: expect.stringContaining('group.list') as string })
})

test('answers to webhooks of both dialects do nothing that is forbidden', async () => {
  const quit = { command: 'quit', content: { target: 30001 } }
  const say = {
    command: 'sendGroupMessage',
    content: { target: 30001, messageChain: [{ type: 'Plain', text: 'mah' }] },
  }
  const operations = [{ kick: true }, { reply: 'quick' }]
  const commands = [quit, say]
  const hook = await listenForPosts(() => ({ status: 200, body: JSON.stringify(operations.shift() ?? {}) }))
  const mah = await listenForPosts(() => ({ status: 200, body: JSON.stringify(commands.shift() ?? {}) }))
  open.push(hook, mah)
  const bridge = await start(
    { not: ['leave', 'admin'] },
    {
      onebot: { ...onebot, webhooks: [{ url: hook.url }] },
      mirai: { ...mirai, adapters: ['webhook'], webhooks: [{ url: mah.url }] },
    },
  )
  const world = bridge.world()
  const texts: string[] = []
  bridge.onEvent(({ event }) => {
    if (event.type === 'message')
      texts.push(event.message.segments.map((one) => ('text' in one ? one.text : '')).join(''))
  })
  for (const text of ['first', 'second']) world.as(20003).say(group, text)
  const refused = () => bridge.losses().filter(({ fidelity }) => fidelity === 'refused')
  await until(
    () => refused().length === 2 && texts.includes('quick') && texts.includes('mah'),
    'both refusals and replies',
  )
  expect(
    refused()
      .map(({ where, what }) => `${where} ${what}`)
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(['mirai group.leave', 'onebot group.member.kick'])
})

test('every list on the way to a bot must allow an action', async () => {
  const bridge = await startBridge({
    inbounds: { onebot },
    routes: [
      { from: 'onebot', to: 'world', events: { kinds: ['message'] } },
      { from: 'onebot', to: 'world', events: { kinds: ['notice'] }, actions: { not: ['leave'] } },
      { from: 'onebot', to: 'world', bots: [10002], actions: { not: ['send'] } },
    ],
  })
  const client = await onebotClient(bridge.onebotPort)
  open.push({ close: () => bridge.stop() }, client)
  expect(await client.ask('set_group_leave', { group_id: 30001 })).toMatchObject({
    message: 'no permission for group.leave: routes.1.actions of the bridge',
  })
  expect(await client.ask('send_group_msg', { group_id: 30001, message: 'a' })).toMatchObject({ status: 'ok' })
})

describe('mistakes', () => {
  test.each<[unknown, string]>([
    [['set_group_leav'], 'routes.0.actions.0: is no action, got "set_group_leav"; did you mean set_group_leave?'],
    [{ not: ['credential'] }, 'routes.0.actions.not.0: is no action, got "credential"; did you mean credentials?'],
    [{ not: ['raw.'] }, 'routes.0.actions.not.0: is no action, got "raw."; did you mean raw?'],
    [['get_status'], 'routes.0.actions.0: is no action, got "get_status"'],
    [{ deny: [] }, 'routes.0.actions.deny: unknown key; known keys are only, not'],
    ['leave', 'routes.0.actions: expected a list or an object with keys, got "leave"'],
  ])('%j', (actions, problem) => {
    const config = {
      backends: { w: { dialect: 'embedded' } },
      inbounds: { a: onebot },
      routes: [{ from: 'a', to: 'w', actions }],
    }
    const fault = (() => {
      try {
        parseConfig(config)
      } catch (error) {
        return error
      }
    })() as ConfigError
    expect(fault).toBeInstanceOf(ConfigError)
    expect(fault.problems).toEqual([problem])
  })
})
