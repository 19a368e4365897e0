// Tolerant readers of wire values, shared by every grammar. undefined means: not readable as that.
import type { GroupId, MessageId, RequestId, UserId } from './ids.ts'

const digits = /^[0-9]{1,20}$/
const signedDigits = /^-?[0-9]{1,20}$/

/** A positive safe integer, as a number or as 1 to 20 ASCII digits. Nothing else: not "1e4", 1.5, true, [5] or full-width digits. */
export function toAccount(value: unknown): number | undefined {
  const number = typeof value === 'string' && digits.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined
}

export function toUserId(value: unknown): UserId | undefined {
  return toAccount(value) as UserId | undefined
}

export function toGroupId(value: unknown): GroupId | undefined {
  return toAccount(value) as GroupId | undefined
}

export function toRequestId(value: unknown): RequestId | undefined {
  return toAccount(value) as RequestId | undefined
}

export function toMessageId(value: unknown): MessageId | undefined {
  const number = toInteger(value)
  return number !== undefined && number !== 0 && (number | 0) === number ? (number as MessageId) : undefined
}

/** A safe integer, negative ones too, as a number or as decimal text. */
export function toInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && signedDigits.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

/** Any finite number, also as decimal text. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const yes = new Set(['true', '1', 'yes', 'on'])
const no = new Set(['false', '0', 'no', 'off', ''])

/** The ways clients say yes and no: true, 1, "1", "true", "True", "yes", "on" and their opposites. */
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const word = String(value).toLowerCase()
  return yes.has(word) ? true : no.has(word) ? false : undefined
}

/** Text; numbers and booleans become their text. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export type WireObject = Record<string, unknown>

/** A plain object, not an array and not null. */
export function toObject(value: unknown): WireObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireObject) : undefined
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
