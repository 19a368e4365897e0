// What serving an action of one account needs, and the few steps that all actions share.
import { LRUCache } from 'lru-cache'
import type { ActionName, Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { Loss } from '../../core/fidelity.ts'
import type { GroupId, MessageId, UserId } from '../../core/ids.ts'
import type { NativeMessage, OutboundServices } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import type { Trace } from '../../core/trace.ts'
import { printCommand, type Answer, type CommandName } from '../../dialect/mirai/index.ts'
import type { MiraiOutboundOptions } from './options.ts'
import { createSeen, type Seen } from './seen.ts'
import type { Session } from './session.ts'
import type { Presence } from '../../state/presence.ts'

export interface Account {
  bot: UserId
  /** Name of the backend: media handles belong to it. */
  backend: string
  options: MiraiOutboundOptions
  services: OutboundServices
  session: Session
  /** What is told of its coming and going. */
  presence: Presence
  /** Groups through which strangers wrote: mah sends to them by group and number only. */
  tempGroups: LRUCache<UserId, GroupId>
  /** What mah tells in events only. */
  seen: Seen
  log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void
  loss: (direction: 'in' | 'out', loss: Loss) => void
}

export type AccountSetup = Omit<Account, 'tempGroups' | 'seen'>

export function createAccount(setup: AccountSetup): Account {
  return { ...setup, tempGroups: new LRUCache({ max: 10_000 }), seen: createSeen() }
}

/** One action under way. */
export interface Ask {
  account: Account
  /** On the clock of `performance.now()`; all requests of the action share it. */
  deadline: number
  trace?: Trace | undefined
}

export type Handler<N extends ActionName> = (ask: Ask, params: Params<N>) => Promise<Result<N>>
export type Handlers<N extends ActionName> = { [K in N]: Handler<K> }

/** Asks the server. `params` by canonical names, `extra` by mah's. */
export function request(
  ask: Ask,
  name: CommandName,
  params: Readonly<WireObject> = {},
  options: { sub?: 'get' | 'update'; extra?: WireObject } = {},
): Promise<Answer> {
  return ask.account.session.request(printCommand(name, params, options), ask)
}

/** For commands whose success says nothing more. */
export async function order(...args: Parameters<typeof request>): Promise<object> {
  await request(...args)
  return {}
}

/** Objects of a list that the reader understands; others are dropped. Throws `backend` when it is no list. */
export function readList<T>(ask: Ask, answer: Answer, read: (value: unknown) => T | undefined): T[] {
  const { account } = ask
  if (!Array.isArray(answer.data)) {
    throw new BridgeError('backend', 'the server answered no list', { backend: account.backend })
  }
  const items = answer.data.map(read).filter((item) => item !== undefined)
  const dropped = answer.data.length - items.length
  if (dropped > 0) account.log('warn', `bot ${account.bot}: ${dropped} unreadable entries of a list were dropped`)
  return items
}

/** mah's number of a message and where it lives. Throws `notFound` for messages that have no number. */
export function nativeOf({ account }: Ask, id: MessageId): NativeMessage & { number: number } {
  const native = numbered(account, id)
  if (!native) throw new BridgeError('notFound', `no such message: ${id}`)
  return { ...native, number: Number(native.native) }
}

/** undefined: never seen, or the server gave it no number. */
export function numbered({ services, bot }: Account, id: MessageId): NativeMessage | undefined {
  const native = services.messages.native(bot, id)
  return native && /^-?[0-9]+$/.test(native.native) ? native : undefined
}
