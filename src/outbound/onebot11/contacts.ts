// People, groups and requests.
import { BridgeError } from '../../core/error.ts'
import type { Profile } from '../../core/contact.ts'
import type { ActionName, ActionOf, Params, Result } from '../../core/action.ts'
import { toObject, toText } from '../../core/read.ts'
import { printAction } from '../../dialect/onebot11/action-print.ts'
import { readListedMember } from '../../dialect/onebot11/member-read.ts'
import { readFriend, readGroup, readList, readMember, readProfile } from '../../dialect/onebot11/models.ts'
import type { Call, Done, Handlers } from './call.ts'
import { tell, unreadable } from './tell.ts'

/** `no_cache` is always said: without it implementations do as they like. */
function request<N extends ActionName>(call: Call, name: N, params: Params<N> & { fresh?: boolean | undefined }) {
  const action = { name, params: { ...params, fresh: params.fresh ?? false } }
  return printAction(action as unknown as ActionOf<ActionName>, call.sendIds)
}

async function getProfile(call: Call, params: Params<'user.profile'>): Promise<Profile> {
  const data = toObject(await call.ask(request(call, 'user.profile', params)))
  // Shapes differ, and some answer 0 or nothing for the account: it is the one that was asked for.
  const profile = data && readProfile({ ...data, user_id: params.userId })
  if (!profile) throw unreadable('get_stranger_info', call)
  return profile
}

async function getBotInfo(call: Call): Promise<Profile> {
  const login = toObject(await call.ask({ action: 'get_login_info', params: {} }))
  const nickname = toText(login?.['nickname']) ?? call.nickname
  try {
    return { ...(await getProfile(call, { userId: call.bot })), nickname }
  } catch (error) {
    if (error instanceof BridgeError && (error.kind === 'offline' || error.kind === 'timeout')) throw error
    return { userId: call.bot, nickname }
  }
}

async function getGroup(call: Call, params: Params<'group.get'>): Promise<Result<'group.get'>> {
  const data = toObject(await call.ask(request(call, 'group.get', params)))
  const group = data && readGroup({ ...data, group_id: params.groupId })
  if (!group) throw unreadable('get_group_info', call)
  return group
}

async function getMember(call: Call, params: Params<'group.member.get'>): Promise<Result<'group.member.get'>> {
  const { groupId, userId } = params
  const data = toObject(await call.ask(request(call, 'group.member.get', params)))
  const member = data && readMember({ ...data, group_id: groupId, user_id: userId })
  if (!member) throw unreadable('get_group_member_info', call)
  return member
}

async function getMembers(call: Call, params: Params<'group.member.list'>): Promise<Result<'group.member.list'>> {
  const data = await call.ask(request(call, 'group.member.list', params))
  return readList(data, (entry) => readListedMember(entry, params.groupId))
}

async function setConfig(call: Call, params: Params<'group.config.set'>): Promise<Done> {
  const { groupId, name, muteAll, ...others } = params
  const lost = Object.keys(others).filter((key) => others[key as keyof typeof others] !== undefined)
  const reason = `OneBot cannot set ${lost.join(', ')}`
  if (lost.length > 0 && name === undefined && muteAll === undefined) {
    throw new BridgeError('notSupported', reason, { backend: call.backend })
  }
  if (lost.length > 0) call.loss({ what: 'group.config.set', fidelity: 'lossy', reason })
  if (name !== undefined) await call.ask({ action: 'set_group_name', params: { group_id: groupId, group_name: name } })
  if (muteAll !== undefined) await tell(call, { name: 'group.muteAll', params: { groupId, on: muteAll } })
  return {}
}

async function getConfig(call: Call, { groupId }: Params<'group.config.get'>): Promise<Result<'group.config.get'>> {
  const { name, muteAll = false } = await getGroup(call, { groupId, fresh: true })
  const reason = 'only name and whole-group mute are reported; the others are shown as off'
  call.loss({ what: 'group.config.get', fidelity: 'lossy', reason })
  return { name, muteAll, confessTalk: false, allowMemberInvite: false, autoApprove: false, anonymousChat: false }
}

function reportBlock(call: Call, what: string, block: boolean | undefined): void {
  if (block) call.loss({ what, fidelity: 'lossy', reason: 'who asks cannot be blocked' })
}

export const contactHandlers = {
  'bot.info': getBotInfo,
  'user.profile': getProfile,
  'friend.list': async (call, params) => readList(await call.ask(request(call, 'friend.list', params)), readFriend),
  'friend.delete': (call, params) => tell(call, { name: 'friend.delete', params }),
  'request.friend.answer'(call, params) {
    reportBlock(call, 'request.friend.answer', params.block)
    return tell(call, { name: 'request.friend.answer', params })
  },
  async 'request.group.answer'(call, params) {
    reportBlock(call, 'request.group.answer', params.block)
    // Nobody is told of a request that is ignored: there is nothing to ask for.
    if (params.ignore) return {}
    return tell(call, { name: 'request.group.answer', params })
  },
  'group.list': async (call, params) => readList(await call.ask(request(call, 'group.list', params)), readGroup),
  'group.get': getGroup,
  'group.leave'(call, params) {
    if (params.dismiss && !call.flavour.traits.dismissGroup) {
      call.loss({ what: 'group.leave', fidelity: 'lossy', reason: 'the group is left, not dissolved' })
    }
    return tell(call, { name: 'group.leave', params: { ...params, dismiss: params.dismiss ?? false } })
  },
  'group.muteAll': (call, params) => tell(call, { name: 'group.muteAll', params }),
  'group.config.get': getConfig,
  'group.config.set': setConfig,
  'group.member.list': getMembers,
  'group.member.get': getMember,
  'group.member.kick'(call, params) {
    const { message, ...others } = params
    if (message && !call.flavour.traits.kickMessage) {
      call.loss({ what: 'group.member.kick', fidelity: 'lossy', reason: 'the text is lost' })
    }
    const told = call.flavour.traits.kickMessage ? params : others
    return tell(call, { name: 'group.member.kick', params: { ...told, block: params.block ?? false } })
  },
  'group.member.mute': (call, params) => tell(call, { name: 'group.member.mute', params }),
  'group.member.admin': (call, params) => tell(call, { name: 'group.member.admin', params }),
  'group.member.card': (call, params) => tell(call, { name: 'group.member.card', params }),
  'group.member.title': (call, params) => tell(call, { name: 'group.member.title', params }),
  'group.essence.set': (call, params) => tell(call, { name: 'group.essence.set', params }),
} satisfies Partial<Handlers>
