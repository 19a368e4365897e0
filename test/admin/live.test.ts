// What admin shows of a bridge that runs: counters, events and traces.
import { describe, expect, test } from 'vitest'
import { group } from '../../src/world/index.ts'
import { accessToken, adminToken, startBridge, until, type RunningBridge } from '../support/bridge.ts'

const right = { authorization: `Bearer ${adminToken}` }

function ask(bridge: RunningBridge, path: string, headers: Record<string, string> = right): Promise<Response> {
  return fetch(`http://127.0.0.1:${bridge.adminPort}${path}`, { headers })
}

function callOneBot(bridge: RunningBridge, action: string, params: unknown): Promise<unknown> {
  return fetch(`http://127.0.0.1:${bridge.onebotPort}/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  }).then((response) => response.json())
}

describe('the token guards', () => {
  test.each(['/metrics', '/events', '/traces'])('%s', async (path) => {
    await using bridge = await startBridge()
    expect((await ask(bridge, path, {})).status).toBe(401)
    expect((await ask(bridge, path, { authorization: 'Bearer wrong' })).status).toBe(403)
  })
})

describe('readiness', () => {
  test('no bot on line, then one, then none again', async () => {
    await using far = await startBridge()
    const ws = `ws://127.0.0.1:${far.onebotPort}`
    await using bridge = await startBridge({ backends: { far: { dialect: 'onebot11', ws, accessToken } } })
    const readiness = async (): Promise<unknown[]> => {
      const response = await ask(bridge, '/readyz', {})
      return [response.status, await response.json()]
    }
    await until(() => bridge.bots()[0]?.online, 'the account')
    expect(await readiness()).toEqual([200, { status: 'ready' }])
    await far.stop()
    await until(() => !bridge.bots()[0]?.online, 'the account to go')
    expect(await readiness()).toEqual([503, { status: 'not ready', reasons: ['no bot is on line'] }])
  })
})

describe('metrics', () => {
  test('events, calls, losses, latencies and accounts; no ids and no words of clients', async () => {
    await using bridge = await startBridge()
    bridge.world().as(20001).say(group(30001), 'a-text-that-must-not-leak')
    await callOneBot(bridge, 'send_group_msg', { group_id: 30001, message: 'a-text-that-must-not-leak' })
    await callOneBot(bridge, 'get_group_info', { group_id: 4 })
    await callOneBot(bridge, 'made_up_action', {})
    const response = await ask(bridge, '/metrics')
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    expect(text).toMatch(/^bridge_events_total\{backend="world",type="message"\} [1-9]/m)
    expect(text).toMatch(/^bridge_calls_total\{inbound="onebot",action="message\.send",outcome="ok"\} 1$/m)
    expect(text).toMatch(/^bridge_calls_total\{inbound="onebot",action="group\.get",outcome="notFound"\} 1$/m)
    expect(text).toMatch(/^bridge_call_seconds_bucket\{inbound="onebot",le="\+Inf"\} 2$/m)
    expect(text).toMatch(/^bridge_call_seconds_count\{inbound="onebot"\} 2$/m)
    expect(text).toMatch(/^bridge_bots\{backend="world",online="true"\} 1$/m)
    expect(text).toMatch(/^bridge_connections\{place="inbounds\.onebot"\} 0$/m)
    // Behind it are numbers of the process, which may hold any digits.
    expect(text.split('# HELP process_')[0]).not.toMatch(/leak|made_up|30001|10001/)
    // Each line is a comment or a sample.
    for (const line of text.split('\n').filter(Boolean))
      expect(line).toMatch(/^# (HELP|TYPE) \w+ |^\w+(\{[^}]*\})? [0-9.e-]+$/)
  })
})

describe('streams', () => {
  test('an event as it is delivered', async () => {
    await using bridge = await startBridge()
    const response = await ask(bridge, '/events')
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const heard: string[] = []
    const reading = read(response, heard)
    await until(() => heard.join('').includes(': watching'))
    bridge.world().as(20001).say(group(30001), 'hello')
    const text = await until(() => /^data: (.*"type":"message".*)\n\n/m.exec(heard.join(''))?.[1])
    expect(JSON.parse(text)).toMatchObject({
      backend: 'world',
      event: { bot: 10001, message: { segments: [{ type: 'text', text: 'hello' }] } },
    })
    await bridge.stop()
    await reading
  })

  test.each(['/events', '/traces', '/world/events'])('%s ends when the token changes', async (path) => {
    await using bridge = await startBridge({ admin: { listen: `127.0.0.1:0`, token: adminToken } })
    const response = await ask(bridge, path, { ...right, accept: 'text/event-stream' })
    const heard: string[] = []
    const reading = read(response, heard)
    await until(() => heard.join('').includes(': watching'))
    const token = 'another-token-of-tests'
    await bridge.apply({ ...bridge.config(), admin: { listen: '127.0.0.1:0', token } })
    await reading
    expect((await ask(bridge, path)).status).toBe(403)
    const again = await ask(bridge, path, { authorization: `Bearer ${token}`, accept: 'text/event-stream' })
    expect(again.status).toBe(200)
    await again.body?.cancel()
  })
})

async function read(response: Response, heard: string[]): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body as ReadableStream<Uint8Array>) heard.push(decoder.decode(chunk))
  } catch {
    // Cut off with the bridge.
  }
}

test('listeners of a program: each event, until they leave; one that throws harms nobody', async () => {
  await using bridge = await startBridge()
  const heard: string[] = []
  bridge.onEvent(() => {
    throw new Error('mine')
  })
  const leave = bridge.onEvent(({ event }) => heard.push(event.type))
  bridge.world().as(20001).say(group(30001), 'one')
  await until(() => heard.length === 1)
  leave()
  bridge.world().as(20001).say(group(30001), 'two')
  await callOneBot(bridge, 'get_login_info', {})
  expect(heard).toEqual(['message'])
})
