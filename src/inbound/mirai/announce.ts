// What an operator reads of the clients that come and go.
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'

/** `place`: how it is connected. Returns what to call when it has gone. */
export function announce({ host }: Parts, place: string, { bot }: Session): () => void {
  const who = `(${place}, bot ${bot})`
  host.log('info', `mirai client connected ${who}`)
  return () => host.log('info', `mirai client disconnected ${who}`)
}
