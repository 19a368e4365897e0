// A filter file as go-cqhttp has them, and the event as such filters look at it.
import { readFileSync, statSync } from 'node:fs'
import { BridgeError } from '../../core/error.ts'
import type { BridgeEvent } from '../../core/event.ts'
import { parseJson } from '../../core/json.ts'
import type { View } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { printExtra } from '../../dialect/onebot11/event-extra.ts'
import { printEvent } from '../../dialect/onebot11/event-print.ts'
import { prepareSegments } from '../../translate/prepare.ts'
import type { Filter } from './filter.ts'
import { parseRules, type Rule } from './rules.ts'

/** Bytes; nobody writes more by hand. */
const largest = 1024 * 1024

/** Throws an Error that says what is wrong and where. */
export function readRuleFilter(file: string): Filter {
  const rule = readRules(file)
  return (event, view) => (rule(toOneBot(event, view)) ? event : undefined)
}

/** undefined: it can be used. */
export function faultInFile(file: string): string | undefined {
  try {
    readRules(file)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

export interface RuleFiles {
  /** Routes that name the same file as before, with other contents: `routes.0.filter`. */
  changedIn(routes: readonly { filter?: string | undefined }[]): string[]
}

/** As they are now. */
export function lookAtRuleFiles(routes: readonly { filter?: string | undefined }[]): RuleFiles {
  const texts = routes.map(({ filter }) => filter && readText(filter))
  return {
    changedIn: (later) =>
      later.flatMap(({ filter }, at) =>
        filter === routes[at]?.filter && (filter && readText(filter)) !== texts[at] ? [`routes.${at}.filter`] : [],
      ),
  }
}

/** undefined: it cannot be read just now. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function readRules(file: string): Rule {
  if (statSync(file).size > largest) throw new Error(`it is larger than ${largest} bytes`)
  return parseRules(parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')))
}

/** A person has to find the mistake: the parser's own words say where it is. */
function parse(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    const cause = error instanceof BridgeError ? error.cause : undefined
    throw cause instanceof Error ? cause : error
  }
}

/** Made once for all filters that look at an event, and only when one does. */
const printed = new WeakMap<BridgeEvent, WireObject>()

function toOneBot(event: BridgeEvent, view: View): WireObject {
  const known = printed.get(event)
  if (known) return known
  const wire = printEvent(fit(event), { view, format: 'array' })
  // What OneBot has no event for still has a time and an account.
  const shown = wire ? printExtra(event, wire) : { time: event.time, self_id: event.bot, post_type: 'notice' }
  printed.set(event, shown)
  return shown
}

function fit(event: BridgeEvent): BridgeEvent {
  if (event.type !== 'message') return event
  const { message } = event
  const { segments } = prepareSegments(message.segments, { dialect: 'onebot11', way: 'event', peer: message.peer })
  return segments === message.segments ? event : { ...event, message: { ...message, segments } }
}
