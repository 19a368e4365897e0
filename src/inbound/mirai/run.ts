// One command of one client, from its wire parameters to the text of its answer. Sockets and HTTP share it.
import type { ActionOf } from '../../core/action.ts'
import { BridgeError, toBridgeError } from '../../core/error.ts'
import type { InboundHost } from '../../core/ports.ts'
import { JsonText, type WireText } from '../../core/json-text.ts'
import type { WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import {
  printData,
  printFriend,
  printSent,
  readParams,
  spliceData,
  successAnswer,
  toErrorAnswer,
  type Command,
  type Way,
} from '../../dialect/mirai/index.ts'
import { announcementCommands } from './announcement-commands.ts'
import { callBot, type Ask, type Handler } from './ask.ts'
import { contactCommands } from './contact-commands.ts'
import { fileCommands } from './file-commands.ts'
import { messageCommands } from './message-commands.ts'
import type { MiraiInboundOptions } from './options.ts'
import { requestCommands } from './request-commands.ts'
import { singleKey, type BoundSession } from './gate.ts'

const ownHandlers: Readonly<Record<string, Handler>> = {
  ...messageCommands,
  ...contactCommands,
  ...requestCommands,
  ...fileCommands,
  ...announcementCommands,
}

interface Call {
  command: Command
  wire: WireObject
  loopback: boolean
  /** Asked only when the command needs one. Throws `noSession`, `notBound`. */
  session: () => BoundSession
  /** How the result is shaped, when not as the command's table says. */
  print?: ((result: unknown) => unknown) | undefined
  trace?: Trace | undefined
}

/** Who is told of a failure, and how. */
interface Asked {
  way: Way
  /** Its address, or the place that it is at: for what is told of limits. */
  peer: string
  trace?: Trace | undefined
}

export interface Runner {
  /** The answer as JSON. Rejects with whatever went wrong. */
  run(call: Call): Promise<WireText>
  /** Any failure as the JSON of its answer. */
  fail(thrown: unknown, asked: Asked): { text: string; error: BridgeError }
}

/** `more`: handlers that need something of the inbound. */
export function createRunner(options: MiraiInboundOptions, host: InboundHost, more: Record<string, Handler>): Runner {
  const handlers = new Map<string, Handler>(Object.entries({ ...ownHandlers, ...more }))

  async function answer({ command, wire, loopback, session, trace }: Call): Promise<unknown> {
    if (command.name === 'about') return { version: options.version }
    if (command.name === 'botList') return host.bots().map(({ bot }) => bot)
    const bound = session()
    const { bot, key } = bound
    if (command.name === 'sessionInfo') return { sessionKey: shownKey(key), qq: printSelf(host, bot) }
    const params = readParams(command, wire)
    const ask: Ask = { host, bot, params, loopback, trace, client: key === '' ? undefined : bound }
    const handler = handlers.get(command.sub === undefined ? command.name : `${command.name}.${command.sub}`)
    // Awaited here: handing a promise on costs two rounds of microtasks.
    if (handler) return await handler(ask)
    if (command.action === undefined) {
      throw new BridgeError('notSupported', `${command.name} is not offered by this bridge`)
    }
    return await callBot(ask, { name: command.action, params } as unknown as ActionOf<'raw'>)
  }

  function shownKey(key: string): string {
    return options.singleMode ? singleKey : key
  }

  return {
    async run(call) {
      const result = await answer(call)
      if (call.print) return JSON.stringify(call.print(result instanceof JsonText ? result.toJSON() : result))
      return printResult(result, call.command.result)
    },
    fail(thrown, { way, peer, trace }) {
      const error = toBridgeError(thrown, (defect, id) => host.log('error', `${id} ${describe(defect)}`), trace?.id)
      if (error.limit) host.onLimit?.(error.limit, peer, error.message)
      if (trace) trace.error = error
      return { text: JSON.stringify(toErrorAnswer(error, way, trace?.id)), error }
    },
  }
}

const successText = JSON.stringify(successAnswer)

function printResult(value: unknown, result: Command['result']): WireText {
  switch (result) {
    case 'status':
      return successText
    case 'sent':
      return printSent(value as number)
    case 'data':
      return value instanceof JsonText ? spliceData(value) : JSON.stringify(printData(value))
    case 'naked':
      return JSON.stringify(value)
  }
}

function printSelf(host: InboundHost, bot: BoundSession['bot']): WireObject {
  const nickname = host.bots().find((status) => status.bot === bot)?.nickname ?? ''
  return printFriend({ userId: bot, nickname })
}

function describe(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : String(defect)
}
