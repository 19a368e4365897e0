import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { BridgeEvent } from '../../../src/core/event.ts'
import type { UserId } from '../../../src/core/ids.ts'
import { bot, lab, time } from '../../dialect/mirai/fixtures.ts'
import { startInbound, until, type Harness } from './setup.ts'

interface Hook {
  url: string
  posts: { path: string; headers: IncomingHttpHeaders; body: string }[]
  /** Answers the next posts. Default: empty. */
  respond: (response: ServerResponse, body: string) => void
  close(): void
}

async function startHook(port = 0): Promise<Hook> {
  const hook: Hook = { url: '', posts: [], respond: (response) => response.end(), close: () => {} }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      hook.posts.push({ path: `${request.method} ${request.url}`, headers: request.headers, body })
      hook.respond(response, body)
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=hush`
  hook.close = () => {
    server.closeAllConnections()
    server.close()
  }
  return hook
}

let harness: Harness
const hooks: Hook[] = []
afterEach(async () => {
  await harness.close()
  for (const hook of hooks.splice(0)) hook.close()
})

/** `patience`: milliseconds that each of them has for an answer; default 10 s. */
async function start(
  count = 1,
  given: Parameters<typeof startInbound>[0] = {},
  patience: readonly number[] = [],
): Promise<Hook[]> {
  const made = await Promise.all(Array.from({ length: count }, () => startHook()))
  hooks.push(...made)
  const headers = { authorization: 'secret', qq: 'mine' }
  const webhooks = made.map(({ url }, at) => ({ url, headers, timeoutMs: patience[at] ?? 10_000 }))
  harness = await startInbound({ webhooks, ...given })
  return made
}

const online = (number: number): BridgeEvent => ({ type: 'bot.online', bot: number as UserId, time, again: false })
const text = (number: number) => `{"type":"BotOnlineEvent","qq":${number}}`

test('each event of each bot, naked, with headers that name the bot', async () => {
  const [one, two] = await start(2)
  harness.inbound.push(online(bot))
  harness.inbound.push(online(10002))
  for (const hook of [one, two]) {
    await until(() => hook?.posts.length === 2)
    expect(hook?.posts.map(({ path, body }) => [path, body])).toEqual([
      ['POST /hook?token=hush', text(bot)],
      ['POST /hook?token=hush', text(10002)],
    ])
    expect(hook?.posts[1]?.headers).toMatchObject({
      'content-type': 'application/json; charset=UTF-8',
      authorization: 'secret',
      qq: '10002',
      'x-qq': '10002',
      bot: '10002',
      'x-bot': '10002',
    })
  }
})

test('the answer carries one command; memberInfo means update, status and type do not count', async () => {
  const [hook] = await start()
  hook!.respond = (response) => {
    response.writeHead(500, { 'content-type': 'text/plain' })
    const content = { target: lab, memberId: 40004, info: { name: 'Card' } }
    response.end(JSON.stringify({ command: 'memberInfo', content }))
  }
  harness.inbound.push(online(10002))
  await until(() => harness.calls.length > 0)
  expect(harness.calls).toEqual([{ name: 'group.member.card', params: { groupId: lab, userId: 40004, card: 'Card' } }])
  expect(harness.options).toEqual([{ loopback: true }])
})

test.each(['', '{}', 'nonsense', '[]', '{"command":"about"}', '{"command":"friendList"}', '{"command":"__proto__"}'])(
  '%j does nothing',
  async (answer) => {
    const [hook] = await start()
    hook!.respond = (response) => response.end(answer)
    harness.inbound.push(online(bot))
    harness.inbound.push(online(bot))
    await until(() => hook?.posts.length === 2)
    expect(harness.calls).toEqual([])
    expect(harness.logs.filter((line) => !line.startsWith('debug'))).toEqual([])
  },
)

test('a command that fails is dropped', async () => {
  const [hook] = await start()
  hook!.respond = (response) => response.end('{"command":"quit","content":{}}')
  harness.inbound.push(online(bot))
  await until(() => harness.logs.some((line) => line.includes('an answer was dropped')))
  harness.inbound.push(online(bot))
  await until(() => hook?.posts.length === 2)
  expect(harness.calls).toEqual([])
})

test('order is kept: one request at a time', async () => {
  const [hook] = await start()
  const open: ServerResponse[] = []
  hook!.respond = (response) => void open.push(response)
  for (let at = 1; at <= 3; at++) harness.inbound.push(online(at))
  for (let at = 1; at <= 3; at++) {
    await until(() => open.length === at)
    expect(hook?.posts.map(({ body }) => body)).toEqual(Array.from({ length: at }, (_, before) => text(before + 1)))
    open[at - 1]?.end()
  }
})

test('an address that hangs or is away holds up nobody else', async () => {
  const [slow, fine, gone] = await start(3, {}, [400])
  slow!.respond = () => {}
  gone!.close()
  for (let at = 1; at <= 3; at++) harness.inbound.push(online(at))
  await until(() => fine?.posts.length === 3)
  await until(() => slow?.posts.length === 3)
  const complaints = harness.logs.filter((line) => line.startsWith('warn'))
  expect(complaints).toHaveLength(2)
  expect(complaints.join()).not.toContain('hush')
})

test('while an address is away its events wait, in order', async () => {
  const [hook] = await start()
  const { port } = new URL(hook!.url)
  hook!.close()
  for (let at = 1; at <= 3; at++) harness.inbound.push(online(at))
  await until(() => harness.logs.some((line) => line.includes('ECONNREFUSED')))
  const back = await startHook(Number(port))
  hooks.push(back)
  await until(() => back.posts.length === 3)
  expect(back.posts.map(({ body }) => body)).toEqual([text(1), text(2), text(3)])
})

test('a connection that is cut after the event was sent is tried again; a time-out is not', async () => {
  const [cut, late] = await start(2, {}, [50, 50])
  cut!.respond = (response) => {
    cut!.respond = (again) => again.end()
    response.destroy()
  }
  late!.respond = () => {}
  harness.inbound.push(online(1))
  harness.inbound.push(online(2))
  await until(() => cut?.posts.length === 3 && late?.posts.length === 2)
  expect(cut?.posts.map(({ body }) => body)).toEqual([text(1), text(1), text(2)])
  expect(late?.posts.map(({ body }) => body)).toEqual([text(1), text(2)])
})

test('what waited too long for an address goes', async () => {
  const [hook] = await start(1, { limits: { webhookSeconds: 1 } })
  const { port } = new URL(hook!.url)
  hook!.close()
  harness.inbound.push(online(1))
  await until(() => harness.logs.some((line) => line.includes('too slow or away')))
  const back = await startHook(Number(port))
  hooks.push(back)
  harness.inbound.push(online(2))
  await until(() => back.posts.length === 1)
  expect(back.posts.map(({ body }) => body)).toEqual([text(2)])
})

test('what waits is bounded, the oldest go', async () => {
  const [hook] = await start(1, { limits: { webhookEvents: 2 } })
  const open: ServerResponse[] = []
  hook!.respond = (response) => void open.push(response)
  harness.inbound.push(online(1))
  await until(() => open.length === 1)
  for (let at = 2; at <= 5; at++) harness.inbound.push(online(at))
  hook!.respond = (response) => response.end()
  open[0]?.end()
  await until(() => hook?.posts.length === 3)
  expect(hook?.posts.map(({ body }) => body)).toEqual([text(1), text(4), text(5)])
})

test('an endless answer is not read to its end', async () => {
  const [hook] = await start()
  hook!.respond = (response) => response.end('x'.repeat(1024 * 1024 + 1))
  harness.inbound.push(online(bot))
  await until(() => harness.logs.some((line) => line.includes('longer than')))
  expect(hook?.posts).toHaveLength(1)
})

test('switched off by the list of adapters', async () => {
  const [hook] = await start(1, { adapters: ['http'] })
  harness.inbound.push(online(bot))
  expect(harness.inbound.addresses()).toHaveLength(1)
  expect(hook?.posts).toEqual([])
})
