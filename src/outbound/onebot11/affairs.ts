// Announcements, essence messages, honours and settings of groups.
import type { Params, Result } from '../../core/action.ts'
import { nowSeconds, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { GroupId, Peer, UserId } from '../../core/ids.ts'
import { readAtAllRemain, readHonors, readNotices } from '../../dialect/onebot11/group-models.ts'
import { fromMessage } from '../../dialect/onebot11/message.ts'
import { readList } from '../../dialect/onebot11/models.ts'
import { textOf } from '../../dialect/onebot11/segment-parse.ts'
import type { Call, Handlers } from './call.ts'
import { askFor, tell, unreadable } from './tell.ts'

type Notice = Result<'group.notice.publish'>
type Essence = Result<'group.essence.list'>[number]

/** NapCat does not tell the id of a new announcement: it is the newest one with that text. */
async function publishNotice(call: Call, params: Params<'group.notice.publish'>): Promise<Notice> {
  const { groupId, text } = params
  if (params.sendToNewMember) {
    const reason = 'whether new members get it cannot be chosen'
    call.loss({ what: 'group.notice.publish', fidelity: 'lossy', reason })
  }
  const id = textOf(
    toObject(await askFor(call, 'group.notice.publish', params, params.image !== undefined))?.['notice_id'],
  )
  const listed = await listNotices(call, { groupId }).catch(() => [])
  const mine = listed.filter((notice) => (id === undefined ? isLike(notice, text, call.bot) : notice.id === id))
  const [newest] = mine.toSorted((one, other) => other.time - one.time)
  if (newest) return newest
  const unknown = { images: [], readCount: 0, allConfirmed: false }
  return { id: id ?? '', senderId: call.bot, time: nowSeconds(), text, ...unknown }
}

function isLike(notice: Notice, text: string, bot: UserId): boolean {
  return notice.senderId === bot && notice.text.trim() === text.trim()
}

async function listNotices(call: Call, params: Params<'group.notice.list'>): Promise<Notice[]> {
  return readNotices(await askFor(call, 'group.notice.list', params))
}

async function listEssences(call: Call, params: Params<'group.essence.list'>): Promise<Essence[]> {
  return readList(await askFor(call, 'group.essence.list', params), (entry) => {
    const wire = toObject(entry)
    return wire && readEssence(call, params.groupId, wire)
  })
}

/** Without its content (go-cqhttp) or the time of sending (NapCat) the message log may know them. */
function readEssence({ services, bot, eventIds }: Call, groupId: GroupId, wire: WireObject): Essence | undefined {
  const native = textOf(wire['message_id'])
  const senderId = toUserId(wire['sender_id'])
  if (native === undefined || native === '0' || senderId === undefined) return undefined
  const peer: Peer = { kind: 'group', groupId }
  const messageId = services.messages.learn(bot, { native, peer }, undefined, true).id
  const known = services.messages.get(bot, messageId)
  return {
    messageId,
    senderId,
    senderName: toText(wire['sender_nick']) ?? '',
    senderTime: toInteger(wire['sender_time']) ?? known?.time ?? 0,
    operatorId: toUserId(wire['operator_id']) ?? senderId,
    operatorName: toText(wire['operator_nick']) ?? '',
    operatorTime: toInteger(wire['operator_time']) ?? 0,
    segments: 'content' in wire ? fromMessage(wire['content'] ?? [], peer, eventIds) : (known?.segments ?? []),
  }
}

async function getAtAllRemain(call: Call, params: Params<'group.atAll.remain'>): Promise<Result<'group.atAll.remain'>> {
  const remain = readAtAllRemain(await askFor(call, 'group.atAll.remain', params))
  if (!remain) throw unreadable('get_group_at_all_remain', call)
  return remain
}

export const affairHandlers = {
  'group.remark.set': (call, params) => tell(call, { name: 'group.remark.set', params }),
  'group.avatar.set': (call, params) => tell(call, { name: 'group.avatar.set', params }, true),
  'group.sign': (call, params) => tell(call, { name: 'group.sign', params }),
  'group.joinOption.set': (call, params) => tell(call, { name: 'group.joinOption.set', params }),
  'group.robotOption.set': (call, params) => tell(call, { name: 'group.robotOption.set', params }),
  'group.search.set': (call, params) => tell(call, { name: 'group.search.set', params }),
  'group.atAll.remain': getAtAllRemain,
  'group.essence.list': listEssences,
  'group.notice.list': listNotices,
  'group.notice.publish': publishNotice,
  'group.notice.delete': (call, params) => tell(call, { name: 'group.notice.delete', params }),
  'group.honor.get': async (call, params) => readHonors(await askFor(call, 'group.honor.get', params)),
} satisfies Partial<Handlers>
