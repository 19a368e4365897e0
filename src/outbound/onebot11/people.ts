// The account itself, its likes, favourites and conversations.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { Message } from '../../core/message.ts'
import { parseMessageDetail } from '../../dialect/onebot11/event-parse.ts'
import {
  readClients,
  readDoubtFriends,
  readFavourites,
  readLikes,
  readModels,
  readReactions,
  readRecent,
  readUnidirectional,
  readUserStatus,
} from '../../dialect/onebot11/people-models.ts'
import { filteredMark } from '../../dialect/onebot11/request.ts'
import { readGroupRequests, type ReadRequest } from '../../dialect/onebot11/group-models.ts'
import { toWireId } from '../../dialect/onebot11/action-print.ts'
import type { Call, Done, Handlers } from './call.ts'
import { nativeOf } from './ids.ts'
import { askFor, checkDone, orElse, requestFor, tell, unreadable } from './tell.ts'

/** The action for whole profiles wants a nickname, and not everybody has the one for signatures. */
async function setProfile(call: Call, params: Params<'bot.profile.set'>): Promise<Done> {
  const whole = { ...params, nickname: params.nickname ?? call.nickname }
  const asGiven = params.nickname === undefined && params.sex !== undefined ? whole : params
  return orElse(tell(call, { name: 'bot.profile.set', params: asGiven }), (error) => {
    if (params.nickname !== undefined || params.sex !== undefined) throw error
    const request = { action: 'set_qq_profile', params: { nickname: call.nickname, personal_note: params.sign ?? '' } }
    return call.ask(request).then((data) => {
      checkDone(data, call)
      return {}
    })
  })
}

/** The process that should answer ends: a connection that is lost then is the answer. */
async function exit(call: Call): Promise<Done> {
  try {
    await tell(call, { name: 'bot.exit', params: {} })
  } catch (error) {
    if (!(error instanceof BridgeError) || error.kind !== 'offline' || error.certain) throw error
  }
  call.left()
  return {}
}

async function getLikes(call: Call, params: Params<'user.like.list'>): Promise<Result<'user.like.list'>> {
  const request = requestFor(call, 'user.like.list', params)
  const action = params.userId === undefined ? call.flavour.traits.ownLikes : request.action
  return readLikes(await call.ask({ ...request, action }))
}

async function getUserStatus(call: Call, params: Params<'user.status'>): Promise<Result<'user.status'>> {
  const status = readUserStatus(await askFor(call, 'user.status', params))
  if (!status) throw unreadable('nc_get_user_status', call)
  return status
}

/** Conversations whose last message cannot be loaded are left out. */
async function getRecent(call: Call, params: Params<'message.recent'>): Promise<Message[]> {
  return readRecent(await askFor(call, 'message.recent', params))
    .map((wire) => parseMessageDetail(wire, call.bot, call.eventIds))
    .filter((message) => message !== undefined)
}

async function react(call: Call, params: Params<'message.react'>): Promise<Done> {
  const { messageId, emojiId, on } = params
  const way = call.flavour.traits.react
  if (way === 'set' || (way === 'unset' && on)) return tell(call, { name: 'message.react', params })
  const { native, peer } = nativeOf(call.services, call.bot, messageId)
  const wire = { message_id: toWireId(native) }
  const request =
    way === 'unset'
      ? { action: 'unset_msg_emoji_like', params: { ...wire, emoji_id: emojiId } }
      : {
          action: 'set_group_reaction',
          params: { group_id: peer.kind === 'group' ? peer.groupId : 0, ...wire, code: emojiId, is_add: on },
        }
  checkDone(await call.ask(request), call)
  return {}
}

async function getFiltered(call: Call, params: Params<'request.filtered'>): Promise<Result<'request.filtered'>> {
  const { requests } = call.services
  if (params.kind === 'friend') {
    return readDoubtFriends(await askFor(call, 'request.filtered', params)).map(({ native, ...request }) => ({
      requestId: requests.learn(call.bot, { kind: 'friend', native: filteredMark + native, userId: request.userId }),
      ...request,
    }))
  }
  const other = (): Promise<unknown> => call.ask({ action: 'get_group_ignore_add_request', params: {} })
  const data = await orElse(askFor(call, 'request.filtered', params), other)
  return readGroupRequests(data)
    .filter(({ kind }) => kind === 'join')
    .map((request) => {
      const { userId, nickname, comment, groupId, groupName } = request
      return { requestId: learnRequest(call, request), userId, nickname, comment, groupId, groupName, time: 0 }
    })
}

async function getGroupRequests(
  call: Call,
  params: Params<'request.group.list'>,
): Promise<Result<'request.group.list'>> {
  const data = await askFor(call, 'request.group.list', params)
  return readGroupRequests(data).map((request) => {
    const { native: _native, ...others } = request
    return { requestId: learnRequest(call, request), ...others }
  })
}

/** An answered one must not be answered again. */
function learnRequest({ services, bot }: Call, { kind, native, userId, groupId, answered }: ReadRequest) {
  const id = services.requests.learn(bot, { kind, native, userId, groupId })
  if (answered) services.requests.markAnswered(bot, id)
  return id
}

export const peopleHandlers = {
  'bot.profile.set': setProfile,
  'bot.avatar.set': (call, params) => tell(call, { name: 'bot.avatar.set', params }, true),
  'bot.status.set': (call, params) => tell(call, { name: 'bot.status.set', params }),
  'bot.model.get': async (call, params) => readModels(await askFor(call, 'bot.model.get', params)),
  'bot.model.set': (call, params) => tell(call, { name: 'bot.model.set', params }),
  'bot.clients': async (call, params) => readClients(await askFor(call, 'bot.clients', params)),
  'bot.exit': exit,
  'user.status': getUserStatus,
  'user.like': (call, params) => tell(call, { name: 'user.like', params }),
  'user.like.list': getLikes,
  'friend.remark.set': (call, params) => tell(call, { name: 'friend.remark.set', params }),
  'friend.unidirectional': async (call, params) =>
    readUnidirectional(await askFor(call, 'friend.unidirectional', params)),
  'request.filtered': getFiltered,
  'request.group.list': getGroupRequests,
  'favourite.add': (call, params) => tell(call, { name: 'favourite.add', params: { brief: '', ...params } }),
  'favourite.list': async (call, params) => readFavourites(await askFor(call, 'favourite.list', params)),
  'customFace.list': async (call, params) => {
    const faces = await askFor(call, 'customFace.list', params)
    return Array.isArray(faces) ? faces.filter((face) => typeof face === 'string') : []
  },
  'message.recent': getRecent,
  'message.react': react,
  'message.reactions': async (call, params) => readReactions(await askFor(call, 'message.reactions', params)),
  'typing.set': (call, params) => tell(call, { name: 'typing.set', params }),
} satisfies Partial<Handlers>
