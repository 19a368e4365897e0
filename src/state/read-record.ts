// Records of messages as they come from the disk: whoever wrote them may have been killed, and a byte may be another one today.
import { toObject } from '../core/read.ts'
import type { MessageRecord } from './record.ts'

/** Of one record, or of a list of them. Throws when it is no JSON, or one of the records is not whole. */
export function readRecords(text: string): MessageRecord[] {
  const read: unknown = JSON.parse(text)
  const records: unknown[] = Array.isArray(read) ? read : [read]
  if (!records.every(isWhole)) throw new Error('a record is not whole')
  return records
}

function isWhole(value: unknown): value is MessageRecord {
  const { bot, id, native, peer, recalled, content } = toObject(value) ?? {}
  const isNamed = Number.isSafeInteger(bot) && Number.isSafeInteger(id) && typeof native === 'string'
  return isNamed && typeof recalled === 'boolean' && isPeer(peer) && (content === null || isContent(content))
}

function isPeer(value: unknown): boolean {
  const { kind, groupId, userId } = toObject(value) ?? {}
  if (kind === 'group') return Number.isSafeInteger(groupId)
  return (kind === 'friend' || kind === 'temp' || kind === 'stranger') && Number.isSafeInteger(userId)
}

function isContent(value: unknown): boolean {
  const { sender, time, segments } = toObject(value) ?? {}
  const { userId, nickname } = toObject(sender) ?? {}
  const isSent = Number.isFinite(time) && Number.isSafeInteger(userId) && typeof nickname === 'string'
  return (
    isSent && Array.isArray(segments) && segments.every((segment) => typeof toObject(segment)?.['type'] === 'string')
  )
}
