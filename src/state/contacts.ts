// What is known of people and groups, per bot, in bounded memory. Read without waiting by everything that prints.
import { LRUCache } from 'lru-cache'
import type { Friend, Group, Member, Profile } from '../core/contact.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { MessageLog, View } from '../core/ports.ts'

/** Rows are never changed: one that is different is another object, by which lists are told from their earlier states. */
interface Table<K, T> {
  rows: Map<K, T>
  /** All rows. undefined: some have changed since it was made. */
  list: readonly T[] | undefined
  loadedAt: number
}

interface MemberTable extends Table<UserId, Member> {
  bot: UserId
  groupId: GroupId
  key: string
}

interface BotTables {
  friends: Table<UserId, Friend> | undefined
  groups: Table<GroupId, Group> | undefined
}

export interface ContactsOptions {
  messages: MessageLog
  /** Milliseconds until a list counts as old although events keep it right. */
  ttlMs: number
  /** Members that are kept, all groups and bots together, some 200 bytes each. The lists that were used least recently go. */
  members: number
}

export interface Contacts extends View {
  /** Whole lists, undefined when they were never loaded or are old. The same array until something in it changes. */
  friends(bot: UserId): readonly Friend[] | undefined
  groups(bot: UserId): readonly Group[] | undefined
  members(bot: UserId, groupId: GroupId): readonly Member[] | undefined
  /** Whether there is such a list, without making it. `groupId`: it has that group. */
  hasFriends(bot: UserId): boolean
  hasGroups(bot: UserId, groupId?: GroupId): boolean
  hasMembers(bot: UserId, groupId: GroupId): boolean
  storeFriends(bot: UserId, friends: readonly Friend[]): void
  storeGroups(bot: UserId, groups: readonly Group[]): void
  storeGroup(bot: UserId, group: Group): void
  storeMembers(bot: UserId, groupId: GroupId, members: readonly Member[]): void
  storeMember(bot: UserId, member: Member): void
  storeProfile(bot: UserId, profile: Profile): void
  changeMember(bot: UserId, groupId: GroupId, userId: UserId, change: Partial<Member>): void
  changeGroup(bot: UserId, groupId: GroupId, change: Partial<Group>): void
  changeFriend(bot: UserId, userId: UserId, change: Partial<Friend>): void
  forgetFriend(bot: UserId, userId: UserId): void
  forgetFriends(bot: UserId): void
  forgetGroup(bot: UserId, groupId: GroupId): void
  forgetGroups(bot: UserId): void
  forgetMember(bot: UserId, groupId: GroupId, userId: UserId): void
  forgetMembers(bot: UserId, groupId: GroupId): void
  /** Everything of this bot. */
  forget(bot: UserId): void
}

