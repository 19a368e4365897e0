// Single parameters of a client's call. What cannot be read is `badParameter`, and the text names the parameter.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, MessageId, UserId } from '../../core/ids.ts'
import { toBoolean, toGroupId, toInteger, toMessageId, toUserId, type WireObject } from '../../core/read.ts'
import { textOf } from './segment-parse.ts'
import { readSource, type SourceFields } from './source.ts'

export function flagOf(params: WireObject, name: string): boolean | undefined {
  return isAbsent(params[name]) ? undefined : (toBoolean(params[name]) ?? invalid(name, 'true or false'))
}

export function messageIdOf(params: WireObject): MessageId {
  if (isAbsent(params['message_id'])) missing('message_id')
  return toMessageId(params['message_id']) ?? invalid('message_id', 'a non-zero 32-bit message id')
}

export function account(params: WireObject, name: string): UserId {
  if (isAbsent(params[name])) missing(name)
  return toUserId(params[name]) ?? invalid(name, 'a positive integer of at most 20 digits')
}

/** 0 is how some clients leave it out. */
export function optionalGroup(params: WireObject): GroupId | undefined {
  const value = params['group_id']
  if (isAbsent(value) || value === 0 || value === '0') return undefined
  return toGroupId(value) ?? invalid('group_id', 'a positive integer of at most 20 digits')
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

export function missing(name: string): never {
  throw new BridgeError('badParameter', `missing parameter: ${name}`)
}

export function invalid(name: string, wanted: string): never {
  throw new BridgeError('badParameter', `${name} must be ${wanted}`)
}

export function groupOf(params: WireObject): GroupId {
  return optionalGroup(params) ?? missing('group_id')
}

/** The first of these that holds text. */
export function textIn(params: WireObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(params[name])
    if (text !== undefined) return text
  }
  return undefined
}

export function requiredText(params: WireObject, ...names: readonly string[]): string {
  return textIn(params, ...names) ?? missing(names[0] as string)
}

export function integerIn(params: WireObject, name: string): number | undefined {
  return isAbsent(params[name]) ? undefined : (toInteger(params[name]) ?? invalid(name, 'an integer'))
}

/** Where the bytes of something to upload are, as it is written in a media segment's `file`. */
export function sourceIn(params: WireObject, name: string): SourceFields | undefined {
  return isAbsent(params[name])
    ? undefined
    : (readSource({ file: params[name] }) ?? invalid(name, 'the source of a file'))
}

export function requiredSource(params: WireObject, name: string): SourceFields {
  return sourceIn(params, name) ?? missing(name)
}
