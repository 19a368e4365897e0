// One call of a client, from its name and parameters to the answer; the same for every transport.
import type { Action } from '../../core/action.ts'
import { BridgeError, toBridgeError } from '../../core/error.ts'
import type { Extra } from '../../core/extra.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions, HeardAnswer, InboundHost } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { findAction, isAction, parseCalls, refuseUnknown, type OneBotAction } from '../../dialect/onebot11/action.ts'
import { paramsExtra } from '../../dialect/onebot11/action-extra.ts'
import type { ActionContext } from '../../dialect/onebot11/action-special.ts'
import { withAnswer } from '../../dialect/onebot11/answer-extra.ts'
import { printFailure, printOk, type Answer, type Way } from '../../dialect/onebot11/response.ts'
import { listFormOf } from '../../dialect/onebot11/list-forms.ts'
import { printResult } from '../../dialect/onebot11/result.ts'
import { dialectName, type MessageFormat } from '../../dialect/onebot11/wire.ts'
import { botFor } from './bots.ts'
import { createBotActions, createBotlessActions } from './local-actions.ts'
import type { OneBot11InboundOptions } from './options.ts'
import { readQuickOperation, toActions } from './quick-operation.ts'

export interface Caller {
  /** Which column of error codes the transport uses. */
  way: Way
  loopback: boolean
  /** Its address, or the place that it is at: for what is told of limits. */
  peer: string
  /** How answers write messages. */
  format: MessageFormat
  /** Account that the connection or the request names outside of the parameters, which may name another one. */
  bot: unknown
  /** Account whose address was called: no other one will do. */
  only?: unknown
  /** Stands for the connection. Absent over HTTP. */
  client?: object
  /** Of this one call. */
  trace?: Trace | undefined
}

export interface Outcome {
  answer: Answer
  error?: BridgeError
}

/** Takes the pieces before the last of an answer that comes in several. */
export type TakePiece = (piece: Answer) => void

export interface Calls {
  /** Never rejects: what goes wrong is the answer. */
  run(action: string, params: WireObject, caller: Caller, piece?: TakePiece): Promise<Outcome>
  refuse(thrown: unknown, asked: Pick<Caller, 'way' | 'peer' | 'trace'>): Outcome
}

