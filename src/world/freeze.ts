// The state of a world as lines of JSON and back: all but its messages, and each message by itself.
import type { GroupId, UserId } from '../core/ids.ts'
import { keepForwards } from './evolve.ts'
import { emptyState, newAccount, newGroup, newMember } from './make.ts'
import {
  type Account,
  type Chat,
  chatKey,
  type WorldGroup,
  type WorldMember,
  type WorldMessage,
  type WorldState,
} from './state.ts'

const accountsInALine = 1000

/** Lines of one kind each: the head first, accounts in portions, every group by itself. */
export function* freeze(state: WorldState): Generator<string> {
  const { bots, nextMessageId, nextRequest } = state
  const requests = [...state.requests.values()]
  yield JSON.stringify({ head: { bots, nextMessageId, nextRequest, requests, answers: [...state.answers] } })
  const accounts = [...state.accounts.values()]
  for (let at = 0; at < accounts.length; at += accountsInALine)
    yield JSON.stringify({ accounts: accounts.slice(at, at + accountsInALine).map(freezeAccount) })
  for (const group of state.groups.values()) yield JSON.stringify({ group: freezeGroup(group) })
}

function freezeAccount(account: Account) {
  return {
    ...account,
    likes: [...account.likes],
    devices: [...account.devices],
    friends: [...account.friends],
    oneWay: [...account.oneWay],
    groups: [...account.groups],
    blocked: [...account.blocked],
    readMarks: [...account.readMarks],
  }
}

function freezeGroup(group: WorldGroup) {
  const notices = [...group.notices.values()]
  return {
    ...group,
    members: [...group.members.values()],
    files: [...group.files.values()],
    folders: [...group.folders.values()],
    essence: [...group.essence],
    notices: notices.map((one) => ({ ...one, readBy: [...one.readBy], confirmedBy: [...one.confirmedBy] })),
    honors: [...group.honors],
    blocked: [...group.blocked],
  }
}

type Frozen =
  | {
      head: Pick<WorldState, 'bots' | 'nextMessageId' | 'nextRequest'> & {
        requests: WorldState['requests'] extends Map<string, infer R> ? R[] : never
        answers: [string, unknown][]
      }
    }
  | { accounts: ReturnType<typeof freezeAccount>[] }
  | { group: ReturnType<typeof freezeGroup> }

/** A world without messages. Throws for lines that `freeze` did not write. */
export function thaw(lines: Iterable<string>): WorldState {
  const state = emptyState(1)
  for (const line of lines) thawLine(state, JSON.parse(line) as Frozen)
  return state
}

function thawLine(state: WorldState, line: Frozen): void {
  if ('head' in line) {
    const { requests, answers, ...rest } = line.head
    Object.assign(state, rest, { answers: new Map(answers) })
    for (const request of requests) state.requests.set(request.flag, request)
  } else if ('accounts' in line) {
    for (const account of line.accounts) state.accounts.set(account.userId, thawAccount(account))
  } else state.groups.set(line.group.groupId, thawGroup(line.group))
}

function thawAccount(account: ReturnType<typeof freezeAccount>): Account {
  return {
    ...newAccount(account.userId),
    ...account,
    likes: new Map(account.likes),
    devices: new Map(account.devices),
    friends: new Map(account.friends),
    oneWay: new Map(account.oneWay),
    groups: new Set(account.groups),
    blocked: new Set(account.blocked),
    readMarks: new Map(account.readMarks),
  }
}

function thawGroup(group: ReturnType<typeof freezeGroup>): WorldGroup {
  const members = group.members.map((member): [UserId, typeof member] => [member.userId, complete(member)])
  return {
    ...newGroup(group.groupId satisfies GroupId, group.name),
    ...group,
    members: new Map(members),
    files: new Map(group.files.map((file) => [file.id, file])),
    folders: new Map(group.folders.map((folder) => [folder.id, folder])),
    essence: new Map(group.essence),
    notices: new Map(
      group.notices.map((one) => [
        one.id,
        { ...one, readBy: new Set(one.readBy), confirmedBy: new Set(one.confirmedBy) },
      ]),
    ),
    honors: new Map(group.honors),
    blocked: new Set(group.blocked),
  }
}

const plainMember = newMember({ userId: 0 as UserId, role: 'member', joinTime: 0, joinSeq: 0 })
const memberKeys = Object.keys(plainMember).length

/** What an older version did not know of a member gets its default. There may be many: most stay as they were read. */
function complete(member: WorldMember): WorldMember {
  let keys = 0
  for (const _ in member) keys++
  return keys === memberKeys ? member : { ...plainMember, ...member }
}

export function freezeMessage(message: Omit<WorldMessage, 'chat'> & { chat: Chat | null }): string {
  const { reactions } = message
  if (!reactions) return JSON.stringify(message)
  return JSON.stringify({ ...message, reactions: [...reactions].map(([emoji, users]) => [emoji, [...users]]) })
}

const messagesInALine = 10_000

/** Lines of many messages each, by conversation: what all messages of one share is there once. */
export function* freezeMessages(messages: Iterable<WorldMessage>): Generator<string> {
  let chats = new Map<string, string[]>()
  let count = 0
  for (const message of messages) {
    const chat = JSON.stringify(message.chat)
    const texts = chats.get(chat) ?? []
    if (texts.length === 0) chats.set(chat, texts)
    texts.push(freezeMessage({ ...message, chat: null }))
    if (++count % messagesInALine > 0) continue
    yield toLine(chats)
    chats = new Map()
  }
  if (chats.size > 0) yield toLine(chats)
}

function toLine(chats: ReadonlyMap<string, readonly string[]>): string {
  return `[${[...chats].map(([chat, texts]) => `{"chat":${chat},"messages":[${texts.join(',')}]}`).join(',')}]`
}

type FrozenMessage = Omit<WorldMessage, 'reactions'> & { reactions?: [string, UserId[]][] }

/** Puts messages back where they were. A later one of the same place counts. */
export function thawMessages(state: WorldState, line: string): void {
  for (const { chat, messages } of JSON.parse(line) as { chat: Chat; messages: FrozenMessage[] }[]) {
    const key = chatKey(chat)
    const conversation = state.conversations.get(key) ?? []
    state.conversations.set(key, conversation)
    for (const frozen of messages) {
      const message = frozen as unknown as WorldMessage
      message.chat = chat
      if (frozen.reactions)
        message.reactions = new Map(frozen.reactions.map(([emoji, users]) => [emoji, new Set(users)]))
      conversation[message.seq - 1] = message
      state.messages.set(message.id, message)
      if (message.segments.some(({ type }) => type === 'forward')) keepForwards(state, message.segments)
    }
  }
}
