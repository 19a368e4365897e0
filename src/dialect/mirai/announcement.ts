// Group announcements, for clients and of a mah backend. mah shows neither pictures nor switches.
import type { Result } from '../../core/action.ts'
import { toBoolean, toInteger, toObject, toText, toUserId, type WireObject } from '../../core/read.ts'
import type { UserId } from '../../core/ids.ts'

export type Announcement = Result<'group.notice.list'>[number]

/** `group` as printed by `printGroup`. */
export function printAnnouncement(notice: Announcement, group: WireObject): WireObject {
  return {
    group,
    content: notice.text,
    senderId: notice.senderId,
    fid: notice.id,
    allConfirmed: notice.allConfirmed,
    confirmedMembersCount: notice.readCount,
    publicationTime: notice.time,
  }
}

/** undefined: it has no id. `fallback` is the author when none is told. */
export function readAnnouncement(value: unknown, fallback: UserId): Announcement | undefined {
  const wire = toObject(value)
  const id = toText(wire?.['fid'])
  if (!wire || !id) return undefined
  return {
    id,
    senderId: toUserId(wire['senderId']) ?? fallback,
    time: toInteger(wire['publicationTime']) ?? 0,
    text: toText(wire['content']) ?? '',
    images: [],
    readCount: toInteger(wire['confirmedMembersCount']) ?? 0,
    allConfirmed: toBoolean(wire['allConfirmed']) ?? false,
  }
}
