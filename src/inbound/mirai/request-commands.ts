// Answers to friend and group requests. What was answered before, or never asked, is code 5: mah would say success.
import { BridgeError } from '../../core/error.ts'
import type { RequestId } from '../../core/ids.ts'
import type { RequestRecord } from '../../core/ports.ts'
import { toText } from '../../core/read.ts'
import { callBot, type Ask, type Handler } from './ask.ts'

export const requestCommands: Readonly<Record<string, Handler>> = {
  // 0 accepts, 2 rejects for ever, anything else rejects. The text is not a remark, though some take it for one.
  resp_newFriendRequestEvent: (ask) => {
    const { requestId, operate } = find(ask, 'friend')
    const params = { requestId, approve: operate === 0, ...(operate === 2 && { block: true }) }
    return callBot(ask, { name: 'request.friend.answer', params })
  },
  // 0 accepts, odd rejects, even ignores; 3 and 4 for ever.
  resp_memberJoinRequestEvent: (ask) => {
    const { requestId, operate } = find(ask, 'join')
    const reason = toText(ask.params['message']) ?? ''
    const ignore = operate !== 0 && operate % 2 === 0
    const params = {
      requestId,
      approve: operate === 0,
      ...(ignore && { ignore }),
      ...(operate % 2 === 1 && reason !== '' && { reason }),
      ...((operate === 3 || operate === 4) && { block: true }),
    }
    return callBot(ask, { name: 'request.group.answer', params })
  },
  // 0 accepts, anything else declines.
  resp_botInvitedJoinGroupRequestEvent: (ask) => {
    const { requestId, operate } = find(ask, 'invite')
    return callBot(ask, { name: 'request.group.answer', params: { requestId, approve: operate === 0 } })
  },
}

function find({ host, bot, params }: Ask, kind: RequestRecord['kind']): { requestId: RequestId; operate: number } {
  const requestId = params['requestId'] as RequestId
  const request = host.requests.get(bot, requestId)
  if (request?.kind !== kind) throw new BridgeError('notFound', `no such request: ${requestId}`)
  if (request.answered) throw new BridgeError('notFound', `request ${requestId} was answered before`)
  return { requestId, operate: Math.abs(Number(params['operate'])) }
}
