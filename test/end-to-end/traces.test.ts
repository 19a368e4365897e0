// What an operator can follow: one request and one event through all their forms, failures by the number that clients were told.
import { afterEach, expect, test } from 'vitest'
import type { TraceView } from '../../src/index.ts'
import { dial, open, type Client } from '../hardening/support.ts'
import { failed, FakeOneBot, silence } from '../outbound/onebot11/fake-onebot.ts'
import { accessToken, adminToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function setUp(): Promise<{ bridge: RunningBridge; backend: FakeOneBot; mirai: Client; onebot: Client }> {
  const backend = await new FakeOneBot().listen()
  backend.on('get_friend_list', []).on('get_group_list', []).on('get_group_member_list', [])
  backend.on('send_group_msg', { message_id: 7 })
  const bridge = await startBridge({
    backends: { far: { dialect: 'onebot11', ws: backend.url, callTimeoutMs: 200 } },
    enrichDeadlineMs: 50,
  })
  closers.push(
    () => backend.close(),
    () => bridge.stop(),
  )
  await until(() => bridge.bots()[0]?.online, 'the account')
  const mirai = await open(dial(`ws://127.0.0.1:${bridge.miraiPort}/all`, { verifyKey, qq: '10001' }))
  await mirai.find((text) => text.includes('session'))
  const onebot = await open(dial(`ws://127.0.0.1:${bridge.onebotPort}/`, { authorization: `Bearer ${accessToken}` }))
  closers.push(
    () => mirai.raw.terminate(),
    () => onebot.raw.terminate(),
  )
  return { bridge, backend, mirai, onebot }
}

async function admin(bridge: RunningBridge, path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${adminToken}` }
  const response = await fetch(`http://127.0.0.1:${bridge.adminPort}${path}`, { headers })
  return (await response.json()) as Record<string, unknown>
}

test('a request of a mirai client to a OneBot backend: every text, every form, the times', async () => {
  const { bridge, mirai, backend } = await setUp()
  const content = { target: 30001, messageChain: [{ type: 'Plain', text: 'hi' }] }
  mirai.send({ syncId: 's1', command: 'sendGroupMessage', content })
  const answer = await mirai.find((text) => text.includes('"s1"'))
  const listed = (await admin(bridge, '/traces?name=message.send')) as { traces: { id: string }[] }
  expect(listed.traces).toMatchObject([{ kind: 'call', where: 'mirai', bot: 10001, state: 'ok', losses: [] }])
  const trace = (await admin(bridge, `/traces/${listed.traces[0]?.id}`)) as unknown as TraceView
  const asked = backend.frames.find(({ action }) => action === 'send_group_msg')
  expect(JSON.parse(trace.source)).toEqual({ syncId: 's1', command: 'sendGroupMessage', content })
  expect(trace.steps.map(({ kind, place }) => `${kind} ${place}`)).toEqual(['action far', 'asked far'])
  const [action, exchange] = trace.steps
  expect(JSON.parse(action?.value ?? '')).toEqual({
    name: 'message.send',
    params: { peer: { kind: 'group', groupId: 30001 }, segments: [{ type: 'text', text: 'hi' }] },
  })
  expect(JSON.parse(exchange?.value ?? '')).toEqual(asked)
  expect(JSON.parse(exchange?.answer ?? '')).toMatchObject({ status: 'ok', data: { message_id: 7 }, echo: asked?.echo })
  expect(trace.answer).toBe(answer)
  expect(trace.ms).toBeGreaterThanOrEqual(exchange?.took ?? Infinity)
  expect(action?.took).toBeGreaterThanOrEqual(exchange?.took ?? Infinity)
  expect(await admin(bridge, '/traces/no-such')).toEqual({ error: expect.stringContaining('no such trace') as unknown })
})

test('an event: what the backend said, its canonical form, what each client was told, what was lost', async () => {
  const { bridge, mirai, onebot, backend } = await setUp()
  const wire = {
    time: 1_700_000_000,
    self_id: 10001,
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    message_id: 5,
    group_id: 30001,
    user_id: 20001,
    message: [
      { type: 'text', data: { text: 'hello' } },
      { type: 'markdown', data: { content: '# x' } },
    ],
    raw_message: 'hello',
    font: 14,
    sender: { user_id: 20001, nickname: 'Ada', card: '', role: 'member' },
  }
  backend.send(wire)
  const told = await mirai.find((text) => text.includes('GroupMessage'))
  const heard = await onebot.find((text) => text.includes('"message_type"'))
  const trace = await until(() => {
    const found = bridge.traces().find(({ kind, name }) => kind === 'event' && name === 'message')
    return found && bridge.trace(found.id)
  }, 'the trace')
  expect(trace).toMatchObject({ where: 'far', bot: 10001, state: 'ok' })
  expect(JSON.parse(trace.source)).toEqual(wire)
  expect(trace.steps.map(({ kind, place }) => `${kind} ${place}`)).toEqual([
    'action far',
    'delivered mirai ws /all',
    'delivered onebot ws /',
  ])
  expect(trace.steps[1]?.value).toBe(JSON.stringify((JSON.parse(told) as { data: unknown }).data))
  expect(trace.steps[2]?.value).toBe(heard)
  expect(trace.losses).toContainEqual(expect.objectContaining({ what: 'markdown', fidelity: 'asText' }))
})

test('a failure of the backend names its trace in both dialects; the reason for programs stays as it is', async () => {
  const { bridge, mirai, onebot, backend } = await setUp()
  backend.on('send_group_msg', failed(1200, 'rich media transfer failed'))
  onebot.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'x' }, echo: 1 })
  const answer = JSON.parse(await onebot.find((text) => text.includes('"echo":1'))) as Record<string, string>
  const id = /\(trace ([0-9a-z]+-[0-9a-z]+)\)$/.exec(answer['wording'] ?? '')?.[1] ?? ''
  expect(answer['message']).toBe('rich media transfer failed')
  expect(bridge.trace(id)).toMatchObject({
    state: 'failed',
    error: { kind: 'backend', message: 'rich media transfer failed' },
    answer: JSON.stringify(answer),
  })
  backend.on('send_group_msg', silence)
  const content = { target: 30001, messageChain: [{ type: 'Plain', text: 'hi' }] }
  mirai.send({ syncId: 's2', command: 'sendGroupMessage', content })
  const { data } = JSON.parse(await mirai.find((text) => text.includes('"s2"'))) as {
    data: { code: number; msg: string }
  }
  expect(data.code).toBe(500)
  const late = /\(trace (\S+)\)$/.exec(data.msg)?.[1] ?? ''
  expect(bridge.trace(late)).toMatchObject({ state: 'failed', error: { kind: 'timeout' } })
})