export function createContacts({ messages, ttlMs, members: keptMembers }: ContactsOptions): Contacts {
  const bots = new Map<UserId, BotTables>()
  /** By numbers, for the several looks that each message takes: no key is put together for them. */
  const memberTables = new Map<UserId, Map<GroupId, MemberTable>>()
  /** The same ones: which go first. */
  const members = new LRUCache<string, MemberTable>({
    maxSize: keptMembers,
    sizeCalculation: ({ rows }) => rows.size || 1,
    dispose(table) {
      const ofBot = memberTables.get(table.bot)
      if (ofBot?.get(table.groupId) !== table) return
      ofBot.delete(table.groupId)
      if (ofBot.size === 0) memberTables.delete(table.bot)
    },
  })
  // Who left is shown once more: by the event that says so.
  const departed = new LRUCache<string, Group | Member>({ max: 1000, ttl: 60_000 })
  const profiles = new LRUCache<string, Profile>({ max: 10_000, ttl: 60 * 60_000 })

  const memberKey = (bot: UserId, groupId: GroupId): string => `${bot}/${groupId}`
  const membersOf = (bot: UserId, groupId: GroupId) => memberTables.get(bot)?.get(groupId)
  const friendsOf = (bot: UserId) => bots.get(bot)?.friends
  const groupsOf = (bot: UserId) => bots.get(bot)?.groups

  function tablesOf(bot: UserId): BotTables {
    const known = bots.get(bot)
    if (known) return known
    const made: BotTables = { friends: undefined, groups: undefined }
    bots.set(bot, made)
    return made
  }

  function young<T extends { loadedAt: number }>(table: T | undefined): T | undefined {
    return table && Date.now() - table.loadedAt < ttlMs ? table : undefined
  }

  function listOf<K, T>(table: Table<K, T> | undefined): readonly T[] | undefined {
    const found = young(table)
    return found && (found.list ??= [...found.rows.values()])
  }

  /** The list as one that was used now. */
  function youngMembers(bot: UserId, groupId: GroupId): MemberTable | undefined {
    const table = membersOf(bot, groupId)
    return table && young(members.get(table.key))
  }

  /** Most backends say it of the member only. */
  function withRole(bot: UserId, group: Group): Group {
    const self = group.botRole ? undefined : membersOf(bot, group.groupId)?.rows.get(bot)
    return self ? { ...group, botRole: self.role } : group
  }

  return {
    profile: (bot, userId) => profiles.get(`${bot}/${userId}`) ?? friendsOf(bot)?.rows.get(userId),
    friend: (bot, userId) => friendsOf(bot)?.rows.get(userId),
    group(bot, groupId) {
      const group = groupsOf(bot)?.rows.get(groupId) ?? (departed.get(memberKey(bot, groupId)) as Group | undefined)
      return group && withRole(bot, group)
    },
    member: (bot, groupId, userId) =>
      membersOf(bot, groupId)?.rows.get(userId) ??
      (departed.get(`${memberKey(bot, groupId)}/${userId}`) as Member | undefined),
    message: (bot, messageId) => messages.get(bot, messageId),

    friends: (bot) => listOf(friendsOf(bot)),
    groups: (bot) => listOf(groupsOf(bot)),
    members: (bot, groupId) => listOf(youngMembers(bot, groupId)),
    hasFriends: (bot) => young(friendsOf(bot)) !== undefined,
    hasGroups(bot, groupId) {
      const table = young(groupsOf(bot))
      return table !== undefined && (groupId === undefined || table.rows.has(groupId))
    },
    hasMembers: (bot, groupId) => youngMembers(bot, groupId) !== undefined,

    storeFriends(bot, friends) {
      tablesOf(bot).friends = toTable(friends, (friend) => friend.userId, friendsOf(bot))
    },
    storeGroups(bot, groups) {
      tablesOf(bot).groups = toTable(
        groups.map((group) => withRole(bot, group)),
        (group) => group.groupId,
        groupsOf(bot),
      )
    },
    storeGroup: (bot, group) => put(groupsOf(bot), group.groupId, withRole(bot, group)),
    storeMembers(bot, groupId, list) {
      const key = memberKey(bot, groupId)
      const table = { ...toTable(list, (member) => member.userId, membersOf(bot, groupId)), bot, groupId, key }
      members.set(key, table)
      // One list alone may be more than is kept.
      if (!members.has(key)) return
      const ofBot = memberTables.get(bot)
      if (ofBot) ofBot.set(groupId, table)
      else memberTables.set(bot, new Map([[groupId, table]]))
      const self = table.rows.get(bot)
      if (self) patch(groupsOf(bot), groupId, { botRole: self.role })
    },
    storeMember: (bot, member) => put(membersOf(bot, member.groupId), member.userId, member),
    storeProfile: (bot, profile) => void profiles.set(`${bot}/${profile.userId}`, profile),

    changeMember: (bot, groupId, userId, change) => patch(membersOf(bot, groupId), userId, change),
    changeGroup: (bot, groupId, change) => patch(groupsOf(bot), groupId, change),
    changeFriend: (bot, userId, change) => patch(friendsOf(bot), userId, change),

    forgetFriend: (bot, userId) => drop(friendsOf(bot), userId),
    forgetFriends(bot) {
      tablesOf(bot).friends = undefined
    },
    forgetGroup(bot, groupId) {
      const group = groupsOf(bot)?.rows.get(groupId)
      if (group) departed.set(memberKey(bot, groupId), { ...group, ...roleOf(membersOf(bot, groupId)?.rows.get(bot)) })
      drop(groupsOf(bot), groupId)
    },
    forgetGroups(bot) {
      tablesOf(bot).groups = undefined
    },
    forgetMember(bot, groupId, userId) {
      const member = membersOf(bot, groupId)?.rows.get(userId)
      if (member) departed.set(`${memberKey(bot, groupId)}/${userId}`, member)
      drop(membersOf(bot, groupId), userId)
    },
    forgetMembers: (bot, groupId) => void members.delete(memberKey(bot, groupId)),
    forget(bot) {
      bots.delete(bot)
      for (const key of members.keys()) if (key.startsWith(`${bot}/`)) members.delete(key)
    },
  }
}

/** What the list says as `before` did stays the same object, and a list of the same rows the same list: their texts hold good. */
function toTable<K, T>(given: readonly T[], key: (item: T) => K, before?: Table<K, T>): Table<K, T> {
  const rows = new Map<K, T>()
  const list = before ? given.map((item) => reuse(before.rows.get(key(item)), item)) : given
  for (const item of list) rows.set(key(item), item)
  const old = before?.list
  const isSame = old?.length === list.length && list.every((item, at) => item === old[at])
  return { rows, list: isSame ? old : rows.size === list.length ? list : undefined, loadedAt: Date.now() }
}

function reuse<T>(old: T | undefined, item: T): T {
  return old !== undefined && isEqual(old, item) ? old : item
}

/** Of plain values, as they come from JSON. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return false
  const [mine, theirs] = [one as Record<string, unknown>, other as Record<string, unknown>]
  let names = 0
  for (const name in mine) {
    if (!Object.hasOwn(theirs, name) || !isEqual(mine[name], theirs[name])) return false
    names++
  }
  for (const _name in theirs) names--
  return names === 0
}

function put<K, T>(table: Table<K, T> | undefined, key: K, row: T): void {
  if (!table) return
  table.rows.set(key, row)
  table.list = undefined
}

function drop<K, T>(table: Table<K, T> | undefined, key: K): void {
  if (table?.rows.delete(key)) table.list = undefined
}

function roleOf(member: Member | undefined): Pick<Group, 'botRole'> {
  return member ? { botRole: member.role } : {}
}

/** What is the same already changes nothing. */
function patch<K, T extends object>(table: Table<K, T> | undefined, key: K, change: Partial<T>): void {
  const row = table?.rows.get(key)
  if (!row) return
  for (const name in change) if (row[name] !== change[name]) return put(table, key, { ...row, ...change })
}
