// Keeps a misbehaving peer from filling the log: each kind of line at most once a minute, with the number left out.

/** `key` names the kind of line. */
export type LimitedLog = (level: 'debug' | 'info' | 'warn', key: string, text: string) => void

const windowMs = 60_000
/** Kinds may hold addresses of strangers. */
const mostKinds = 1000

export function createLimitedLog(write: (level: 'debug' | 'info' | 'warn', text: string) => void): LimitedLog {
  const kinds = new Map<string, { until: number; omitted: number }>()
  return (level, key, text) => {
    const now = Date.now()
    const kind = kinds.get(key)
    if (kind && now < kind.until) {
      kind.omitted++
      return
    }
    if (kinds.size >= mostKinds) kinds.clear()
    kinds.set(key, { until: now + windowMs, omitted: 0 })
    write(level, kind?.omitted ? `${text} (${kind.omitted} more of these in between)` : text)
  }
}
