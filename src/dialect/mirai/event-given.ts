// What the parsers of single events are given and give back.
import type { Member } from '../../core/contact.ts'
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import type { ContactReader } from './contact-read.ts'
import type { ParseContext } from './message-parse.ts'

type WithoutBase<E> = E extends BridgeEvent ? Omit<E, 'bot' | 'time'> : never

/** An event that still lacks bot and time. */
export type Body = WithoutBase<BridgeEvent>

export interface Given {
  wire: WireObject
  bot: UserId
  contacts: ContactReader
  context: ParseContext
}

/** undefined: something that the event needs is missing. */
export type Parser = (given: Given) => Body | undefined

/** null says: the bot itself. */
export function operatorIn({ wire, bot, contacts }: Given): UserId {
  return contacts.member(wire['operator'])?.userId ?? bot
}

export function ofMember({ groupId, userId }: Member): Pick<Member, 'groupId' | 'userId'> {
  return { groupId, userId }
}
