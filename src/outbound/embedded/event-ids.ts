// Events of a world with the ids under which the bot knows messages and requests; new ones are learnt on the way.
import type { BridgeEvent } from '../../core/event.ts'
import type { MessageLog } from '../../core/ports.ts'
import type { WorldEvent } from '../../world/index.ts'
import type { EmbeddedHost } from './host.ts'

export function withBridgeIds({ flag, ...event }: WorldEvent, host: EmbeddedHost, messages: MessageLog): BridgeEvent {
  const { bot } = event
  switch (event.type) {
    case 'message': {
      const { message } = event
      const id = host.idOf(bot, message.id)
      return { ...event, message: { ...message, id, segments: host.toSegments(bot, message.segments) } }
    }
    case 'message.recall': {
      if (event.messageId === undefined) return event
      const messageId = host.idOf(bot, event.messageId)
      messages.markRecalled(bot, messageId)
      return { ...event, messageId }
    }
    case 'group.essence':
    case 'group.reaction':
      return { ...event, messageId: host.idOf(bot, event.messageId) }
    case 'file.upload': {
      const url = event.file.url ?? host.fileUrl(event.peer, event.file.id)
      return url === undefined ? event : { ...event, file: { ...event.file, url } }
    }
    case 'request.friend':
    case 'request.group':
      return flag === undefined ? event : { ...event, requestId: host.toRequestId(bot, flag) }
    default:
      return event
  }
}