test('what the client did wrong is traced, without a number in its answer', async () => {
  const { bridge, onebot } = await setUp()
  onebot.send('{"action":')
  onebot.send({ action: 'send_group_msg', params: { message: 'x' }, echo: 2 })
  const answer = JSON.parse(await onebot.find((text) => text.includes('"echo":2'))) as Record<string, string>
  expect(answer['wording']).toBe(answer['message'])
  await until(() => bridge.traces().filter(({ state }) => state === 'failed').length === 2, 'both')
  expect(bridge.traces().filter(({ state }) => state === 'failed')).toMatchObject([
    { error: { kind: 'badRequest' }, name: '' },
    { error: { kind: 'badParameter' } },
  ])
})

test('secrets are not shown: of the configuration, of sessions, of addresses', async () => {
  const { bridge } = await setUp()
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${bridge.miraiPort}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const { session } = (await (await post('/verify', { verifyKey })).json()) as { session: string }
  await post('/bind', { sessionKey: session, qq: 10001 })
  const text = `${accessToken} https://q.example/a?rkey=leak`
  const messageChain = [{ type: 'Plain', text }]
  await post('/sendGroupMessage', { sessionKey: session, target: 30001, messageChain })
  const all = JSON.stringify(bridge.traces().map(({ id }) => bridge.trace(id)))
  expect(all).toContain('sendGroupMessage')
  expect(all).toContain('https://q.example/a?***')
  for (const secret of [session, accessToken, verifyKey, 'leak']) expect(all).not.toContain(secret)
})

test('live, as server-sent events', async () => {
  const { bridge, onebot } = await setUp()
  const headers = { authorization: `Bearer ${adminToken}`, accept: 'text/event-stream' }
  const response = await fetch(`http://127.0.0.1:${bridge.adminPort}/traces`, { headers })
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream() as never).getReader()
  let heard = ''
  const reading = (async () => {
    for (;;) {
      const { value, done } = (await reader.read()) as { value?: string; done: boolean }
      if (done) return
      heard += value ?? ''
    }
  })().catch(() => {})
  await until(() => heard.includes('watching'), 'the stream')
  onebot.send({ action: 'get_login_info', echo: 3 })
  const data = await until(() => /^data: (.*get_login_info.*)$/m.exec(heard)?.[1], 'the trace')
  expect(JSON.parse(data)).toMatchObject({ kind: 'call', where: 'onebot', state: 'ok' })
  await reader.cancel()
  await reading
})
