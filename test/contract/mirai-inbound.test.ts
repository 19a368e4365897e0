// Every command that two adapters share, byte for byte, over each of them: http, ws, reverse-ws, and webhook answers.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Action } from '../../src/core/action.ts'
import type { BridgeEvent } from '../../src/core/event.ts'
import type { RequestRecord } from '../../src/core/ports.ts'
import { allCommands, findCommand } from '../../src/dialect/mirai/index.ts'
import { bot, lab, nico, time } from '../dialect/mirai/fixtures.ts'
import { spec } from '../dialect/mirai/spec.ts'
import { connect, key, login, startInbound, until, type Harness } from '../inbound/mirai/setup.ts'

interface Case {
  name: string
  command: string
  sub?: 'get' | 'update'
  content: Record<string, unknown>
  /** What reaches the backend, without what is only looked up. */
  calls: Action[]
  answer: unknown
  /** Where HTTP words it otherwise. */
  overHttp?: unknown
}

const cases = JSON.parse(readFileSync(new URL('../golden/mirai/commands.json', import.meta.url), 'utf8')) as Case[]

interface Driver {
  /** Text of the answer, out of its envelope. */
  ask(one: Pick<Case, 'command' | 'sub' | 'content'>): Promise<string>
  close(): Promise<void>
}

interface Adapter {
  start(): Promise<{ harness: Harness; driver: Driver }>
}

const noWork = () => Promise.resolve()

const http: Adapter = {
  async start() {
    const harness = await startInbound()
    const session = await login(harness)
    return {
      harness,
      driver: {
        async ask({ command: name, sub, content }) {
          const command = findCommand(name, sub)
          if (!command) throw new Error(`no command ${name}`)
          const url = harness.url + command.path
          if (command.method === 'POST') {
            const body = JSON.stringify({ sessionKey: session, ...content })
            return (await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })).text()
          }
          const query = new URLSearchParams({ sessionKey: session })
          for (const [key, value] of Object.entries(content)) {
            if (value !== null)
              for (const item of [value].flat() as (string | number | boolean)[]) query.append(key, String(item))
          }
          return (await fetch(`${url}?${query.toString()}`)).text()
        },
        close: noWork,
      },
    }
  },
}

const ws: Adapter = {
  async start() {
    const harness = await startInbound()
    const client = connect(harness, `/all?verifyKey=${encodeURIComponent(key)}&qq=${bot}`)
    await client.frame(0)
    return { harness, driver: { ask: (one) => asFrame(one, client.socket), close: noWork } }
  },
}

const reverse: Adapter = {
  async start() {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const harness = await startInbound({ reverse: [{ url: `ws://127.0.0.1:${port}/` }] })
    const [socket] = (await once(server, 'connection')) as [WebSocket]
    const content = { verifyKey: key, sessionKey: null, qq: bot }
    expect(await asFrame({ command: 'verify', content }, socket)).toContain('"code":0')
    return {
      harness,
      driver: {
        ask: (one) => asFrame(one, socket),
        close: async () => {
          socket.terminate()
          server.close()
        },
      },
    }
  },
}

/** Pushes may come in between. */
function asFrame({ command, sub, content }: Pick<Case, 'command' | 'sub' | 'content'>, socket: WebSocket) {
  return new Promise<string>((resolve) => {
    function receive(data: Buffer): void {
      const [, text] = /^\{"syncId":"7","data":(.*)\}$/.exec(data.toString()) ?? []
      if (text === undefined) return
      socket.off('message', receive)
      resolve(text)
    }
    socket.on('message', receive)
    socket.send(JSON.stringify({ syncId: 7, command, subCommand: sub ?? null, content }))
  })
}

const requests: [number, RequestRecord & { answered: boolean; expired: boolean }][] = [
  [71, { kind: 'friend', native: '71', userId: nico, answered: false, expired: false }],
  [72, { kind: 'join', native: '72', userId: nico, groupId: lab, answered: false, expired: false }],
  [73, { kind: 'invite', native: '73', userId: nico, groupId: lab, answered: false, expired: false }],
]

/** Reads that decide how something is printed or whom it is for. */
const lookUps = new Set(['group.get', 'group.member.get', 'friend.list', 'file.get', 'file.list'])

