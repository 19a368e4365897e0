// One case of each kind of bad input over each transport: the exact answer, and whether the connection stays.
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBridge, type Bridge } from '../../../src/bridge.ts'
import type { GroupId } from '../../../src/core/ids.ts'
import { listenForBridge, listenForPosts } from '../../inbound/onebot11/clients.ts'
import { connect } from '../../inbound/onebot11/support.ts'
import { accessToken, until } from '../../support/bridge.ts'

interface Call {
  kind: string
  action: string
  /** As it stands in a body or a frame. */
  params: string
  /** Bytes of white space behind them. */
  fill?: number
  message: string
  http: [status: number, retcode: number]
  ws: number | string
  /** false: nothing of the frame can be read, so nothing is given back. */
  echo?: false
}
const golden = JSON.parse(readFileSync(new URL('bad-input.json', import.meta.url), 'utf8')) as {
  calls: Call[]
  tokens: { kind: string; query: string; message: string; http: [number, number] }[]
  operations: { kind: string; answer: string; log: string | null }[]
}

const refusal = (retcode: number, message: string, echo?: string): string =>
  JSON.stringify({ status: 'failed', retcode, data: null, message, wording: message }).replace(
    /\}$/,
    echo === undefined ? '}' : `,"echo":${echo}}`,
  )

let bot: Awaited<ReturnType<typeof listenForBridge>>
let reverse: Awaited<ReturnType<typeof bot.connections.next>>
let hook: Awaited<ReturnType<typeof listenForPosts>>
let operation = ''
let bridge: Bridge
let place: string
const lines: string[] = []

beforeAll(async () => {
  bot = await listenForBridge()
  hook = await listenForPosts(() => ({ status: 200, body: operation }))
  const onebot = {
    dialect: 'onebot11' as const,
    listen: '127.0.0.1:0',
    accessToken,
    reverse: [{ url: bot.url, bot: 10001 }],
    webhooks: [{ url: hook.url }],
  }
  bridge = createBridge(
    { backends: { world: { dialect: 'embedded' } }, inbounds: { onebot }, limits: { messageBytes: 20_000 } },
    { log: (_level, _where, text) => void lines.push(text) },
  )
  await bridge.start()
  place = `127.0.0.1:${bridge.ports()['onebot']}`
  reverse = await bot.connections.next()
})
afterAll(async () => {
  await bridge.stop()
  await bot.close()
  await hook.close()
})

const paramsOf = ({ params, fill = 0 }: Call): string => params + ' '.repeat(fill)
const frameOf = (call: Call): string => `{"action":"${call.action}","echo":[1, "e"],"params":${paramsOf(call)}}`
const answerTo = ({ ws, message, echo }: Call): string =>
  refusal(Number(ws), message, echo === false ? undefined : '[1, "e"]')

/** Answers of this bridge to calls, past the events. */
async function nextAnswer(next: () => Promise<string>): Promise<string> {
  for (;;) {
    const text = await next()
    if (!text.includes('"post_type"')) return text
  }
}

describe('HTTP', () => {
  test.each(golden.calls)('$kind', async (call) => {
    const headers = { authorization: `Bearer ${accessToken}` }
    const response = await fetch(`http://${place}/${call.action}`, { method: 'POST', headers, body: paramsOf(call) })
    const [status, retcode] = call.http
    expect([response.status, await response.text()]).toEqual([status, refusal(retcode, call.message)])
    expect((await fetch(`http://${place}/get_status`, { headers })).status).toBe(200)
  })

  test.each(golden.tokens)('$kind', async ({ query, message, http: [status, retcode] }) => {
    const response = await fetch(`http://${place}/get_status?${query}`)
    expect([response.status, await response.text()]).toEqual([status, refusal(retcode, message)])
    expect(response.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null)
  })
})

describe('forward WebSocket', () => {
  test.each(golden.calls)('$kind', async (call) => {
    const client = connect(`ws://${place}/api?access_token=${accessToken}`)
    await client.opened
    client.send(frameOf(call))
    if (typeof call.ws === 'string') {
      expect(`close ${(await client.closed).code}`).toBe(call.ws)
      return
    }
    expect(await client.nextText()).toBe(answerTo(call))
    client.send({ action: 'get_status', echo: 'still here' })
    expect(await client.next()).toMatchObject({ status: 'ok', echo: 'still here' })
    client.close()
  })

  test.each(golden.tokens)('$kind', async ({ query }) => {
    const client = connect(`ws://${place}/?${query}`)
    const text = 'token验证失败'
    expect(await client.nextText()).toBe(refusal(1403, text, 'null'))
    expect((await client.closed).code).toBe(1008)
  })
})

describe('reverse WebSocket', () => {
  test.each(golden.calls)('$kind', async (call) => {
    reverse.socket.send(frameOf(call))
    if (typeof call.ws === 'string') {
      const [code] = (await once(reverse.socket, 'close')) as [number]
      expect(`close ${code}`).toBe(call.ws)
      reverse = await bot.connections.next()
    } else {
      expect(await nextAnswer(reverse.texts.next)).toBe(answerTo(call))
    }
    reverse.socket.send('{"action":"get_status","echo":"still here"}')
    expect(await nextAnswer(reverse.texts.next)).toContain('"status":"ok"')
  })
})

describe('server-sent events', () => {
  test.each(golden.tokens)('$kind', async ({ query, message, http: [status, retcode] }) => {
    const response = await fetch(`http://${place}/_events?${query}`)
    expect([response.status, await response.text()]).toEqual([status, refusal(retcode, message)])
  })
})

describe('the answer of a webhook', () => {
  const ship = { kind: 'group', groupId: 30001 as GroupId } as const

  test.each(golden.operations)('$kind', async ({ answer, log }) => {
    operation = answer
    lines.length = 0
    const world = bridge.world()
    world.as(20001).say(ship, 'first')
    await hook.posts.next()
    const wanted = log?.replace('{place}', new URL(hook.url).host)
    if (wanted !== undefined) await until(() => lines.some((line) => line.includes(wanted)), wanted)
    operation = ''
    world.as(20001).say(ship, 'second')
    expect((await hook.posts.next()).body.toString()).toContain('"raw_message":"second"')
    expect(lines.filter((line) => line.includes('quick operation'))).toHaveLength(wanted === undefined ? 0 : 1)
    expect(
      world.state.conversations
        .get('g30001')
        ?.slice(-2)
        .map(({ senderId }) => senderId),
    ).toEqual([20001, 20001])
  })
})
