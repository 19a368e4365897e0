// What a backend's answer says beyond the result: for clients of the same dialect, whose answer is printed from the result.
import { onebot11Actions, type OneBot11ActionRow, type OneBot11Result } from '../../../mappings/onebot11-actions.ts'
import { restOf } from '../../core/extra.ts'
import type { HeardAnswer } from '../../core/ports.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { dialectName } from './wire.ts'

/**
 * How much of it may stand in the printed answer. whole: no ids of the bridge are inside, so what the backend says is what
 * counts. A number: levels down to which members are added that the printed answer has not; below them are messages, or
 * nothing. none: the printed entries hold it themselves.
 */
type Passing = 'whole' | 'none' | number

const passing: Record<OneBot11Result, Passing> = {
  sent: 1,
  forwardSent: 1,
  message: 'none',
  forward: 1,
  history: 1,
  login: 1,
  stranger: 'none',
  friends: 'none',
  categories: 'none',
  callResult: 'whole',
  group: 'none',
  groups: 'none',
  member: 'none',
  members: 'none',
  essence: 'whole',
  atAllRemain: 'whole',
  clients: 'whole',
  cookies: 'whole',
  credentials: 'whole',
  doubtFriends: 2,
  emptyText: 'none',
  essences: 2,
  favourites: 'whole',
  fileDeleted: 'whole',
  fileInfo: 1,
  fileSpace: 'whole',
  files: 'whole',
  filteredJoinList: 2,
  filteredJoins: 3,
  fine: 'whole',
  folderDeleted: 'whole',
  folderMade: 'whole',
  given: 'none',
  groupRequests: 3,
  honors: 'whole',
  likes: 'whole',
  likesPage: 'whole',
  list: 'none',
  models: 'whole',
  mutedMembers: 'none',
  nothing: 'whole',
  notices: 'whole',
  numberedRkeys: 'none',
  reactionList: 'whole',
  reactions: 'whole',
  recent: 2,
  requestEvents: 2,
  unidirectional: 'whole',
  uploaded: 'whole',
  userStatus: 'whole',
}

/** The backend's own ids: what it calls a message or a request means nothing, or something else, to a client. */
const withheld = new Set(['message_id', 'message_seq', 'real_id', 'real_seq', 'flag', 'request_id'])

/** The printed data of an answer with what else the backend said. The same value when that is nothing. */
export function withAnswer(row: OneBot11ActionRow, printed: unknown, heard: HeardAnswer | undefined): unknown {
  if (heard?.dialect !== dialectName || !isSameShape(row, heard.action)) return printed
  const { data } = heard
  if (row.result === undefined) return toObject(data) ? (restOf(data as WireObject, isWithheld) ?? printed) : printed
  const way = passing[row.result]
  return way === 'none'
    ? printed
    : merge(printed, data, way === 'whole' ? { depth: Infinity, wins: true } : { depth: way, wins: false })
}

function isSameShape({ result }: OneBot11ActionRow, asked: string): boolean {
  const rows: Readonly<Record<string, OneBot11ActionRow>> = onebot11Actions
  return Object.hasOwn(rows, asked) && rows[asked]?.result === result
}

function isWithheld(name: string): boolean {
  return withheld.has(name)
}

interface Merging {
  depth: number
  /** The backend's value counts where both have one of a kind. */
  wins: boolean
}

/** Lists go together entry by entry, if they are as long as each other: printing keeps their order. */
function merge(printed: unknown, said: unknown, merging: Merging): unknown {
  const inner = { ...merging, depth: merging.depth - 1 }
  if (merging.depth === 0) return printed
  if (Array.isArray(printed)) {
    const isPair = Array.isArray(said) && said.length === printed.length
    return isPair ? printed.map((entry, at) => merge(entry, said[at], inner)) : printed
  }
  const [own, other] = [toObject(printed), toObject(said)]
  if (!own || !other) return merging.wins && !own && !other && typeof said === typeof printed ? said : printed
  const out: WireObject = {}
  for (const name of Object.keys(own)) {
    const given = Object.hasOwn(other, name)
    out[name] = !given ? own[name] : unknownHere.has(name) ? other[name] : merge(own[name], other[name], inner)
  }
  const rest = restOf(other, (name) => Object.hasOwn(out, name) || isWithheld(name))
  return rest ? Object.assign(out, rest) : out
}

/** QQ's own numbers of a message, which only a backend knows. */
const unknownHere = new Set(['msg_seq', 'msg_random'])

const envelope = new Set(['status', 'retcode', 'data', 'message', 'wording', 'echo'])

/** Members of a backend's answer beside those that every answer has. NapCat says of nearly all that they are no streams. */
export function aroundOf(wire: WireObject): WireObject | undefined {
  return restOf(wire, (name) => envelope.has(name) || (name === 'stream' && wire[name] === 'normal-action'))
}

/** Whether more pieces of the same answer follow. The last one is of type response or error. */
export function isPiece(wire: WireObject): boolean {
  return wire['status'] === 'ok' && toObject(wire['data'])?.['type'] === 'stream'
}
