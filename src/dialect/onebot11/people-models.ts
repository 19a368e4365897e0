// What OneBot answers about the account, its likes, favourites and conversations, in both directions.
import type { Result } from '../../core/action.ts'
import type { Friend } from '../../core/contact.ts'
import { peerId, type UserId } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { toBoolean, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import { printMessageDetail, type PrintContext } from './message-event.ts'
import { readList } from './models.ts'
import { textOf, withoutAbsent } from './segment-parse.ts'

type Client = Result<'bot.clients'>[number]

export function printClient({ id, name, platform }: Client): WireObject {
  return { app_id: id, device_name: name, device_kind: platform }
}

/** go-cqhttp wraps the list. */
export function readClients(data: unknown): Client[] {
  return readList(toObject(data)?.['clients'] ?? data, (entry) => {
    const wire = toObject(entry)
    const id = toInteger(wire?.['app_id'])
    if (!wire || id === undefined) return undefined
    return { id, name: toText(wire['device_name']) ?? '', platform: toText(wire['device_kind']) ?? '' }
  })
}

type Model = Result<'bot.model.get'>[number]

export function printModel({ name, needsPay }: Model): WireObject {
  return { variants: { model_show: name, need_pay: needsPay } }
}

/** go-cqhttp wraps the list as a whole, NapCat each entry. */
export function readModels(data: unknown): Model[] {
  return readList(toObject(data)?.['variants'] ?? data, (entry) => {
    const wire = toObject(toObject(entry)?.['variants']) ?? toObject(entry)
    const name = toText(wire?.['model_show'])
    return wire && name !== undefined ? { name, needsPay: toBoolean(wire['need_pay']) ?? false } : undefined
  })
}

export function printUserStatus({ status, extStatus }: Result<'user.status'>): WireObject {
  return { status, ext_status: extStatus }
}

export function readUserStatus(data: unknown): Result<'user.status'> | undefined {
  const wire = toObject(data)
  const status = toInteger(wire?.['status'])
  return wire && status !== undefined ? { status, extStatus: toInteger(wire['ext_status']) ?? 0 } : undefined
}

type Likes = Result<'user.like.list'>

function printLike({ userId, nickname, count, time }: Likes['likes'][number]): WireObject {
  return {
    uid: '',
    uin: userId,
    src: 0,
    latestTime: time,
    count,
    giftCount: 0,
    customId: 0,
    lastCharged: 0,
    bAvailableCnt: 0,
    bTodayVotedCnt: 0,
    nick: nickname,
    gender: 0,
    age: 0,
    isFriend: false,
    isvip: false,
    isSvip: false,
  }
}

export function printLikes({ total, likes }: Likes): WireObject {
  const latest = Math.max(0, ...likes.map(({ time }) => time))
  return {
    uid: '',
    time: latest,
    favoriteInfo: { total_count: total, last_time: latest, today_count: 0, userInfos: [] },
    voteInfo: {
      total_count: total,
      new_count: 0,
      new_nearby_count: 0,
      last_visit_time: 0,
      userInfos: likes.map(printLike),
    },
  }
}

/** LuckyLilliaBot's form; it counts pages on its own. */
export function printLikesPage({ likes }: Likes): WireObject {
  return { users: likes.map(printLike), nextStart: -1 }
}

/** NapCat lists them under voteInfo or favoriteInfo, LuckyLilliaBot under users. */
export function readLikes(data: unknown): Likes {
  const wire = toObject(data) ?? {}
  const infos = [toObject(wire['voteInfo']), toObject(wire['favoriteInfo'])]
  const lists = [...infos.map((info) => info?.['userInfos']), wire['users']]
  const likes = lists.map((list) => readList(list, readLike)).find((list) => list.length > 0) ?? []
  const totals = infos.map((info) => toInteger(info?.['total_count']) ?? 0)
  return { total: Math.max(likes.length, ...totals), likes }
}

function readLike(value: unknown): Likes['likes'][number] | undefined {
  const wire = toObject(value)
  const userId = toUserId(wire?.['uin'])
  if (!wire || userId === undefined) return undefined
  const nickname = toText(wire['nick']) ?? ''
  return { userId, nickname, count: toInteger(wire['count']) ?? 0, time: toInteger(wire['latestTime']) ?? 0 }
}

export function printUnidirectional(friend: Friend): WireObject {
  return { uin: friend.userId, uid: '', nick_name: friend.nickname, age: friend.age ?? 0, source: '' }
}

/** NapCat: uin, nick_name. go-cqhttp: user_id, nickname. */
export function readUnidirectional(data: unknown): Friend[] {
  return readList(data, (entry) => {
    const wire = toObject(entry)
    const userId = toUserId(wire?.['uin']) ?? toUserId(wire?.['user_id'])
    if (!wire || userId === undefined) return undefined
    const nickname = toText(wire['nick_name']) ?? toText(wire['nickname']) ?? ''
    return withoutAbsent({ userId, nickname, remark: '', age: toInteger(wire['age']) })
  })
}

type Filtered = Result<'request.filtered'>[number]

/** Everything is text here, times too. */
export function printDoubtFriend(request: Filtered): WireObject {
  return {
    flag: String(request.requestId),
    uin: String(request.userId),
    nick: request.nickname,
    source: request.groupName ?? '',
    reason: '',
    msg: request.comment,
    group_code: request.groupId === undefined ? '' : String(request.groupId),
    time: String(request.time),
    type: 'doubt',
  }
}

export interface ReadFiltered extends Omit<Filtered, 'requestId'> {
  native: string
}

export function readDoubtFriends(data: unknown): ReadFiltered[] {
  return readList(data, (entry) => {
    const wire = toObject(entry)
    const native = textOf(wire?.['flag'])
    const userId = toUserId(wire?.['uin'])
    if (!wire || native === undefined || userId === undefined) return undefined
    const groupId = toUserId(wire['group_code']) as unknown as Filtered['groupId']
    return withoutAbsent({
      native,
      userId,
      nickname: toText(wire['nick']) ?? '',
      comment: toText(wire['msg']) ?? '',
      groupId,
      groupName: textOf(wire['source']),
      time: toInteger(wire['time']) ?? 0,
    })
  })
}

type Reactor = Result<'message.reactions'>[number]

/** tinyId holds the account as text. */
export function printReactions(reactors: readonly Reactor[]): WireObject {
  const emojiLikesList = reactors.map(({ userId, nickname }) => ({
    tinyId: String(userId),
    nickName: nickname,
    headUrl: '',
  }))
  return { result: 0, errMsg: '', emojiLikesList, cookie: '', isLastPage: true, isFirstPage: true }
}

export function printReactionList(reactors: readonly Reactor[]): WireObject {
  return { emoji_like_list: reactors.map(({ userId, nickname }) => ({ user_id: String(userId), nick_name: nickname })) }
}

export function readReactions(data: unknown): Reactor[] {
  const wire = toObject(data) ?? {}
  return readList(wire['emojiLikesList'] ?? wire['emoji_like_list'] ?? data, (entry) => {
    const one = toObject(entry)
    const userId = toUserId(one?.['tinyId']) ?? toUserId(one?.['user_id'])
    if (!one || userId === undefined) return undefined
    return { userId, nickname: toText(one['nickName']) ?? toText(one['nick_name']) ?? '' }
  })
}

type Favourite = Result<'favourite.list'>[number]

/** QQ's own records. A favourite of the bridge is always a text (type 1). */
export function printFavourites(favourites: readonly Favourite[], bot: UserId): WireObject {
  return {
    result: 0,
    errMsg: '',
    collectionSearchList: {
      collectionItemList: favourites.map((one) => printFavourite(one, bot)),
      hasMore: false,
      bottomTimeStamp: String(favourites.at(-1)?.time ?? 0),
    },
  }
}

function printFavourite({ id, text, brief, time }: Favourite, bot: UserId): WireObject {
  const at = String(time)
  return {
    cid: id,
    type: 1,
    status: 0,
    author: { type: 1, numId: String(bot), strId: '', groupId: '', groupName: '', uid: '' },
    bid: 0,
    category: 0,
    createTime: at,
    collectTime: at,
    modifyTime: at,
    sequence: at,
    shareUrl: '',
    customGroupId: 0,
    securityBeat: false,
    summary: {
      textSummary: text,
      linkSummary: '',
      gallerySummary: '',
      audioSummary: '',
      videoSummary: '',
      fileSummary: '',
      locationSummary: '',
      richMediaSummary: brief,
    },
  }
}

export function readFavourites(data: unknown): Favourite[] {
  return readList(toObject(toObject(data)?.['collectionSearchList'])?.['collectionItemList'], (entry) => {
    const wire = toObject(entry)
    const id = textOf(wire?.['cid'])
    if (!wire || id === undefined) return undefined
    const summary = toObject(wire['summary']) ?? {}
    const text = readSummary(summary['textSummary'])
    const brief = readSummary(summary['richMediaSummary'])
    return {
      id,
      text: text || Object.values(summary).map(readSummary).find(Boolean) || '',
      brief,
      time: readTime(wire),
    }
  })
}

/** Text, or an object that holds it. */
function readSummary(value: unknown): string {
  const wire = toObject(value)
  return toText(value) ?? toText(wire?.['text']) ?? toText(wire?.['title']) ?? toText(wire?.['brief']) ?? ''
}

/** QQ counts milliseconds here. */
function readTime(wire: WireObject): number {
  const time = toInteger(wire['collectTime'] ?? wire['createTime']) ?? 0
  return time > 100_000_000_000 ? Math.floor(time / 1000) : time
}

const chatTypes = { friend: 1, stranger: 1, group: 2, temp: 100 } as const

/** The first key is spelt as NapCat spells it. */
export function printRecent(message: Message, bot: UserId, context: PrintContext): WireObject {
  const { peer, sender, time, id } = message
  const { view } = context
  const friend = peer.kind === 'group' ? undefined : view.friend(bot, peer.userId)
  const name =
    peer.kind === 'group'
      ? view.group(bot, peer.groupId)?.name
      : (friend?.nickname ?? (sender.userId === peer.userId ? sender.nickname : undefined))
  return {
    lastestMsg: printMessageDetail(bot, message, context),
    peerUin: String(peerId(peer)),
    remark: friend?.remark ?? '',
    msgTime: String(time),
    chatType: chatTypes[peer.kind],
    msgId: String(id),
    sendNickName: sender.nickname,
    sendMemberName: sender.card ?? '',
    peerName: name ?? '',
  }
}

/** Messages of the conversations that tell one. */
export function readRecent(data: unknown): WireObject[] {
  return readList(data, (entry) => toObject(toObject(entry)?.['lastestMsg']))
}
