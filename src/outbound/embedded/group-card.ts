// Actions on what a group shows of itself: announcements, honours, essence messages, avatar, ways to join.
import type { GroupId, MessageId } from '../../core/ids.ts'
import type { Params, Result } from '../../core/action.ts'
import { accountOf, atAllLeft, groupFor, isVisible, memberOf } from '../../world/look.ts'
import type { HonorHolder, WorldGroup, WorldNotice } from '../../world/state.ts'
import { shownName } from '../../world/views.ts'
import { nicknameOf } from './account.ts'
import { secondsOf } from './clock.ts'
import type { Handlers, Serving } from './serving.ts'

type CardAction =
  | 'group.remark.set'
  | 'group.avatar.set'
  | 'group.sign'
  | 'group.joinOption.set'
  | 'group.robotOption.set'
  | 'group.search.set'
  | 'group.atAll.remain'
  | 'group.essence.list'
  | 'group.honor.get'
  | Extract<keyof Handlers, `group.notice.${string}`>

const honors = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion']

export const groupCardHandlers: Pick<Handlers, CardAction> = {
  'group.remark.set'({ actor }, { groupId, remark }) {
    actor.setGroupRemark(groupId, remark)
    return {}
  },
  'group.avatar.set'({ actor }, { groupId, ...image }) {
    actor.setGroupAvatar(groupId, image)
    return {}
  },
  'group.sign'({ actor }, { groupId }) {
    actor.sign(groupId)
    return {}
  },
  'group.joinOption.set'({ actor }, { groupId, ...option }) {
    actor.setJoinOption(groupId, option)
    return {}
  },
  'group.robotOption.set'({ actor }, { groupId, ...option }) {
    actor.setRobotOption(groupId, option)
    return {}
  },
  'group.search.set'({ actor }, { groupId, ...search }) {
    actor.setSearch(groupId, search)
    return {}
  },
  'group.atAll.remain'({ world, bot }, { groupId }) {
    const group = groupFor(world.state, groupId, bot)
    const allowed = memberOf(group, bot).role !== 'member'
    return { allowed, ...atAllLeft(group, accountOf(world.state, bot), secondsOf(world)) }
  },
  'group.essence.list': (serving, { groupId }) => essenceOf(serving, groupId),
  'group.notice.list'({ world, host, bot }, { groupId }) {
    const group = groupFor(world.state, groupId, bot)
    return [...group.notices.values()].toReversed().map((notice) => toNotice(group, notice, host))
  },
  'group.notice.publish': publish,
  'group.notice.delete'({ actor }, { groupId, id }) {
    actor.deleteNotice(groupId, id)
    return {}
  },
  'group.honor.get': honorsOf,
}

function publish({ actor, world, host }: Serving, { groupId, ...notice }: Params<'group.notice.publish'>) {
  const id = actor.publishNotice(groupId, notice)
  const group = world.state.groups.get(groupId) as WorldGroup
  return toNotice(group, group.notices.get(id) as WorldNotice, host)
}

type Notice = Result<'group.notice.publish'>

/** Where members must confirm, those who did are counted, elsewhere those who read it. */
function toNotice(group: WorldGroup, notice: WorldNotice, host: Serving['host']): Notice {
  const { id, senderId, time, text, confirmRequired, confirmedBy, readBy } = notice
  const others = [...group.members.keys()].filter((userId) => userId !== senderId)
  return {
    id,
    senderId,
    time,
    text,
    images: notice.images.map((image) => ({
      id: image.id ?? host.bytes.urlOfPicture(image) ?? '',
      width: image.width ?? 0,
      height: image.height ?? 0,
    })),
    readCount: (confirmRequired ? confirmedBy : readBy).size,
    allConfirmed: confirmRequired && others.every((userId) => confirmedBy.has(userId)),
  }
}

/** What was set last comes first. Messages from before the bot came stay hidden. */
function essenceOf({ world, host, bot }: Serving, groupId: GroupId): Result<'group.essence.list'> {
  const { state } = world
  const group = groupFor(state, groupId, bot)
  return [...group.essence].toReversed().flatMap(([id, { operatorId, time }]) => {
    const message = state.messages.get(id)
    if (!message || !isVisible(state, message, bot)) return []
    const { chat, senderId } = message
    return [
      {
        messageId: host.toMessageId(bot, message) satisfies MessageId,
        senderId,
        senderName: shownName(state, chat, senderId),
        senderTime: message.time,
        operatorId,
        operatorName: shownName(state, chat, operatorId),
        operatorTime: time,
        segments: host.toSegments(bot, message.segments),
      },
    ]
  })
}

function honorsOf({ world, host, bot }: Serving, { groupId, kind }: Params<'group.honor.get'>) {
  const group = groupFor(world.state, groupId, bot)
  const toHolder = ({ userId, description, dayCount }: HonorHolder) => ({
    userId,
    nickname: nicknameOf(world.state, userId),
    avatar: host.bytes.urlOfPicture(world.state.accounts.get(userId)?.avatar) ?? '',
    description,
    ...(dayCount !== undefined && { dayCount }),
  })
  const asked = kind === undefined || kind === 'all' ? honors : honors.filter((honor) => honor === kind)
  const lists = Object.fromEntries(asked.map((honor) => [honor, (group.honors.get(honor) ?? []).map(toHolder)]))
  const [currentTalkative] = lists['talkative'] ?? []
  return { ...(currentTalkative && { currentTalkative }), lists }
}
