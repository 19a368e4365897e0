// How many messages may go out in a while: for each client, each group, each account. Who is too fast waits his turn, or is
// told to come back later.
import type { Action } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { CallOptions } from '../../core/ports.ts'
import { createBuckets, type Buckets } from './bucket.ts'
import { createLine } from './line.ts'
import type { BucketOptions, RateOptions } from './options.ts'

/** One call on its way to a backend. */
export interface Entering {
  inbound: string
  bot: UserId
  action: Action
  options: CallOptions
}

/** undefined: go on at once. Throws `busy`. */
export type Limiter = (entering: Entering) => Promise<void> | undefined

export interface LimiterOptions {
  rate: RateOptions
  /** Where in the configuration it stands. */
  place: string
  /** Milliseconds that never go back. */
  clock?: () => number
}

/** Calls that wait at once; beyond it the next are refused. */
const mostWaiting = 1000

const counted = new Set<Action['name']>(['message.send', 'message.repeat', 'file.upload'])

interface Limit {
  name: string
  buckets: Buckets<unknown>
  keyOf(entering: Entering): unknown
}

export function createLimiter({ rate, place, clock = () => performance.now() }: LimiterOptions): Limiter {
  const { perClient, perGroup, perBot, over, maxWaitMs, counts } = rate
  const limits = [
    ...toLimit('perClient', perClient, ({ inbound, options }) => options.client ?? inbound),
    ...toLimit('perGroup', perGroup, groupKeyOf),
    ...toLimit('perBot', perBot, ({ bot }) => bot),
  ]
  const line = createLine(clock)
  const longestMs = over === 'wait' ? maxWaitMs : 0

  function refuse(name: string, waitMs: number): never {
    const when = `try again in ${Math.ceil(waitMs)} ms`
    throw new BridgeError('busy', `too many ${counts}: ${place}.${name} of the bridge; ${when}`, { limit: 'rate' })
  }

  return (entering) => {
    if (counts === 'messages' && !counted.has(entering.action.name)) return undefined
    const now = clock()
    const keys = limits.map((limit) => limit.keyOf(entering))
    let longest = 0
    for (const [at, { name, buckets }] of limits.entries()) {
      const waitMs = keys[at] === undefined ? 0 : buckets.waitMs(keys[at], now)
      if (waitMs > longestMs || (waitMs > 0 && line.length >= mostWaiting)) refuse(name, waitMs)
      longest = Math.max(longest, waitMs)
    }
    for (const [at, { buckets }] of limits.entries()) if (keys[at] !== undefined) buckets.take(keys[at], now)
    return longest === 0 ? undefined : line.wait(now + longest)
  }
}

function toLimit(name: string, options: BucketOptions | undefined, keyOf: Limit['keyOf']): Limit[] {
  if (!options) return []
  const { messages, seconds, burst = messages } = options
  return [{ name, keyOf, buckets: createBuckets({ intervalMs: (seconds * 1000) / messages, burst }) }]
}

/** undefined: not to a group. */
function groupKeyOf({ bot, action: { params } }: Entering): string | undefined {
  const peer = 'peer' in params ? params.peer : undefined
  if (peer?.kind === 'group') return `${bot}/${peer.groupId}`
  return 'groupId' in params ? `${bot}/${params.groupId}` : undefined
}
