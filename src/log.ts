// The bridge's log: one line per fact, secrets masked, control characters escaped, bounded length.
import { createConsola, type ConsolaReporter } from 'consola'
import { redact } from './core/redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface Log {
  (level: LogLevel, source: string, text: string): void
}

export interface LogOptions {
  level: LogLevel | 'silent'
  /** One JSON object a line, for machines. */
  json: boolean
}

const levels = { silent: -1, error: 0, warn: 1, info: 3, debug: 4 } as const
const longest = 2000

/** `hide`: takes secrets out. Default: what looks like one. */
export function createLog({ level, json }: LogOptions, hide: (text: string) => string = redact): Log {
  const reporters: ConsolaReporter[] | undefined = json ? [{ log: printJson }] : undefined
  const consola = createConsola({ level: levels[level], throttle: 0, ...(reporters && { reporters }) })
  return (severity, source, text) => {
    // Cleaning a line that nobody reads takes 3 us, and each loss and each client that comes has one.
    if (levels[severity] <= levels[level]) consola[severity](`${source}: ${clean(hide(cut(text)))}`)
  }
}

function printJson(entry: { type: string; args: unknown[]; date: Date }): void {
  const line = { time: entry.date.toISOString(), level: entry.type, text: entry.args.join(' ') }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function cut(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** A stranger's text must not be able to draw on the terminal or fake a second line. */
function clean(text: string): string {
  return text.replaceAll(
    /[\u0000-\u001f\u007f-\u009f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
