// What a message says: its prefix, which may be taken away or replaced, patterns over its text, and whom it mentions.
import type { MessageEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { Segment } from '../../core/segment.ts'
import { createListCheck, halvesOf } from './lists.ts'
import type { TextOptions } from './options.ts'
import { compilePattern } from './pattern.ts'

/** Whether a message passes. */
export type TextCheck = (event: MessageEvent) => boolean

export function createTextCheck({ prefix, matches }: TextOptions): TextCheck {
  const startsRight = createListCheck(
    prefix,
    (prefixes) => (start: string) => prefixes.some((one) => start.startsWith(one)),
  )
  const readsRight = createListCheck(matches, (patterns) => {
    const compiled = patterns.map(compilePattern)
    return (text: string) => compiled.some((pattern) => pattern(text))
  })
  return ({ bot, message: { segments } }) => {
    if (startsRight && !startsRight(startOf(segments, bot))) return false
    return !readsRight || readsRight(textOf(segments))
  }
}

/** The text segments of a message, joined, without blanks around. */
function textOf(segments: readonly Segment[]): string {
  let text = ''
  for (const segment of segments) if (segment.type === 'text') text += segment.text
  return text.trim()
}

/** Where the words for the bot begin: behind a quote, mentions of the bot and blanks. -1: something else comes first. */
function findStart(segments: readonly Segment[], bot: UserId): number {
  for (const [at, segment] of segments.entries()) {
    if (segment.type === 'text') {
      if (segment.text.trim() !== '') return at
    } else if (segment.type !== 'reply' && !isMentionOf(segment, bot)) return -1
  }
  return -1
}

/** The text with which a message begins; empty when it begins with something else. */
function startOf(segments: readonly Segment[], bot: UserId): string {
  const segment = segments[findStart(segments, bot)]
  return segment?.type === 'text' ? segment.text.trimStart() : ''
}

function isMentionOf(segment: Segment, bot: UserId): boolean {
  return segment.type === 'mention' && segment.userId === bot
}

/** undefined: not a message of a group, where everything else is meant for the bot anyhow. */
export function mentionsBot({ bot, message }: MessageEvent): boolean | undefined {
  if (message.peer.kind !== 'group') return undefined
  return message.segments.some((segment) => isMentionOf(segment, bot))
}

/** What a client sees of a message that passed: the prefix gone, or another in its place. The stored one stays as it is. */
export type Rewrite = (event: MessageEvent) => MessageEvent

/** undefined: messages go on as they are. */
export function createRewrite({ prefix, strip, rewrite }: TextOptions): Rewrite | undefined {
  const instead = rewrite ?? (strip ? '' : undefined)
  if (instead === undefined) return undefined
  // Of two that fit the longer one is meant.
  const prefixes = (halvesOf(prefix).only ?? []).toSorted((one, other) => other.length - one.length)
  return (event) => {
    const { bot, message } = event
    const at = findStart(message.segments, bot)
    const start = message.segments[at]
    if (start?.type !== 'text') return event
    const text = start.text.trimStart()
    const found = prefixes.find((one) => text.startsWith(one))
    if (found === undefined) return event
    const segments = message.segments.with(at, { ...start, text: instead + text.slice(found.length) })
    return { ...event, message: { ...message, segments: withoutEmpty(segments, at) } }
  }
}

/** A message that was nothing but its prefix stays a message. */
function withoutEmpty(segments: Segment[], at: number): Segment[] {
  const segment = segments[at]
  const isEmpty = segment?.type === 'text' && segment.text === ''
  return isEmpty && segments.length > 1 ? segments.toSpliced(at, 1) : segments
}
