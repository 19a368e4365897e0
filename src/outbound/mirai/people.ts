// Profiles, friends and the answers to requests.
import { BridgeError } from '../../core/error.ts'
import type { RequestId } from '../../core/ids.ts'
import type { RequestRecord } from '../../core/ports.ts'
import { readFriend, readProfile } from '../../dialect/mirai/index.ts'
import { order, readList, request, type Ask, type Handlers } from './account.ts'
import { isAble } from './version.ts'

type Name =
  | 'bot.info'
  | 'user.profile'
  | 'friend.list'
  | 'friend.delete'
  | 'request.friend.answer'
  | 'request.group.answer'

export const peopleHandlers: Handlers<Name> = {
  async 'bot.info'(ask) {
    const { bot, session } = ask.account
    const profile = readProfile((await request(ask, 'botProfile')).data, bot)
    return { ...profile, nickname: profile.nickname || session.nickname }
  },
  async 'user.profile'(ask, { userId }) {
    const command = isAble(ask.account.session.version, 'userProfile') ? 'userProfile' : 'friendProfile'
    return readProfile((await request(ask, command, { userId })).data, userId)
  },
  'friend.list': async (ask) => readList(ask, await request(ask, 'friendList'), readFriend),
  'friend.delete': (ask, { userId }) => order(ask, 'deleteFriend', { userId }),

  // 0 accepts, 1 rejects, 2 rejects for ever.
  async 'request.friend.answer'(ask, { requestId, approve, remark, block }) {
    const record = findRequest(ask, requestId)
    if (record.kind !== 'friend') throw new BridgeError('notFound', `no such friend request: ${requestId}`)
    if (remark)
      ask.account.loss('in', { what: 'remark', fidelity: 'dropped', reason: 'mirai accepts without a remark' })
    return answerRequest(ask, 'resp_newFriendRequestEvent', record, { operate: approve ? 0 : block ? 2 : 1 })
  },
  // 0 accepts, 1 rejects, 2 ignores; 3 and 4 for ever. An invitation is only accepted or declined.
  async 'request.group.answer'(ask, { requestId, approve, ignore = false, reason, block = false }) {
    const record = findRequest(ask, requestId)
    if (record.kind === 'friend') throw new BridgeError('notFound', `no such group request: ${requestId}`)
    if (record.kind === 'invite') {
      return answerRequest(ask, 'resp_botInvitedJoinGroupRequestEvent', record, { operate: approve ? 0 : 1 })
    }
    const operate = approve ? 0 : (ignore ? 2 : 1) + (block ? 2 : 0)
    return answerRequest(ask, 'resp_memberJoinRequestEvent', record, { operate, message: reason ?? '' })
  },
}

function findRequest({ account }: Ask, requestId: RequestId): RequestRecord {
  const record = account.services.requests.get(account.bot, requestId)
  if (!record) throw new BridgeError('notFound', `no such request: ${requestId}`)
  return record
}

type AnswerCommand =
  | 'resp_newFriendRequestEvent'
  | 'resp_memberJoinRequestEvent'
  | 'resp_botInvitedJoinGroupRequestEvent'

/** All five members must be there, whether they mean something or not. */
function answerRequest(
  ask: Ask,
  command: AnswerCommand,
  { native, userId, groupId }: RequestRecord,
  answer: { operate: number; message?: string },
): Promise<object> {
  return order(ask, command, { requestId: toLong(native), fromId: userId, groupId: groupId ?? 0, ...answer })
}

/** Event ids are 64 bits wide: what no number can hold stays text, which mah reads as well. */
function toLong(native: string): number | string {
  return Number.isSafeInteger(Number(native)) ? Number(native) : native
}
