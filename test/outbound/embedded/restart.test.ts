// What bots see of a kept world after a restart: everything as before, but under the addresses of now.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createBridge, type Bridge } from '../../../src/bridge.ts'
import type { GroupId, MessageId } from '../../../src/core/ids.ts'
import { act } from '../../../src/world/control/acts.ts'
import { group } from '../../../src/world/index.ts'
import { login } from '../../hardening/support.ts'
import { adminToken, verifyKey } from '../../support/bridge.ts'

const png = 'iVBORw0KGgo='
const bot = 10001
const bridges: Bridge[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()))
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }))
})

async function start(data: string): Promise<Bridge> {
  const bridge = createBridge({
    data,
    backends: { lab: { dialect: 'embedded' } },
    inbounds: {
      onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'access-token-of-tests' },
      mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
    },
    admin: { listen: '127.0.0.1:0', token: adminToken },
    log: { level: 'silent' },
  })
  bridges.push(bridge)
  await bridge.start()
  return bridge
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'restart-'))
  folders.push(folder)
  return folder
}

/** What the control of its world answers. */
async function control(bridge: Bridge, path: string): Promise<unknown> {
  const url = `http://127.0.0.1:${bridge.ports()['admin']}${path}`
  return (await fetch(url, { headers: { authorization: `Bearer ${adminToken}` } })).json()
}

/** Every address in it. */
function urlsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"url":"([^"]+)"/g)].map(([, url = '']) => url)
}

async function look(bridge: Bridge, messageId: MessageId) {
  const groupId = 30001 as GroupId
  const message = await bridge.call(bot, { name: 'message.get', params: { messageId } })
  const history = await bridge.call(bot, { name: 'message.history', params: { peer: group(groupId) } })
  const files = await bridge.call(bot, { name: 'file.list', params: { groupId } })
  const sent = files.find(({ name }) => name === 'sent.bin')
  const file = await bridge.call(bot, { name: 'file.url', params: { peer: group(groupId), fileId: sent?.id ?? '' } })
  const conversation = await control(bridge, `/world/messages?chat=group&id=${groupId}`)
  return [...urlsIn(message), ...urlsIn(history), file.url, ...urlsIn(conversation)]
}

test('addresses of own media name the port of now, others stay', async () => {
  const data = makeFolder()
  const first = await start(data)
  const image = { type: 'image', base64: png } as const
  const { messageId } = await first.call(bot, {
    name: 'message.send',
    params: {
      peer: group(30001),
      segments: [
        image,
        { type: 'image', url: 'http://example.com/a.png' },
        { type: 'forward', nodes: [{ segments: [{ type: 'text', text: 'x' }, image] }] },
      ],
    },
  })
  first
    .world()
    .as(20001)
    .say(group(30001), [{ type: 'file', name: 'sent.bin', base64: png }])
  const before = await look(first, messageId)
  const oldPort = first.ports()['onebot']
  await first.stop()
  const second = await start(data)
  const port = second.ports()['onebot']
  expect(port).not.toBe(oldPort)
  const after = await look(second, messageId)
  expect(after).toEqual(before.map((url) => url.replace(`:${oldPort}/`, `:${port}/`)))
  const own = after.filter((url) => !url.startsWith('http://example.com/'))
  expect(own.length).toBeGreaterThan(8)
  expect(urlsIn(await control(second, '/world'))).toEqual([])
  for (const url of own) expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64')).toBe(png)
})

/** The id under which OneBot clients and mah clients know the request that this makes. */
function askedBy(bridge: Bridge, request: object): number {
  const answer = act(bridge.world(), request)
  return 'flag' in answer ? Number(answer.flag) : 0
}

test('requests of a former life are answered by their ids of then, in both dialects, and only once', async () => {
  const data = makeFolder()
  const first = await start(data)
  const friendId = askedBy(first, { kind: 'friend_request', user: 20301, message: 'hi' })
  const joinId = askedBy(first, { kind: 'join_request', group: 30001, user: 20302, message: 'let me in' })
  expect(Math.min(friendId, joinId)).toBeGreaterThan(0)
  await first.stop()
  const second = await start(data)
  const oneBot = async () => {
    const answered = await fetch(`http://127.0.0.1:${second.ports()['onebot']}/set_friend_add_request`, {
      method: 'POST',
      headers: { authorization: 'Bearer access-token-of-tests', 'content-type': 'application/json' },
      body: JSON.stringify({ flag: String(friendId), approve: true, remark: 'of then' }),
    })
    return answered.json()
  }
  expect(await oneBot()).toMatchObject({ status: 'ok' })
  expect(await oneBot()).toMatchObject({ status: 'failed', retcode: 200 })
  const { accounts, groups } = second.world().state
  expect(accounts.get(bot as never)?.friends.get(20301 as never)?.remark).toBe('of then')
  const miraiPort = second.ports()['mirai'] ?? 0
  const sessionKey = await login(miraiPort)
  const mirai = async () => {
    const answer = { sessionKey, eventId: joinId, fromId: 20302, groupId: 30001, operate: 0, message: '' }
    const url = `http://127.0.0.1:${miraiPort}/resp/memberJoinRequestEvent`
    return (await fetch(url, { method: 'POST', body: JSON.stringify(answer) })).json()
  }
  expect(await mirai()).toEqual({ code: 0, msg: 'success' })
  expect(await mirai()).toMatchObject({ code: 5 })
  expect(groups.get(30001 as never)?.members.has(20302 as never)).toBe(true)
})
