// Requests about friends and groups: answering and listing them.
import { BridgeError } from '../../core/error.ts'
import type { RequestId, UserId } from '../../core/ids.ts'
import type { RequestRecord } from '../../core/ports.ts'
import type { WorldRequest, WorldState } from '../../world/state.ts'
import { nicknameOf } from './account.ts'
import type { Handlers, Serving } from './serving.ts'

type RequestAction = Extract<keyof Handlers, `request.${string}`>

const defaultCount = 50

export const requestHandlers: Pick<Handlers, RequestAction> = {
  'request.friend.answer'(serving, { requestId, approve, remark, block }) {
    answer(serving, requestId, { isFriend: true, given: { approve, remark, block } })
    return {}
  },
  'request.group.answer'(serving, { requestId, approve, ignore, block }) {
    answer(serving, requestId, { isFriend: false, given: { approve, ignore, block } })
    return {}
  },
  'request.filtered'({ world, host, bot }, { kind, count = defaultCount }) {
    const fits = (request: WorldRequest): boolean =>
      request.filtered && request.outcome === 'open' && (request.kind === 'friend') === (kind === 'friend')
    return newest(requestsOf(world.state, bot).filter(fits), count).map((request) => ({
      ...describe(world.state, request),
      requestId: host.toRequestId(bot, request.flag),
      time: request.time,
    }))
  },
  'request.group.list'({ world, host, bot }, { count = defaultCount }) {
    const shown = requestsOf(world.state, bot).filter(({ kind, filtered }) => kind !== 'friend' && !filtered)
    return newest(shown, count).flatMap((request) => {
      const { kind, groupId, outcome, answeredBy } = request
      if (kind === 'friend' || groupId === undefined) return []
      const { groupName = '', ...who } = describe(world.state, request)
      const requestId = host.toRequestId(bot, request.flag)
      return [{ ...who, requestId, kind, groupId, groupName, answered: outcome !== 'open', operatorId: answeredBy }]
    })
  },
}

interface Given {
  isFriend: boolean
  given: Parameters<Serving['actor']['answer']>[1]
}

function answer({ services, actor, bot }: Serving, id: RequestId, { isFriend, given }: Given): void {
  const record: RequestRecord | undefined = services.requests.get(bot, id)
  if (!record || (record.kind === 'friend') !== isFriend) throw new BridgeError('notFound', `there is no request ${id}`)
  actor.answer(record.native, given)
  services.requests.markAnswered(bot, id)
}

/** Those that the bot may answer, or could have answered. */
function requestsOf(state: WorldState, bot: UserId): WorldRequest[] {
  const isAsked = ({ toId, groupId, kind }: WorldRequest): boolean => {
    if (kind !== 'join') return toId === bot
    const role = groupId === undefined ? undefined : state.groups.get(groupId)?.members.get(bot)?.role
    return role !== undefined && role !== 'member'
  }
  return [...state.requests.values()].filter(isAsked)
}

function newest(requests: WorldRequest[], count: number): WorldRequest[] {
  return requests.toReversed().slice(0, Math.max(0, count))
}

function describe(state: WorldState, { userId, groupId, comment }: WorldRequest) {
  const groupName = groupId === undefined ? undefined : state.groups.get(groupId)?.name
  return { userId, nickname: nicknameOf(state, userId), comment, groupId, groupName }
}
