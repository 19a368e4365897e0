// Keeps the contacts right: fills them on demand with one request per key, and lets events correct them.
import { LRUCache } from 'lru-cache'
import type { ActionOf, Result } from '../core/action.ts'
import type { Group, Member } from '../core/contact.ts'
import type { BridgeEvent, MemberLeaveEvent, MessageEvent } from '../core/event.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { MessageLog } from '../core/ports.ts'
import { nowSeconds } from '../core/read.ts'
import { createContacts, type Contacts } from './contacts.ts'

/** The actions by which the directory fills itself. */
type Filler = 'friend.list' | 'group.list' | 'group.get' | 'group.member.list' | 'user.profile'

export interface DirectoryOptions {
  call: <N extends Filler>(bot: UserId, action: ActionOf<N>) => Promise<Result<N>>
  messages: MessageLog
  /** Milliseconds until a list is asked for again. Default 30 min. */
  ttlMs?: number
  /** Milliseconds during which a failed request is not repeated. Default 60 s. */
  failureMs?: number
  /** Members that are kept, all groups and bots together. Default 1000000. */
  members?: number
}

/** `ensure*`: undefined when it is there already, or cannot be had for now; the promise never rejects. */
export interface Directory {
  readonly contacts: Contacts
  ensureFriends(bot: UserId): Promise<void> | undefined
  ensureGroup(bot: UserId, groupId: GroupId): Promise<void> | undefined
  ensureMembers(bot: UserId, groupId: GroupId): Promise<void> | undefined
  ensureProfile(bot: UserId, userId: UserId): Promise<void> | undefined
  /**
   * A client changed something through the bridge: reads see it at once, and the event about it, when one comes, still
   * finds what was there before.
   */
  changeMember(bot: UserId, groupId: GroupId, userId: UserId, change: Partial<Member>): void
  changeGroup(bot: UserId, groupId: GroupId, change: Partial<Group>): void
  /** Before an event is delivered: the old values that it lacks. */
  complete(event: BridgeEvent): void
  /** After an event was delivered: what it changed. */
  apply(event: BridgeEvent): void
  forget(bot: UserId): void
}

/** 200 MB. */
export const defaultMembers = 1_000_000

export function createDirectory(options: DirectoryOptions): Directory {
  const { call, messages, ttlMs = 30 * 60_000, failureMs = 60_000, members = defaultMembers } = options
  const contacts = createContacts({ messages, ttlMs, members })
  const running = new Map<string, Promise<void>>()
  const failed = new LRUCache<string, true>({ max: 10_000, ttl: failureMs })
  const before = new LRUCache<string, Partial<Member & Group>>({ max: 1000, ttl: 10_000 })

  function once(key: string, load: () => Promise<void>): Promise<void> | undefined {
    if (failed.has(key)) return undefined
    const known = running.get(key)
    if (known) return known
    const promise = load()
      .catch(() => void failed.set(key, true))
      .finally(() => running.delete(key))
    running.set(key, promise)
    return promise
  }

  return {
    contacts,
    ensureFriends(bot) {
      if (contacts.hasFriends(bot)) return undefined
      return once(`${bot}/friends`, async () =>
        contacts.storeFriends(bot, await call(bot, { name: 'friend.list', params: {} })),
      )
    },
    ensureGroup(bot, groupId) {
      if (contacts.hasGroups(bot, groupId)) return undefined
      if (contacts.hasGroups(bot)) {
        return once(`${bot}/group/${groupId}`, async () =>
          contacts.storeGroup(bot, await call(bot, { name: 'group.get', params: { groupId } })),
        )
      }
      return once(`${bot}/groups`, async () =>
        contacts.storeGroups(bot, await call(bot, { name: 'group.list', params: {} })),
      )
    },
    ensureMembers(bot, groupId) {
      if (contacts.hasMembers(bot, groupId)) return undefined
      return once(`${bot}/members/${groupId}`, async () =>
        contacts.storeMembers(bot, groupId, await call(bot, { name: 'group.member.list', params: { groupId } })),
      )
    },
    ensureProfile(bot, userId) {
      if (contacts.profile(bot, userId)) return undefined
      return once(`${bot}/profile/${userId}`, async () =>
        contacts.storeProfile(bot, await call(bot, { name: 'user.profile', params: { userId } })),
      )
    },
    changeMember(bot, groupId, userId, change) {
      const old = contacts.member(bot, groupId, userId)
      if (old) before.set(`${bot}/${groupId}/${userId}`, old)
      contacts.changeMember(bot, groupId, userId, change)
    },
    changeGroup(bot, groupId, change) {
      const old = contacts.group(bot, groupId)
      if (old) before.set(`${bot}/${groupId}`, old)
      contacts.changeGroup(bot, groupId, change)
    },
    complete: (event) => completeEvent(event, contacts, before),
    apply: (event) => applyEvent(contacts, event),
    forget(bot) {
      contacts.forget(bot)
      for (const key of failed.keys()) if (key.startsWith(`${bot}/`)) failed.delete(key)
    },
  }
}

