// Actions about people and groups, served by a world.
import { accountOf, groupFor, memberOf } from '../../world/look.ts'
import { friendsOf, groupsOf, oneWayFriendsOf, toGroup, toGroupConfig, toMember, toProfile } from '../../world/views.ts'
import { secondsOf } from './clock.ts'
import type { Handlers } from './serving.ts'

type ContactAction = Extract<
  keyof Handlers,
  'bot.info' | 'user.profile' | `friend.${string}` | 'group.list' | 'group.get'
>

export const contactHandlers: Pick<Handlers, ContactAction> = {
  'bot.info': ({ world, bot }) => toProfile(accountOf(world.state, bot)),
  'user.profile': ({ world }, { userId }) => toProfile(accountOf(world.state, userId)),
  'friend.list': ({ world, bot }) => friendsOf(world.state, bot),
  'friend.delete'({ actor }, { userId }) {
    actor.removeFriend(userId)
    return {}
  },
  'friend.remark.set'({ actor }, { userId, remark }) {
    actor.setRemark(userId, remark)
    return {}
  },
  'friend.unidirectional': ({ world, bot }) => oneWayFriendsOf(world.state, bot),
  'group.list': ({ world, bot }) => groupsOf(world.state, bot),
  'group.get': ({ world, bot }, { groupId }) => toGroup(groupFor(world.state, groupId, bot), bot),
}

type GroupAction = Extract<
  keyof Handlers,
  `group.member.${string}` | `group.config.${string}` | 'group.leave' | 'group.muteAll'
>

export const groupHandlers: Pick<Handlers, GroupAction> = {
  'group.leave'({ actor }, { groupId, dismiss }) {
    actor.quit(groupId, { dismiss })
    return {}
  },
  'group.muteAll'({ actor }, { groupId, on }) {
    actor.muteAll(groupId, on)
    return {}
  },
  'group.config.get': ({ world, bot }, { groupId }) => toGroupConfig(groupFor(world.state, groupId, bot)),
  'group.config.set'({ actor }, { groupId, ...config }) {
    actor.configure(groupId, config)
    return {}
  },
  'group.member.list'({ world, bot }, { groupId }) {
    const now = secondsOf(world)
    const members = [...groupFor(world.state, groupId, bot).members.values()]
    return members.map((member) => toMember(world.state, groupId, member, now))
  },
  'group.member.get'({ world, bot }, { groupId, userId }) {
    const member = memberOf(groupFor(world.state, groupId, bot), userId)
    return toMember(world.state, groupId, member, secondsOf(world))
  },
  'group.member.kick'({ actor }, { groupId, userId, block }) {
    actor.kick(groupId, userId, { block })
    return {}
  },
  'group.member.mute'({ actor }, { groupId, userId, durationSeconds }) {
    actor.mute(groupId, userId, durationSeconds)
    return {}
  },
  'group.member.admin'({ actor }, { groupId, userId, on }) {
    actor.setAdmin(groupId, userId, on)
    return {}
  },
  'group.member.card'({ actor }, { groupId, userId, card }) {
    actor.setCard(groupId, userId, card)
    return {}
  },
  'group.member.title'({ actor }, { groupId, userId, title, durationSeconds }) {
    actor.setTitle(groupId, userId, title, durationSeconds)
    return {}
  },
}