function effectsOf(one: Pick<Case, 'calls'>, harness: Harness): Action[] {
  const wanted = new Set(one.calls.map(({ name }) => name))
  return harness.calls.filter(({ name }) => wanted.has(name) || !lookUps.has(name))
}

const adapters = { http, ws, 'reverse-ws': reverse }

describe.each(Object.entries(adapters))('%s', (adapterName, adapter) => {
  let harness: Harness
  let driver: Driver
  beforeAll(async () => {
    ;({ harness, driver } = await adapter.start())
  })
  afterAll(async () => {
    await driver.close()
    await harness.close()
  })
  beforeEach(async () => {
    for (const [id, record] of requests) harness.requests.set(id, { ...record })
    await driver.ask({ command: 'cmd_register', content: { name: 'login', alias: ['lg'] } })
    harness.calls.length = 0
  })

  test.each(cases)('$name', async (one) => {
    const text = await driver.ask(one)
    const shown = text.replace(/"sessionKey":"[A-Za-z0-9]{24}"/, '"sessionKey":"KEY"')
    const wanted = adapterName === 'http' && 'overHttp' in one ? one.overHttp : one.answer
    expect(shown).toBe(JSON.stringify(wanted))
    expect(effectsOf(one, harness)).toEqual(one.calls)
  })
})

describe('webhook', () => {
  const event: BridgeEvent = { type: 'bot.online', bot, time, again: false }
  const carried = cases.filter(({ command, sub }) => findCommand(command, sub)?.webhook && sub !== 'get')
  let harness: Harness
  let answer = ''
  const server = createServer((_, response) => {
    response.end(answer)
    answer = ''
  })
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    harness = await startInbound({ webhooks: [{ url: `http://127.0.0.1:${port}/` }] })
  })
  afterAll(async () => {
    await harness.close()
    server.closeAllConnections()
    server.close()
  })

  test.each(carried.filter(({ calls }) => calls.length > 0))('$name', async (one) => {
    for (const [id, record] of requests) harness.requests.set(id, { ...record })
    harness.calls.length = 0
    answer = JSON.stringify({ command: one.command, content: one.content })
    harness.inbound.push(event)
    await until(() => effectsOf(one, harness).length >= one.calls.length)
    expect(effectsOf(one, harness)).toEqual(one.calls)
  })
})

test('every command that a webhook may answer with is here', () => {
  const may = allCommands.filter((command) => command.webhook && command.sub !== 'get').map(({ name }) => name)
  const covered = new Set(cases.map(({ command }) => command))
  expect(may).toHaveLength(27)
  expect(may.filter((name) => !covered.has(name))).toEqual([])
})

test('every command that several adapters have is here', () => {
  const shared = allCommands.filter((command) => command.ws).map(({ name, sub }) => `${name}.${sub ?? ''}`)
  const covered = new Set(cases.map(({ command, sub }) => `${command}.${sub ?? ''}`))
  expect(shared.filter((name) => !covered.has(name))).toEqual([])
})

/** Names of members, in order, of whatever is inside; lists by their first item. */
function outline(value: unknown): unknown {
  if (Array.isArray(value)) return typeof value[0] === 'object' ? [outline(value[0])] : []
  if (typeof value !== 'object' || value === null) return 0
  return Object.entries(value).map(([name, inner]) => [name, outline(inner)])
}

/** Whose packet is of another conversation than the recorded one; packets have golden cases of their own. */
const packets = new Set(['messageFromId', 'roamingMessages'])
const shaped = spec.commands.filter(({ name, response }) => response?.shape && !packets.has(name))

test.each(shaped.map((row) => [`${row.name} ${row.subCommand ?? ''}`, row] as const))(
  'members of the answer of %s stand as recorded',
  (_, row) => {
    const one = cases.find(({ command, sub, answer }) => {
      const { code = 0 } = answer as { code?: number }
      return command === row.name && sub === row.subCommand && code === 0 && JSON.stringify(answer).length > 40
    })
    if (!one) return
    // The first entry of the recorded list is a file.
    const answer = row.name === 'file_list' ? fileFirst(one.answer) : one.answer
    expect(outline(answer)).toEqual(outline(row.response?.shape))
  },
)

function fileFirst(answer: unknown): unknown {
  const { data, ...rest } = answer as { data: unknown[] }
  return { ...rest, data: data.slice(1) }
}