function applyEvent(contacts: Contacts, event: BridgeEvent): void {
  const { bot } = event
  switch (event.type) {
    case 'message':
      return applySpeaking(contacts, event)
    case 'group.member.join':
      // The newcomer's data are not in the event: the list is asked for anew.
      contacts.forgetMembers(bot, event.groupId)
      return event.userId === bot ? contacts.forgetGroups(bot) : undefined
    case 'group.member.leave':
      return applyLeaving(contacts, event)
    case 'group.member.mute': {
      const mutedUntil = event.durationSeconds > 0 ? nowSeconds() + event.durationSeconds : 0
      return contacts.changeMember(bot, event.groupId, event.userId, { mutedUntil })
    }
    case 'group.muteAll':
      return contacts.changeGroup(bot, event.groupId, { muteAll: event.on })
    case 'group.member.role':
      if (event.userId === bot) contacts.changeGroup(bot, event.groupId, { botRole: event.role })
      return contacts.changeMember(bot, event.groupId, event.userId, { role: event.role })
    case 'group.member.card':
      return contacts.changeMember(bot, event.groupId, event.userId, { card: event.card })
    case 'group.member.title':
      return contacts.changeMember(bot, event.groupId, event.userId, { title: event.title })
    case 'group.name':
      return contacts.changeGroup(bot, event.groupId, { name: event.name })
    case 'friend.add':
      return contacts.forgetFriends(bot)
    case 'friend.remove':
      return contacts.forgetFriend(bot, event.userId)
    case 'friend.nickname':
      return contacts.changeFriend(bot, event.userId, { nickname: event.nickname })
    default:
  }
}

function completeEvent(
  event: BridgeEvent,
  contacts: Contacts,
  before: LRUCache<string, Partial<Member & Group>>,
): void {
  if (event.type === 'group.name') {
    const { bot, groupId } = event
    const key = `${bot}/${groupId}`
    event.oldName ??= (before.get(key) ?? contacts.group(bot, groupId))?.name
    before.delete(key)
    return
  }
  if (event.type !== 'group.member.card' && event.type !== 'group.member.title' && event.type !== 'group.member.role') {
    return
  }
  const { bot, groupId, userId } = event
  const key = `${bot}/${groupId}/${userId}`
  const old = before.get(key) ?? contacts.member(bot, groupId, userId)
  before.delete(key)
  if (event.type === 'group.member.card') event.oldCard ??= old?.card
  else if (event.type === 'group.member.title') event.oldTitle ??= old?.title
  else event.oldRole ??= old?.role
}

function applyLeaving(contacts: Contacts, { bot, groupId, userId, how }: MemberLeaveEvent): void {
  if (userId !== bot && how !== 'disband') return contacts.forgetMember(bot, groupId, userId)
  contacts.forgetMembers(bot, groupId)
  contacts.forgetGroup(bot, groupId)
}

/** A message shows its author's present card, role and title. */
function applySpeaking(contacts: Contacts, { bot, message }: MessageEvent): void {
  const { peer, sender, time } = message
  if (peer.kind !== 'group') return
  const { userId, nickname, card, role, title } = sender
  contacts.changeMember(bot, peer.groupId, userId, {
    lastSpeakTime: time,
    ...(card !== undefined && { card }),
    ...(role !== undefined && { role }),
    ...(title !== undefined && { title }),
    ...(nickname !== '' && { nickname }),
  })
}
