// Commands about friends, groups, members and profiles.
import { BridgeError } from '../../core/error.ts'
import type { Group, Member } from '../../core/contact.ts'
import type { UserId } from '../../core/ids.ts'
import type { JsonText } from '../../core/json-text.ts'
import { nowSeconds, toBoolean, toObject, toText, type WireObject } from '../../core/read.ts'
import {
  memberUntil,
  printFriend,
  printGroup,
  printGroupConfig,
  printMember,
  printProfile,
} from '../../dialect/mirai/index.ts'
import { aside, callBot, groupIn, isFriend, type Ask, type Handler } from './ask.ts'
import { groupOf, withBotRole } from './group.ts'

export const contactCommands: Readonly<Record<string, Handler>> = {
  friendList: async (ask) => {
    const friends = await callBot(ask, { name: 'friend.list', params: {} })
    const key = `mirai friends ${ask.bot}`
    return ask.host.lists.print(friends, { key, print: (friend) => JSON.stringify(printFriend(friend)) })
  },
  groupList: async (ask) => {
    const groups = await withBotRoles(await callBot(ask, { name: 'group.list', params: {} }), ask)
    const key = `mirai groups ${ask.bot}`
    return ask.host.lists.print(groups, { key, print: (group) => JSON.stringify(printGroup(group)) })
  },
  memberList: (ask) => listMembers(ask, false),
  latestMemberList: (ask) => listMembers(ask, true),
  botProfile: async (ask) => printProfile(await callBot(ask, { name: 'bot.info', params: {} })),
  userProfile: (ask) => profile(ask),
  friendProfile: async (ask) => {
    if (await isFriend(ask, userIn(ask))) return profile(ask)
    throw new BridgeError('notFound', `${userIn(ask)} is not a friend`)
  },
  memberProfile: async (ask) => {
    await fetchMember(ask)
    return profile(ask)
  },
  mute: async (ask) => {
    const durationSeconds = Number(ask.params['durationSeconds'])
    if (durationSeconds <= 0) throw new BridgeError('backend', 'durationSeconds must be greater than zero')
    return mute(ask, durationSeconds)
  },
  unmute: (ask) => mute(ask, 0),
  'groupConfig.get': async (ask) =>
    printGroupConfig(await callBot(ask, { name: 'group.config.get', params: { groupId: groupIn(ask.params) } })),
  'groupConfig.update': updateGroup,
  'memberInfo.get': async (ask) => {
    const member = await callBot(ask, { name: 'group.member.get', params: ofMember(ask) })
    return printMember(member, { group: await groupOf(ask, groupIn(ask.params)), now: nowSeconds(), active: true })
  },
  'memberInfo.update': updateMember,
}

function userIn({ params }: Ask): UserId {
  const userId = params['userId']
  if (userId === undefined) throw new BridgeError('notFound', 'no member was named')
  return userId as UserId
}

function ofMember(ask: Ask): Pick<Member, 'groupId' | 'userId'> {
  return { groupId: groupIn(ask.params), userId: userIn(ask) }
}

async function profile(ask: Ask): Promise<WireObject> {
  return printProfile(await callBot(ask, { name: 'user.profile', params: { userId: userIn(ask) } }))
}

async function fetchMember(ask: Ask): Promise<void> {
  const { groupId, userId } = ofMember(ask)
  if (ask.host.view.member(ask.bot, groupId, userId)) return
  await callBot(aside(ask), { name: 'group.member.get', params: { groupId, userId } })
}

/** Groups that are asked about at once: OneBot's list does not say what the bot is in them. */
const rolesAtOnce = 50

/** The same array when all of them say it. */
async function withBotRoles(groups: readonly Group[], ask: Ask): Promise<readonly Group[]> {
  if (groups.every(({ botRole }) => botRole !== undefined)) return groups
  const done: Group[] = []
  for (let at = 0; at < groups.length; at += rolesAtOnce) {
    done.push(...(await Promise.all(groups.slice(at, at + rolesAtOnce).map((group) => withBotRole(group, ask)))))
  }
  return done
}

/** Without the bot itself; mah's lists never hold it. */
async function listMembers(ask: Ask, fresh: boolean): Promise<JsonText | WireObject[]> {
  const { params, bot, host } = ask
  const groupId = groupIn(params)
  const wanted = params['userIds'] as readonly number[] | undefined
  const members = await callBot(ask, { name: 'group.member.list', params: { groupId, fresh } })
  const group = await groupOf(ask, groupId, members.find((member) => member.userId === bot)?.role)
  if (wanted?.length) {
    const now = nowSeconds()
    const chosen = members.filter(({ userId }) => userId !== bot && wanted.includes(userId))
    return chosen.map((member) => printMember(member, { group, now }))
  }
  return host.lists.print(members, {
    key: `mirai members ${bot}/${groupId}`,
    context: JSON.stringify(group),
    print: (member) =>
      member.userId === bot ? undefined : JSON.stringify(printMember(member, { group, now: nowSeconds() })),
    until: memberUntil,
  })
}

function mute(ask: Ask, durationSeconds: number): Promise<unknown> {
  return callBot(ask, { name: 'group.member.mute', params: { ...ofMember(ask), durationSeconds } })
}

/** The other members of `config` are read and ignored by mah. */
async function updateGroup(ask: Ask): Promise<unknown> {
  const config = needObject(ask.params, 'config')
  const name = toText(config['name'])
  const allowMemberInvite = toBoolean(config['allowMemberInvite'])
  const muteAll = toBoolean(config['muteAll'])
  const change = {
    ...(name !== undefined && { name }),
    ...(allowMemberInvite !== undefined && { allowMemberInvite }),
    ...(muteAll !== undefined && { muteAll }),
  }
  if (Object.keys(change).length === 0) return undefined
  return callBot(ask, { name: 'group.config.set', params: { groupId: groupIn(ask.params), ...change } })
}

/** Card first, then title; the card may stick when the title fails. */
async function updateMember(ask: Ask): Promise<void> {
  const info = needObject(ask.params, 'info')
  const card = toText(info['name'])
  const title = toText(info['specialTitle'])
  if (card !== undefined) await callBot(ask, { name: 'group.member.card', params: { ...ofMember(ask), card } })
  if (title !== undefined) await callBot(ask, { name: 'group.member.title', params: { ...ofMember(ask), title } })
}

function needObject(params: WireObject, name: string): WireObject {
  const value = toObject(params[name])
  if (!value) throw new BridgeError('badParameter', `${name} must be an object`)
  return value
}
