// What an operator reads of the clients that come and go, and of those that are turned away.
import type { LimitedLog } from '../../core/limited-log.ts'
import type { InboundHost } from '../../core/ports.ts'

/** `place`: how it is connected. Returns what to call when it has gone. */
export function announce(
  { log }: Pick<InboundHost, 'log'>,
  place: string,
  bot: string | number | undefined,
): () => void {
  const who = `(${place}, ${bot === undefined ? 'every bot' : `bot ${bot}`})`
  log('info', `OneBot client connected ${who}`)
  return () => log('info', `OneBot client disconnected ${who}`)
}

export function reportRefusal(log: LimitedLog, remote: string, verdict: 'missing' | 'wrong'): void {
  const what = verdict === 'missing' ? 'no access token' : 'a wrong access token'
  log('warn', `token ${remote}`, `a OneBot client from ${remote} showed ${what}`)
}
