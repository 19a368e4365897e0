// World control over a real socket.
import { afterEach, describe, expect, test } from 'vitest'
import { createAdmin } from '../../src/admin/index.ts'
import { createListener, type Listener } from '../../src/transport/http-server.ts'
import { createTurn } from '../../src/transport/turn.ts'
import { createWorld, demoWorld, parseWorld, type World } from '../../src/world/index.ts'

const listeners: Listener[] = []
const errors: unknown[] = []
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()))
  for (const error of errors.splice(0)) throw error
})

interface Admin {
  worlds: Map<string, World>
  state: { reasons: string[] }
  ask(path: string, init?: RequestInit): Promise<Response>
  act(body: unknown): Promise<[status: number, body: unknown]>
}

const right = { authorization: 'Bearer right-token' }

async function startAdmin(names: string[] = ['lab']): Promise<Admin> {
  const onError = (error: unknown): void => void errors.push(error)
  const turn = createTurn(onError)
  const browser = { origins: [], hosts: [], secretRequired: true }
  const listener = createListener({ host: '127.0.0.1', port: 0, turn, browser, onError })
  const worlds = new Map(names.map((name) => [name, createWorld(parseWorld(demoWorld))]))
  const state: Admin['state'] = { reasons: [] }
  const waiting = { events: 1000, bytes: 8 * 1024 * 1024 }
  createAdmin({ listener, token: 'right-token', waiting, worlds, unready: () => state.reasons, onDefect: onError })
  await listener.listen()
  listeners.push(listener)
  const ask: Admin['ask'] = (path, init) =>
    fetch(`http://127.0.0.1:${listener.port}${path}`, { headers: right, ...init })
  return {
    worlds,
    state,
    ask,
    async act(body) {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const response = await ask('/world/act', { method: 'POST', body: text })
      return [response.status, await response.json()]
    },
  }
}

const hello = {
  kind: 'message',
  chat: 'group',
  group: 30001,
  sender: 20001,
  segments: [{ type: 'text', text: '你好' }],
}

describe('health', () => {
  test('needs no token', async () => {
    const { ask, state } = await startAdmin()
    expect((await ask('/healthz', { headers: {} })).status).toBe(200)
    expect((await ask('/readyz', { headers: {} })).status).toBe(200)
    state.reasons = ['no bot is on line']
    expect((await ask('/healthz', { headers: {} })).status).toBe(200)
    const response = await ask('/readyz', { headers: {} })
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', reasons: ['no bot is on line'] },
    ])
  })
})

describe('token', () => {
  test.each([
    ['GET', '/world'],
    ['GET', '/world/messages?chat=group&id=30001'],
    ['GET', '/world/events'],
    ['POST', '/world/act'],
    ['POST', '/world/reset'],
  ])('%s %s: 401 without, 403 with a wrong one', async (method, path) => {
    const { ask } = await startAdmin()
    const status = async (authorization?: string) =>
      (await ask(path, { method, headers: authorization === undefined ? {} : { authorization } })).status
    expect(await status()).toBe(401)
    expect(await status('Basic right-token')).toBe(401)
    expect(await status('Bearer right-toke')).toBe(403)
    expect(await status('Bearer right-tokens')).toBe(403)
  })
})

describe('acts', () => {
  test('answer and take effect', async () => {
    const { act, worlds } = await startAdmin()
    const [status, answer] = await act(hello)
    expect(status).toBe(200)
    const { messageId } = answer as { messageId: number }
    expect(worlds.get('lab')?.state.messages.get(messageId)?.senderId).toBe(20001)
    expect(await act({ kind: 'mute_all', group: 30001, operator: 20001, on: true })).toEqual([200, {}])
  })

  test.each([
    [{ ...hello, extra: 1 }, 'extra: unknown field'],
    [{ kind: 'fly' }, 'unknown kind'],
    ['{', 'not valid JSON'],
    ['[]', 'act: must be a JSON object'],
    ['', 'not valid JSON'],
    ['['.repeat(200), 'nested deeper'],
    [{ ...hello, sender: 20301 }, '20301 is not a member of group 30001'],
  ])('%j: 400 with the reason', async (body, reason) => {
    const { act, worlds } = await startAdmin()
    const before = worlds.get('lab')?.export()
    expect(await act(body)).toEqual([400, { error: expect.stringContaining(reason) as unknown }])
    expect(worlds.get('lab')?.export()).toEqual(before)
  })

  test('compressed bodies are refused', async () => {
    const { ask } = await startAdmin()
    const headers = { ...right, 'content-encoding': 'gzip' }
    expect((await ask('/world/act', { method: 'POST', headers, body: '{}' })).status).toBe(415)
  })
})

describe('looking', () => {
  test('GET /world is a world file, POST /world/reset goes back to it', async () => {
    const { ask, act } = await startAdmin()
    const world = async () => (await ask('/world')).json()
    const before: unknown = await world()
    expect(parseWorld(before)).toEqual(before)
    await act({ kind: 'group_name', group: 30001, operator: 20001, name: 'changed' })
    expect(await world()).toMatchObject({ groups: [{ id: 30001, name: 'changed' }, {}, {}, {}] })
    const reset = await ask('/world/reset', { method: 'POST' })
    expect([reset.status, await reset.json()]).toEqual([200, {}])
    expect(await world()).toEqual(before)
  })

  test('GET /world/messages', async () => {
    const { ask, act } = await startAdmin()
    const [, answer] = await act(hello)
    const { messageId } = answer as { messageId: number }
    await act({ kind: 'recall', chat: 'group', group: 30001, sender: 20001, id: messageId })
    const response = await ask('/world/messages?chat=group&id=30001&limit=5')
    expect(await response.json()).toMatchObject({
      messages: [{ id: messageId, sender: 20001, segments: [{ type: 'text', text: '你好' }], recalled: true }],
    })
    const refused = await ask('/world/messages?chat=group&id=5')
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'there is no group 5' }])
  })

  test('GET /world/events streams what happens', async () => {
    const { ask, act } = await startAdmin()
    const cut = new AbortController()
    const response = await ask('/world/events', { signal: cut.signal })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await act(hello)
    let seen = ''
    while (!seen.includes('\n\nevent: message\n')) seen += (await reader?.read())?.value ?? ''
    while (!seen.endsWith('}\n\n')) seen += (await reader?.read())?.value ?? ''
    const data = /^data: (.*)$/m.exec(seen)?.[1] ?? ''
    expect(JSON.parse(data)).toMatchObject({ type: 'message', message: { senderId: 20001, seq: 1 } })
    cut.abort()
  })

  test('?world= chooses among several, the first is the default', async () => {
    const { ask, worlds } = await startAdmin(['one', 'two'])
    worlds.get('two')?.as(20001).configure(30001, { name: 'second' })
    const nameIn = async (path: string) =>
      ((await (await ask(path)).json()) as { groups: { name: string }[] }).groups[0]?.name
    expect(await nameIn('/world')).toBe('夜航船 #1')
    expect(await nameIn('/world?world=two')).toBe('second')
    const refused = await ask('/world?world=three')
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'no such world; there are: one, two' }])
  })
})
