// A bridge of cardboard: records calls, answers from a script, and stands on a real listener.
import { WebSocket } from 'ws'
import * as v from 'valibot'
import type { Action } from '../../../src/core/action.ts'
import { BridgeError } from '../../../src/core/error.ts'
import type { BotStatus, CallOptions, InboundHost } from '../../../src/core/ports.ts'
import { withoutAbsent } from '../../../src/dialect/onebot11/segment-parse.ts'
import { createOneBot11Inbound } from '../../../src/inbound/onebot11/index.ts'
import { OneBot11InboundOptions } from '../../../src/inbound/onebot11/options.ts'
import { createListTexts } from '../../../src/state/list-texts.ts'
import { createListener } from '../../../src/transport/http-server.ts'
import { createTurn } from '../../../src/transport/turn.ts'
import { emptyView } from '../../dialect/onebot11/fakes.ts'
import { fetchUrl } from '../../support/fetch.ts'

export interface Called {
  bot: number
  action: Action
  options: CallOptions | undefined
}

/** `heard`: for what a backend of the same dialect says beside the result. */
export type Script = (action: Action, bot: number, heard: CallOptions['heard']) => unknown

export async function startInbound(
  input: Omit<v.InferInput<typeof OneBot11InboundOptions>, 'dialect'> = {},
  script: Script = () => ({}),
) {
  const errors: unknown[] = []
  const calls: Called[] = []
  const losses: unknown[] = []
  const put: unknown[] = []
  const logs: string[] = []
  const bots: BotStatus[] = [
    { bot: 10001 as never, nickname: 'one', online: true },
    { bot: 10002 as never, nickname: 'two', online: false },
  ]
  const turn = createTurn((error) => errors.push(error))
  const host = {
    bots: () => bots,
    async call(bot: number, action: Action, options?: CallOptions) {
      if (action.name === 'friend.list' && options?.aside) return []
      const { heard, ...others } = options ?? {}
      calls.push({ bot, action, options: options && withoutAbsent(others) })
      return script(action, bot, heard)
    },
    capabilities: () => ({
      implementation: 'x',
      version: '1',
      segments: { voice: { fidelity: 'refused', reason: '' } },
      actions: {},
    }),
    view: {
      ...emptyView,
      friend: (_bot: number, id: number) => (id === 20001 ? ({ userId: id } as never) : undefined),
    },
    messages: {
      native: (_bot: number, id: number) =>
        id === 5 ? { native: '5', peer: { kind: 'group', groupId: 30001 } } : undefined,
    },
    fetchUrl,
    lists: createListTexts(),
    media: {
      put(...args: unknown[]) {
        put.push(args)
        return { id: 'M' }
      },
    },
    loss: (...args: unknown[]) => losses.push(args),
    log: (_level: string, text: string) => logs.push(text),
    onLimit: (limit: string, peer: string, text: string) => logs.push(`${limit} ${peer}: ${text}`),
    durable: () => turn.ended(),
  } as unknown as InboundHost
  const options = v.parse(OneBot11InboundOptions, { dialect: 'onebot11', bot: 10001, ...input })
  const browser = { origins: [], hosts: [], secretRequired: options.accessToken !== '' }
  const listener = createListener({ host: '127.0.0.1', port: 0, turn, browser, onError: (error) => errors.push(error) })
  const inbound = createOneBot11Inbound({ name: 'bots', options, host, listener, turn })
  await listener.listen()
  await inbound.start()
  return {
    inbound,
    calls,
    errors,
    losses,
    put,
    logs,
    bots,
    turn,
    http: `http://127.0.0.1:${listener.port}`,
    ws: `ws://127.0.0.1:${listener.port}`,
    async stop() {
      await inbound.stop()
      await listener.close()
    },
  }
}

export function fail(kind: ConstructorParameters<typeof BridgeError>[0], message: string): never {
  throw new BridgeError(kind, message)
}

export type Frame = Record<string, unknown>

/** A client that keeps what it was sent and hands it out in order. */
export function connect(url: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers })
  const frames: string[] = []
  const waiting: ((text: string) => void)[] = []
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    const next = waiting.shift()
    if (next) next(text)
    else frames.push(text)
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  const refused = new Promise<number>((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
  })
  socket.on('error', () => {})
  const nextText = (): Promise<string> => {
    const ready = frames.shift()
    return ready === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ready)
  }
  return {
    socket,
    closed,
    refused,
    nextText,
    opened: new Promise<void>((resolve) => socket.once('open', () => resolve())),
    next: async () => JSON.parse(await nextText()) as Frame,
    send: (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    close: () => socket.close(),
  }
}
