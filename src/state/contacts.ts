// What is known of people and groups, per bot, in bounded memory. Read without waiting by everything that prints.
import { LRUCache } from 'lru-cache'
import type { Friend, Group, Member, Profile } from '../core/contact.ts'
import type { GroupId, UserId } from '../core/ids.ts'
import type { MessageLog, View } from '../core/ports.ts'

interface Table<K, T> {
  rows: Map<K, T>
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
  /** Whole lists, undefined when they were never loaded or are old. */
  friends(bot: UserId): Map<UserId, Friend> | undefined
  groups(bot: UserId): Map<GroupId, Group> | undefined
  members(bot: UserId, groupId: GroupId): Map<UserId, Member> | undefined
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
  const membersOf = (bot: UserId, groupId: GroupId) => memberTables.get(bot)?.get(groupId)?.rows
  const friendsOf = (bot: UserId) => bots.get(bot)?.friends?.rows
  const groupsOf = (bot: UserId) => bots.get(bot)?.groups?.rows

  function tablesOf(bot: UserId): BotTables {
    const known = bots.get(bot)
    if (known) return known
    const made: BotTables = { friends: undefined, groups: undefined }
    bots.set(bot, made)
    return made
  }

  function young<K, T>(table: Table<K, T> | undefined): Map<K, T> | undefined {
    return table && Date.now() - table.loadedAt < ttlMs ? table.rows : undefined
  }

  return {
    profile: (bot, userId) => profiles.get(`${bot}/${userId}`) ?? friendsOf(bot)?.get(userId),
    friend: (bot, userId) => friendsOf(bot)?.get(userId),
    group(bot, groupId) {
      const group = groupsOf(bot)?.get(groupId) ?? (departed.get(memberKey(bot, groupId)) as Group | undefined)
      if (!group || group.botRole) return group
      const self = membersOf(bot, groupId)?.get(bot)
      return self ? { ...group, botRole: self.role } : group
    },
    member: (bot, groupId, userId) =>
      membersOf(bot, groupId)?.get(userId) ??
      (departed.get(`${memberKey(bot, groupId)}/${userId}`) as Member | undefined),
    message: (bot, messageId) => messages.get(bot, messageId),

    friends: (bot) => young(bots.get(bot)?.friends),
    groups: (bot) => young(bots.get(bot)?.groups),
    members(bot, groupId) {
      const table = memberTables.get(bot)?.get(groupId)
      return table && young(members.get(table.key))
    },

    storeFriends(bot, friends) {
      tablesOf(bot).friends = toTable(friends, (friend) => friend.userId)
    },
    storeGroups(bot, groups) {
      tablesOf(bot).groups = toTable(groups, (group) => group.groupId)
    },
    storeGroup: (bot, group) => void groupsOf(bot)?.set(group.groupId, group),
    storeMembers(bot, groupId, list) {
      const key = memberKey(bot, groupId)
      const table = { ...toTable(list, (member) => member.userId), bot, groupId, key }
      members.set(key, table)
      // One list alone may be more than is kept.
      if (!members.has(key)) return
      const ofBot = memberTables.get(bot)
      if (ofBot) ofBot.set(groupId, table)
      else memberTables.set(bot, new Map([[groupId, table]]))
    },
    storeMember: (bot, member) => void membersOf(bot, member.groupId)?.set(member.userId, member),
    storeProfile: (bot, profile) => void profiles.set(`${bot}/${profile.userId}`, profile),

    changeMember: (bot, groupId, userId, change) => patch(membersOf(bot, groupId), userId, change),
    changeGroup: (bot, groupId, change) => patch(groupsOf(bot), groupId, change),
    changeFriend: (bot, userId, change) => patch(friendsOf(bot), userId, change),

    forgetFriend: (bot, userId) => void friendsOf(bot)?.delete(userId),
    forgetFriends(bot) {
      tablesOf(bot).friends = undefined
    },
    forgetGroup(bot, groupId) {
      const group = groupsOf(bot)?.get(groupId)
      if (group) departed.set(memberKey(bot, groupId), { ...group, ...roleOf(membersOf(bot, groupId)?.get(bot)) })
      groupsOf(bot)?.delete(groupId)
    },
    forgetGroups(bot) {
      tablesOf(bot).groups = undefined
    },
    forgetMember(bot, groupId, userId) {
      const member = membersOf(bot, groupId)?.get(userId)
      if (member) departed.set(`${memberKey(bot, groupId)}/${userId}`, member)
      membersOf(bot, groupId)?.delete(userId)
    },
    forgetMembers: (bot, groupId) => void members.delete(memberKey(bot, groupId)),
    forget(bot) {
      bots.delete(bot)
      for (const key of members.keys()) if (key.startsWith(`${bot}/`)) members.delete(key)
    },
  }
}

function toTable<K, T>(list: readonly T[], key: (item: T) => K): Table<K, T> {
  return { rows: new Map(list.map((item) => [key(item), item])), loadedAt: Date.now() }
}

function roleOf(member: Member | undefined): Pick<Group, 'botRole'> {
  return member ? { botRole: member.role } : {}
}

function patch<K, T>(rows: Map<K, T> | undefined, key: K, change: Partial<T>): void {
  const row = rows?.get(key)
  if (rows && row) rows.set(key, { ...row, ...change })
}
