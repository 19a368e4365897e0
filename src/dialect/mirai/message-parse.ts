// Message packets of a mah backend: pushed events, answers of messageFromId and of roamingMessages.
import type { Loss } from '../../core/fidelity.ts'
import type { Peer, UserId } from '../../core/ids.ts'
import type { Message, Sender } from '../../core/message.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { fromChain, type WireIds } from './chain-parse.ts'
import { ContactReader, type SeenContact } from './contact-read.ts'

export interface ParseContext {
  bot: UserId
  /** Unix seconds: mah's events carry no time of their own. */
  now: number
  ids: WireIds
}

export interface ParsedMessage {
  message: Message
  origin: 'received' | 'sync'
  losses: Loss[]
  seen: readonly SeenContact[]
}

interface Place {
  peer: Peer
  sender: Sender
}

type Placer = (contact: unknown, contacts: ContactReader, bot: UserId) => Place | undefined

const placers = new Map<string, { origin: 'received' | 'sync'; place: Placer }>([
  ['FriendMessage', { origin: 'received', place: placeFriend }],
  ['StrangerMessage', { origin: 'received', place: placeStranger }],
  ['GroupMessage', { origin: 'received', place: placeMember }],
  ['TempMessage', { origin: 'received', place: placeTemp }],
  ['FriendSyncMessage', { origin: 'sync', place: (contact, seen, bot) => asOwn(placeFriend(contact, seen), bot) }],
  ['StrangerSyncMessage', { origin: 'sync', place: (contact, seen, bot) => asOwn(placeStranger(contact, seen), bot) }],
  ['GroupSyncMessage', { origin: 'sync', place: placeOwnInGroup }],
  ['TempSyncMessage', { origin: 'sync', place: (contact, seen, bot) => asOwn(placeTemp(contact, seen), bot) }],
])

/** undefined: no message packet, or one whose sender or number is missing. */
export function parseMessage(wire: WireObject, context: ParseContext): ParsedMessage | undefined {
  const row = placers.get(String(wire['type']))
  const contacts = new ContactReader(context.now)
  const contact = row?.origin === 'sync' ? wire['subject'] : wire['sender']
  const place = row?.place(contact, contacts, context.bot)
  if (!row || !place) return undefined
  const { segments, losses, source } = fromChain(wire['messageChain'], place.peer, context.ids)
  const time = source?.time || context.now
  const number = source?.id ?? 0
  const native = number === 0 || number === -1 ? '' : String(number)
  const id = context.ids.message(native, place.peer, { sender: place.sender, time, segments })
  const message = { id, peer: place.peer, time, sender: place.sender, segments }
  return { message, origin: row.origin, losses, seen: contacts.seen }
}

function placeFriend(contact: unknown, contacts: ContactReader): Place | undefined {
  const friend = contacts.friend(contact)
  if (!friend) return undefined
  const { userId, nickname, remark } = friend
  return { peer: { kind: 'friend', userId }, sender: { userId, nickname, remark } }
}

function placeStranger(contact: unknown, contacts: ContactReader): Place | undefined {
  const stranger = contacts.stranger(contact)
  if (!stranger) return undefined
  const { userId, nickname } = stranger
  return { peer: { kind: 'stranger', userId }, sender: { userId, nickname } }
}

function placeMember(contact: unknown, contacts: ContactReader): Place | undefined {
  const member = contacts.member(contact)
  if (!member) return undefined
  const { groupId, userId, nickname, card, role, title } = member
  return { peer: { kind: 'group', groupId }, sender: { userId, nickname, card, role, title } }
}

function placeTemp(contact: unknown, contacts: ContactReader): Place | undefined {
  const place = placeMember(contact, contacts)
  const groupId = toObject(toObject(contact)?.['group'])?.['id']
  if (!place || place.peer.kind !== 'group' || groupId === undefined) return undefined
  return { peer: { kind: 'temp', userId: place.sender.userId, groupId: place.peer.groupId }, sender: place.sender }
}

/** The bot's own name is not in the packet; the directory knows it. */
function asOwn(place: Place | undefined, bot: UserId): Place | undefined {
  return place && { peer: place.peer, sender: { userId: bot, nickname: '' } }
}

function placeOwnInGroup(contact: unknown, contacts: ContactReader, bot: UserId): Place | undefined {
  const group = contacts.group(contact)
  return group && { peer: { kind: 'group', groupId: group.groupId }, sender: { userId: bot, nickname: '' } }
}
