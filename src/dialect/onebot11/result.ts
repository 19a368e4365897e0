// Results of canonical actions, printed as a OneBot answer's data and read from one.
import type { OneBot11Result } from '../../../mappings/onebot11-actions.ts'
import type { Result } from '../../core/action.ts'
import type { UserId } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'
import type { ForwardNode } from '../../core/segment.ts'
import { printCookies, printCredentials, printNumberedRkeys } from './ask-models.ts'
import {
  printFileDeleted,
  printFileInfo,
  printFiles,
  printFileSpace,
  printFolderDeleted,
  printFolderMade,
  printUploaded,
} from './file-models.ts'
import {
  printAtAllRemain,
  printEssence,
  printGroupRequests,
  printHonors,
  printJoinList,
  printMutedMembers,
  printNotice,
  printRequestEvents,
  toJoinRequest,
} from './group-models.ts'
import { printMessageDetail, type PrintContext } from './message-event.ts'
import { printForwardItems, toNodeItems } from './message-print.ts'
import { parseMessageDetail } from './event-parse.ts'
import { printCategories, printGroup, printListedFriend, printLogin, printMember, printStranger } from './models.ts'
import {
  printClient,
  printDoubtFriend,
  printFavourites,
  printLikes,
  printLikesPage,
  printModel,
  printReactionList,
  printReactions,
  printRecent,
  printUnidirectional,
  printUserStatus,
} from './people-models.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'
import type { EventIds } from './wire.ts'

export interface ResultContext extends PrintContext {
  /** Parameters of the call: some answers repeat them. */
  asked?: Readonly<WireObject>
}

type Print = (result: never, bot: UserId, context: ResultContext) => unknown

/** data of the answer; null for actions whose result says nothing. */
export function printResult(
  model: OneBot11Result | undefined,
  result: unknown,
  bot: UserId,
  context: ResultContext,
): unknown {
  return model === undefined ? null : printers[model](result as never, bot, context)
}

const printers = {
  sent: ({ messageId, forwardId }: Result<'message.send'>) =>
    withoutAbsent({ message_id: messageId, res_id: forwardId, forward_id: forwardId }),
  // A forward without an id of its own is found again by the message that holds it.
  forwardSent: ({ messageId, forwardId = String(messageId) }: Result<'message.send'>) => ({
    message_id: messageId,
    res_id: forwardId,
    forward_id: forwardId,
  }),
  message: (message: Message, bot: UserId, context: PrintContext) => printMessageDetail(bot, message, context),
  forward: ({ nodes }: { nodes: ForwardNode[] }, bot: UserId, { view }: PrintContext) => {
    const messages = printForwardItems(nodes, { find: (id) => view.message(bot, id) })
    return { messages, message: toNodeItems(messages) }
  },
  history: ({ messages }: { messages: Message[] }, bot: UserId, context: PrintContext) => ({
    messages: messages.map((message) => printMessageDetail(bot, message, context)),
  }),
  login: printLogin,
  stranger: (profile: Result<'user.profile'>, bot: UserId, { view }: PrintContext) =>
    printStranger(profile, view.friend(bot, profile.userId)?.remark),
  friends: (friends: Result<'friend.list'>) => friends.map(printListedFriend),
  categories: printCategories,
  callResult: () => ({ result: 0, errMsg: '' }),
  group: printGroup,
  groups: (groups: Result<'group.list'>) => groups.map(printGroup),
  member: printMember,
  members: (members: Result<'group.member.list'>) => members.map(printMember),
  essence: () => ({
    errCode: '0',
    errMsg: '',
    result: { wording: '', digestUin: '', digestTime: 0, msg: {}, errorCode: 0 },
  }),
  given: (result: unknown) => result ?? null,
  list: (result: unknown) => result ?? [],
  nothing: () => ({}),
  emptyText: () => '',
  fine: () => ({ ok: true }),
  clients: (clients: Result<'bot.clients'>) => clients.map(printClient),
  models: (models: Result<'bot.model.get'>) => models.map(printModel),
  userStatus: printUserStatus,
  likes: printLikes,
  likesPage: printLikesPage,
  unidirectional: (friends: Result<'friend.unidirectional'>) => friends.map(printUnidirectional),
  doubtFriends: (requests: Result<'request.filtered'>) => requests.map(printDoubtFriend),
  filteredJoins: (requests: Result<'request.filtered'>) => printGroupRequests(requests.map(toJoinRequest)),
  filteredJoinList: printJoinList,
  groupRequests: printGroupRequests,
  requestEvents: (requests: Result<'request.group.list'>, bot: UserId) => printRequestEvents(requests, bot),
  recent: (messages: Message[], bot: UserId, context: PrintContext) =>
    messages.map((message) => printRecent(message, bot, context)),
  reactions: printReactions,
  reactionList: printReactionList,
  favourites: printFavourites,
  notices: (notices: Result<'group.notice.list'>) => notices.map(printNotice),
  essences: (essences: Result<'group.essence.list'>, bot: UserId, context: PrintContext) =>
    essences.map((essence) => printEssence(essence, bot, context)),
  honors: (honors: Result<'group.honor.get'>, _bot: UserId, { asked }: ResultContext) =>
    printHonors(honors, asked?.['groupId'] ?? 0),
  atAllRemain: printAtAllRemain,
  mutedMembers: printMutedMembers,
  files: printFiles,
  folderMade: printFolderMade,
  folderDeleted: printFolderDeleted,
  fileDeleted: (_result: unknown, _bot: UserId, { asked }: ResultContext) => printFileDeleted(asked?.['fileId'] ?? ''),
  fileInfo: printFileInfo,
  fileSpace: printFileSpace,
  uploaded: printUploaded,
  cookies: printCookies,
  credentials: printCredentials,
  numberedRkeys: printNumberedRkeys,
} satisfies Record<OneBot11Result, Print>

/** The backend's id of a message that was sent and, for forwards, the forward's. undefined without a message id. */
export function readSent(data: unknown): { native: string; forwardId?: string } | undefined {
  const wire = toObject(data)
  const native = messageIdOf(wire?.['message_id'])
  if (!wire || native === undefined || native === '0') return undefined
  return withoutAbsent({ native, forwardId: textOf(wire['forward_id']) ?? textOf(wire['res_id']) })
}

/** Whatever text there is; of numbers only whole ones: 1.5 and 1e300 name nothing that could be found again. */
function messageIdOf(value: unknown): string | undefined {
  return typeof value === 'string' ? textOf(value) : toText(toInteger(value))
}

/** The entries of a get_forward_msg answer, in any of the known shapes, for `fromForward`. */
export function readForwardItems(data: unknown): readonly unknown[] {
  const wire: WireObject = toObject(data) ?? {}
  const items = wire['messages'] ?? wire['message'] ?? wire['content'] ?? data
  return Array.isArray(items) ? items : []
}

/** Readable messages of a history, oldest first. */
export function readHistory(data: unknown, bot: UserId, ids: EventIds): Message[] {
  const items = toObject(data)?.['messages']
  if (!Array.isArray(items)) return []
  return items
    .map((item) => toObject(item))
    .map((item) => item && parseMessageDetail(item, bot, ids))
    .filter((message) => message !== undefined)
    .toSorted((one, other) => one.time - other.time)
}
