// QQ's rules as clients feel them: each violation with its OneBot retcode over HTTP and its mah code, and nothing has happened.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { World } from '../../../src/world/index.ts'
import { group } from '../../../src/world/index.ts'
import { login } from '../../hardening/support.ts'
import { accessToken, type RunningBridge, startBridge } from '../../support/bridge.ts'

const bot = 10001
const captain = 20001
const nemo = 20002
/** The bot is an admin in the first, owns the second, is a member of the third. */
const [admins, owns, member] = [30001, 30002, 30003]

let bridge: RunningBridge
let sessionKey: string
let happened: string[]

beforeEach(async () => {
  bridge = await startBridge()
  sessionKey = await login(bridge.miraiPort)
  happened = []
})
afterEach(() => bridge.stop())

async function post(port: number, path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Record<string, unknown>
}

interface Violation {
  before?: (world: World) => unknown
  onebot: [action: string, params: object, retcode: number]
  mirai: [path: string, body: object, code: number]
}

const plain = (text: string) => [{ type: 'Plain', text }]
const say = (id: number, text: string) => ({
  onebot: (retcode: number): Violation['onebot'] => ['send_group_msg', { group_id: id, message: text }, retcode],
  mirai: (code: number): Violation['mirai'] => ['/sendGroupMessage', { target: id, messageChain: plain(text) }, code],
})
const mute = (id: number, who: number, seconds: number, [retcode, code]: [number, number]): Violation => ({
  onebot: ['set_group_ban', { group_id: id, user_id: who, duration: seconds }, retcode],
  mirai: ['/mute', { target: id, memberId: who, time: seconds }, code],
})
const nodes = Array.from({ length: 201 }, (_, at) => at)
const anybody = { senderId: captain, time: 1, senderName: 'n' }

const violations: Record<string, Violation> = {
  'a member mutes nobody': mute(member, nemo, 60, [200, 10]),
  'nobody mutes the owner': mute(admins, captain, 60, [200, 10]),
  'an admin mutes no admin': mute(admins, 20005, 60, [200, 10]),
  'a mute lasts 30 days at most': mute(owns, nemo, 30 * 86_400 + 1, [400, 400]),
  'who is not there cannot be muted': mute(owns, 20003, 60, [200, 5]),
  'who is muted says nothing': {
    before: (world) => world.as(captain).mute(member, bot, 60),
    onebot: say(member, 'x').onebot(200),
    mirai: say(member, 'x').mirai(20),
  },
  'in a muted group members say nothing': {
    before: (world) => world.as(captain).muteAll(member, true),
    onebot: say(member, 'x').onebot(200),
    mirai: say(member, 'x').mirai(20),
  },
  '5,000 characters are the most': {
    onebot: say(admins, 'x'.repeat(5001)).onebot(200),
    mirai: say(admins, 'x'.repeat(5001)).mirai(30),
  },
  'a forward holds 200 messages at most': {
    onebot: [
      'send_group_forward_msg',
      {
        group_id: admins,
        messages: nodes.map(() => ({ type: 'node', data: { user_id: 1, nickname: 'n', content: 'x' } })),
      },
      200,
    ],
    mirai: [
      '/sendGroupMessage',
      {
        target: admins,
        messageChain: [{ type: 'Forward', nodeList: nodes.map(() => ({ ...anybody, messageChain: plain('x') })) }],
      },
      30,
    ],
  },
  'the owner does not leave': {
    onebot: ['set_group_leave', { group_id: owns }, 200],
    mirai: ['/quit', { target: owns }, 500],
  },
  'a member recalls nothing of others': {
    before: (world) => world.as(captain).say(group(member), 'stays'),
    onebot: ['delete_msg', { message_id: 0 }, 200],
    mirai: ['/recall', { messageId: 0, target: member }, 10],
  },
  'a message that is not there is not recalled': {
    onebot: ['delete_msg', { message_id: 77 }, 200],
    mirai: ['/recall', { messageId: 77, target: member }, 5],
  },
  'strangers without a common group are out of reach': {
    onebot: ['send_private_msg', { user_id: 20301, message: 'x' }, 200],
    mirai: ['/sendFriendMessage', { target: 20301, messageChain: plain('x') }, 5],
  },
  'members who are no friends need a temp conversation through a common group': {
    onebot: ['send_private_msg', { user_id: nemo, group_id: 30004, message: 'x' }, 200],
    mirai: ['/sendTempMessage', { qq: nemo, group: 30004, messageChain: plain('x') }, 5],
  },
  'everybody is mentioned by admins': {
    onebot: ['send_group_msg', { group_id: member, message: [{ type: 'at', data: { qq: 'all' } }] }, 200],
    mirai: ['/sendGroupMessage', { target: member, messageChain: [{ type: 'AtAll' }] }, 10],
  },
  'and ten times a day': {
    before: (world) => {
      for (let at = 0; at < 10; at++) world.as(bot).say(group(admins), [{ type: 'mentionAll' }])
    },
    onebot: ['send_group_msg', { group_id: admins, message: [{ type: 'at', data: { qq: 'all' } }] }, 200],
    mirai: ['/sendGroupMessage', { target: admins, messageChain: [{ type: 'AtAll' }] }, 10],
  },
  'a group that is not there': {
    onebot: say(39_999, 'x').onebot(200),
    mirai: say(39_999, 'x').mirai(5),
  },
  'titles are the owner’s': {
    onebot: ['set_group_special_title', { group_id: admins, user_id: nemo, special_title: 't' }, 200],
    mirai: ['/memberInfo', { target: admins, memberId: nemo, info: { specialTitle: 't' } }, 10],
  },
  'admins are appointed by the owner': {
    onebot: ['set_group_admin', { group_id: admins, user_id: nemo, enable: true }, 200],
    mirai: ['/memberAdmin', { target: admins, memberId: nemo, assign: true }, 10],
  },
}

test.each(Object.entries(violations))('%s', async (_, { before, onebot, mirai }) => {
  const world = bridge.world()
  // Ids of messages are known once they were said.
  const said = before?.(world)
  const messageId = typeof said === 'number' ? world.host.toMessageId(bot as never, world.state.messages.get(said)!) : 0
  const known = (body: object): object =>
    JSON.parse(JSON.stringify(body).replaceAll(/("message_?[iI]d"):0/g, `$1:${messageId}`)) as object
  world.watch(({ type }) => happened.push(type))

  const [action, params, retcode] = onebot
  const failed = await post(bridge.onebotPort, `/${action}`, known(params))
  expect(failed).toMatchObject({
    status: 'failed',
    retcode,
    data: null,
    message: expect.stringMatching(/.{8,}/) as string,
  })
  const [path, body, code] = mirai
  const refused = await post(bridge.miraiPort, path, { sessionKey, ...known(body) })
  expect(refused).toMatchObject({ code, msg: expect.stringMatching(/./) as string })
  expect(happened).toEqual([])
})