export function createCalls(host: InboundHost, options: OneBot11InboundOptions): Calls {
  const botless = createBotlessActions(options)
  const ofBot = createBotActions(host)

  function refuse(thrown: unknown, { way, peer, trace }: Pick<Caller, 'way' | 'peer' | 'trace'>): Outcome {
    const tell = (defect: unknown, id: string): void => host.log('error', `${id}: ${describe(defect)}`)
    const error = toBridgeError(thrown, tell, trace?.id)
    if (error.limit) host.onLimit?.(error.limit, peer, error.message)
    if (trace) trace.error = error
    return { answer: printFailure(error, way, trace?.id), error }
  }

  async function answer(name: string, params: WireObject, run: Run): Promise<unknown> {
    if (!isAction(name)) return passOn(name, params, run)
    const action = findAction(name)
    const independent = botless.get(action.name)
    if (independent) return independent()
    if (action.name === '.handle_quick_operation') return operate(params, run)
    const { otherwise } = action.row
    if (otherwise === undefined) return ask(action, params, run)
    return ask(action, params, run).catch((error: unknown) => {
      if (error instanceof BridgeError && (error.kind === 'notSupported' || error.kind === 'noBot')) return otherwise
      throw error
    })
  }

  async function ask(action: OneBotAction, params: WireObject, run: Run): Promise<unknown> {
    const { caller } = run
    const bot = botOf(caller, params['self_id'])
    const local = ofBot.get(action.name)
    if (local) return local(bot, params)
    const actions = await resolve(action, params, bot)
    const result = await perform(bot, actions, run, paramsExtra(action, params))
    const { to, result: model } = action.row
    if (!to) return result
    const asked = actions.at(-1)?.params as WireObject
    const form = model && listFormOf(model)
    if (form && Array.isArray(result)) {
      const key = `onebot11 ${model} ${bot}/${JSON.stringify(asked['groupId'])}`
      return host.lists.print(result as object[], { ...form, key })
    }
    const printed = printResult(model, result, bot, { view: host.view, format: caller.format, asked })
    return withAnswer(action.row, printed, run.heard)
  }

  function botOf(caller: Caller, ...names: unknown[]): UserId {
    return botFor(host, { bot: caller.bot, only: caller.only, fallback: options.bot }, ...names)
  }

  function passesRaw(bot: UserId): boolean {
    return host.capabilities(bot).rawDialect === dialectName
  }

  /** What nobody knows here may be known to a backend of the same dialect. */
  async function passOn(name: string, params: WireObject, run: Run): Promise<unknown> {
    const { caller } = run
    if (host.bots().every((status) => !passesRaw(status.bot))) return refuseUnknown(name)
    const bot = botOf(caller, params['self_id'])
    if (!passesRaw(bot)) return refuseUnknown(name)
    const action: Action = { name: 'raw', params: { dialect: dialectName, name, params } }
    try {
      return await host.call(bot, action, optionsFor(run))
    } catch (error) {
      if (error instanceof BridgeError && error.kind === 'notSupported') return refuseUnknown(name)
      throw error
    }
  }

  /** The account is the one that reported the event. */
  async function operate(params: WireObject, run: Run): Promise<null> {
    const operation = readQuickOperation(params)
    const bot = botOf(run.caller, operation.context['self_id'], params['self_id'])
    await perform(bot, await withFriends(bot, (context) => toActions(operation, context)), run)
    return null
  }

  async function perform(bot: UserId, actions: readonly Action[], run: Run, extra?: Extra): Promise<unknown> {
    const given = optionsFor(run, extra)
    let result: unknown
    for (const action of actions) result = await host.call(bot, action, given)
    return result
  }

  function resolve(action: OneBotAction, params: WireObject, bot: UserId): Action[] | Promise<Action[]> {
    return withFriends(bot, (context) => parseCalls(action, params, context))
  }

  /** Who is a friend is mostly known. When a person is not, the list is asked for once before he counts as a stranger. */
  function withFriends(bot: UserId, read: (context: ActionContext) => Action[]): Action[] | Promise<Action[]> {
    let unknown: UserId | undefined
    const peerOf: ActionContext['peerOf'] = (id) => host.messages.native(bot, id)?.peer
    const actions = read({
      peerOf,
      isFriend(userId) {
        if (host.view.friend(bot, userId)) return true
        unknown = userId
        return false
      },
    })
    if (unknown === undefined) return actions
    return host
      .call(bot, { name: 'friend.list', params: {} }, { aside: true })
      .catch(() => [])
      .then((friends) => {
        const known = new Set(friends.map((friend) => friend.userId))
        return known.has(unknown as UserId) ? read({ peerOf, isFriend: (userId) => known.has(userId) }) : actions
      })
  }

  return {
    refuse,
    async run(action, params, caller, piece) {
      const run: Run = { caller, piece, heard: undefined }
      try {
        return { answer: withAround(printOk(await answer(action, params, run)), run) }
      } catch (thrown) {
        const outcome = refuse(thrown, caller)
        return { ...outcome, answer: withAround(outcome.answer, run) }
      }
    },
  }
}

/** One call under way. */
interface Run {
  caller: Caller
  piece: TakePiece | undefined
  /** What a backend answered to it last. */
  heard: HeardAnswer | undefined
}

function optionsFor(run: Run, extra?: Extra): CallOptions {
  const heard = (answer: HeardAnswer): void => {
    run.heard = answer
  }
  const { caller } = run
  const { loopback, trace, client } = caller
  const piece = run.piece && ((answer: HeardAnswer) => passPiece(run, answer))
  return { loopback, trace, ...(client && { client }), extra, heard, piece }
}

function passPiece({ piece }: Run, heard: HeardAnswer): void {
  if (heard.dialect === dialectName) piece?.(withAround(printOk(heard.data), { heard }))
}

/** The answer and, behind its own members, those that a backend of this dialect put around its data. */
function withAround(answer: Answer, { heard }: Pick<Run, 'heard'>): Answer {
  return heard?.around && heard.dialect === dialectName ? { ...answer, ...heard.around } : answer
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
