// Messages of a world as lines of JSON and back. Most are plain text: those are columns, and only the rest are objects.
import type { UserId } from '../core/ids.ts'
import type { Segment } from '../core/segment.ts'
import { type Columns, toColumns, valueAt } from './columns.ts'
import { keepForwards } from './evolve.ts'
import { type Chat, chatKey, type Device, type WorldMessage, type WorldState } from './state.ts'

const messagesInALine = 10_000

/** A message of nothing but one text; `text` null: its content is in `rest`. */
interface Row {
  id: number
  seq: number
  time: number
  senderId: UserId
  device: Device
  text: string | null
}

/** What a row has no place for, by the place of the row. */
interface Rest {
  at: number
  segments?: Segment[]
  recalled?: WorldMessage['recalled']
  reactions?: [string, UserId[]][]
}

interface FrozenChat extends Columns<Omit<Row, 'id'>> {
  chat: Chat
  ids: readonly number[]
  rest: Rest[]
}

const rowKeys = ['seq', 'time', 'senderId', 'device', 'text'] as const

/** Lines of many messages each, by conversation. */
export function* freezeMessages(messages: Iterable<WorldMessage>): Generator<string> {
  let chats = new Map<string, WorldMessage[]>()
  let count = 0
  for (const message of messages) {
    const key = chatKeyWithGroup(message.chat)
    const known = chats.get(key)
    if (known) known.push(message)
    else chats.set(key, [message])
    if (++count % messagesInALine > 0) continue
    yield toLine(chats)
    chats = new Map()
  }
  if (chats.size > 0) yield toLine(chats)
}

/** A private conversation may go through a group for some time. */
function chatKeyWithGroup(chat: Chat): string {
  return `${chatKey(chat)}/${chat.groupId ?? ''}`
}

function toLine(chats: ReadonlyMap<string, readonly WorldMessage[]>): string {
  return JSON.stringify([...chats.values()].map(freezeChat))
}

function freezeChat(messages: readonly WorldMessage[]): FrozenChat {
  const { chat } = messages[0] as WorldMessage
  const rows = messages.map(toRow)
  const rest = messages.flatMap((message, at) => toRest(message, at) ?? [])
  return { chat, ids: rows.map(({ id }) => id), ...toColumns(rows, rowKeys), rest }
}

function toRow({ id, seq, time, senderId, device, segments }: WorldMessage): Row {
  return { id, seq, time, senderId, device, text: plainText(segments) }
}

function plainText(segments: readonly Segment[]): string | null {
  const [only, ...others] = segments
  return only?.type === 'text' && others.length === 0 && Object.keys(only).length === 2 ? only.text : null
}

function toRest({ segments, recalled, reactions }: WorldMessage, at: number): Rest | undefined {
  const isPlain = plainText(segments) !== null
  if (isPlain && !recalled && !reactions) return undefined
  return {
    at,
    ...(!isPlain && { segments }),
    ...(recalled && { recalled }),
    ...(reactions && { reactions: [...reactions].map(([emoji, users]) => [emoji, [...users]]) }),
  }
}

/** Puts messages back where they were. A later one of the same place counts. */
export function thawMessages(state: WorldState, line: string): void {
  for (const frozen of JSON.parse(line) as FrozenChat[]) {
    const key = chatKey(frozen.chat)
    const conversation = state.conversations.get(key) ?? []
    state.conversations.set(key, conversation)
    for (const message of thawChat(frozen)) {
      conversation[message.seq - 1] = message
      state.messages.set(message.id, message)
    }
    for (const { segments } of frozen.rest)
      if (segments?.some(({ type }) => type === 'forward')) keepForwards(state, segments)
  }
}

function thawChat({ chat, rest, ids, ...columns }: FrozenChat): WorldMessage[] {
  const messages = ids.map((id, at): WorldMessage => {
    const text = valueAt(columns.text, at, null)
    return {
      id,
      chat,
      seq: valueAt(columns.seq, at, 0),
      time: valueAt(columns.time, at, 0),
      senderId: valueAt(columns.senderId, at, 0 as UserId),
      device: valueAt<Device>(columns.device, at, 'client'),
      segments: text === null ? [] : [{ type: 'text', text }],
    }
  })
  for (const { at, segments, recalled, reactions } of rest) {
    const message = messages[at]
    if (!message) throw new Error(`there is no message ${at} of ${messages.length}`)
    if (segments) message.segments = segments
    if (recalled) message.recalled = recalled
    if (reactions) message.reactions = new Map(reactions.map(([emoji, users]) => [emoji, new Set(users)]))
  }
  return messages
}
