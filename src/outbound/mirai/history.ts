// History: mah tells it by time, clients mostly ask by count, so the window grows into the past until there are enough.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { nowSeconds } from '../../core/read.ts'
import { readList, request, type Ask } from './account.ts'
import { fetchMessage } from './lookup.ts'
import { readMessage } from './reading.ts'

const day = 24 * 3600
/** How far back each further request reaches, in seconds. Older messages are reached with `timeStart` only. */
const reaches = [3600, day, 7 * day, 30 * day, 365 * day]
const defaultCount = 20
/** The server's clock may be ahead of this one. */
const clockSkewSeconds = 60

type HistoryParams = Params<'message.history'>

export async function readHistory(ask: Ask, params: HistoryParams): Promise<Result<'message.history'>> {
  const { before, timeStart, timeEnd, count } = params
  const newest = before === undefined ? Infinity : await readTime(ask, before)
  const end = Math.min(timeEnd ?? nowSeconds() + clockSkewSeconds, newest)
  if (timeStart !== undefined) {
    const found = cut(await readWindow(ask, params.peer, timeStart, end), before)
    return { messages: count === undefined ? found : found.slice(-count) }
  }
  return { messages: await readBack(ask, { ...params, count: count ?? defaultCount }, end) }
}

async function readTime(ask: Ask, id: MessageId): Promise<number> {
  const { bot, services } = ask.account
  return (services.messages.get(bot, id) ?? (await fetchMessage(ask, id))).time
}

async function readBack(ask: Ask, { peer, before, count }: HistoryParams & { count: number }, end: number) {
  let found: Message[] = []
  let upTo = end
  for (const reach of reaches) {
    const from = Math.max(0, end - reach)
    if (upTo < from) break
    try {
      found = [...cut(await readWindow(ask, peer, from, upTo), before), ...found]
    } catch (error) {
      // Some of it is better than nothing: the next page asks again from there.
      if (found.length === 0) throw error
      break
    }
    if (found.length >= count) break
    upTo = from - 1
  }
  return found.slice(-count)
}

/** Both ends included, oldest first. */
async function readWindow(ask: Ask, peer: Peer, timeStart: number, timeEnd: number): Promise<Message[]> {
  const answer = await request(ask, 'roamingMessages', { timeStart, timeEnd }, { extra: toWhere(peer) })
  const messages = readList(ask, answer, (packet) => readMessage(ask.account, packet, peer))
  return inOrder(
    messages.filter(({ time }) => time >= timeStart && time <= timeEnd),
    ask,
  )
}

/** All three keys must be there. Groups since 2.10; before, `target` could only be a friend. */
function toWhere(peer: Peer): { target: number | null; qq: null; group: number | null } {
  switch (peer.kind) {
    case 'group':
      return { target: null, qq: null, group: peer.groupId }
    case 'friend':
      return { target: peer.userId, qq: null, group: null }
    case 'temp':
    case 'stranger':
      throw new BridgeError('notSupported', 'mirai-api-http has the history of friends and groups only')
  }
}

/** By time, then by mah's number, which counts up in each conversation. */
function inOrder(messages: readonly Message[], { account }: Ask): Message[] {
  const number = (message: Message) => Number(account.services.messages.native(account.bot, message.id)?.native)
  const unique = new Map(messages.map((message) => [message.id, message]))
  return [...unique.values()].toSorted((a, b) => a.time - b.time || number(a) - number(b) || 0)
}

function cut(messages: Message[], before: MessageId | undefined): Message[] {
  const at = before === undefined ? -1 : messages.findIndex(({ id }) => id === before)
  return at < 0 ? messages : messages.slice(0, at)
}
