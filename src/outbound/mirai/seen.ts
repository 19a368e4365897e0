// What mah cannot be asked for, remembered from its events: the last message of each conversation, requests about groups,
// other clients of the account. Lost when the process ends; bounded.
import { LRUCache } from 'lru-cache'
import type { Result } from '../../core/action.ts'
import type { BridgeEvent, EventOf } from '../../core/event.ts'
import { peerKey } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'

type Client = EventOf<'client.status'>['client']
type GroupRequest = Omit<Result<'request.group.list'>[number], 'answered' | 'operatorId'>

export interface Seen {
  note(event: BridgeEvent): void
  noteMessage(message: Message): void
  /** The latest conversation first. */
  recent(count: number): Message[]
  /** The newest first. */
  requests(count: number): GroupRequest[]
  clients(): Client[]
}

export function createSeen(): Seen {
  const last = new LRUCache<string, Message>({ max: 1000 })
  const requests = new LRUCache<number, GroupRequest>({ max: 1000 })
  const clients = new Map<number, Client>()

  function noteClient({ on, client }: EventOf<'client.status'>): void {
    if (on && clients.size < 100) clients.set(client.id, client)
    else clients.delete(client.id)
  }

  return {
    note(event) {
      if (event.type === 'message') last.set(peerKey(event.message.peer), event.message)
      else if (event.type === 'request.group') requests.set(event.requestId, toRequest(event))
      else if (event.type === 'client.status') noteClient(event)
    },
    noteMessage: (message) => void last.set(peerKey(message.peer), message),
    recent: (count) => [...last.values()].toSorted((a, b) => b.time - a.time).slice(0, count),
    requests: (count) => [...requests.values()].slice(0, count),
    clients: () => [...clients.values()],
  }
}

function toRequest(event: EventOf<'request.group'>): GroupRequest {
  const { requestId, kind, groupId, groupName, userId, nickname, comment } = event
  return { requestId, kind, groupId, groupName: groupName ?? '', userId, nickname: nickname ?? '', comment }
}
