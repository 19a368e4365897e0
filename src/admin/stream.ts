// What happens, as server-sent events. A reader that falls behind is cut off.
import type { HttpContext } from '../transport/mount.ts'
import type { Happening, World } from '../world/index.ts'

const keepAliveMs = 15_000

/** Whatever can be listened to. Returns how to end it. */
export type Feed = (listener: (value: unknown) => void) => () => void

export interface Streams {
  happenings(c: HttpContext, world: World): Response
  /** Each value of the feed as JSON, for `tail`. */
  feed(c: HttpContext, feed: Feed): Response
  /** Readers come to the end of what they read, and whoever comes later at once. */
  close(): void
}

export interface StreamLimits {
  /** Of what waits for a slow reader. */
  events: number
  bytes: number
  onSlow: (c: HttpContext) => void
}

export function createStreams(limits: StreamLimits): Streams {
  const open = new Set<() => void>()
  let closed = false

  function stream(c: HttpContext, watch: Watch): Response {
    const { onSlow, ...bounds } = limits
    return toStream(watch, { ...bounds, onSlow: () => onSlow(c) }, (end) => {
      open.add(end)
      if (closed) end()
      return () => open.delete(end)
    })
  }

  return {
    happenings: (c, world) => stream(c, (send) => world.watch((happening) => send(printHappening(happening)))),
    feed: (c, feed) => stream(c, (send) => feed((value) => send(`data: ${JSON.stringify(value, plainSets)}\n\n`))),
    close() {
      closed = true
      for (const end of open) end()
    },
  }
}

type Watch = (send: (text: string) => void) => () => void

/** `onOpen` is given how to end it, and gives back what to call when it has ended. */
function toStream(
  watch: Watch,
  { events, bytes, onSlow }: Omit<StreamLimits, 'onSlow'> & { onSlow: () => void },
  onOpen: (end: () => void) => () => void,
): Response {
  let stop = (): void => {}
  let ended = (): unknown => undefined
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if ((controller.desiredSize ?? 0) > 0) return controller.enqueue(encoder.encode(text))
          stop()
          onSlow()
          controller.close()
        }
        const timer = setInterval(() => send(': still here\n\n'), keepAliveMs)
        timer.unref()
        const unwatch = watch(send)
        stop = () => {
          clearInterval(timer)
          unwatch()
          ended()
        }
        send(': watching\n\n')
        ended = onOpen(() => {
          stop()
          controller.close()
        })
      },
      cancel: () => stop(),
    },
    // Full with that many events, or so many bytes of them.
    { highWaterMark: bytes, size: (chunk) => (chunk?.byteLength ?? 0) + bytes / events },
  )
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
  })
}

function printHappening(happening: Happening): string {
  return `event: ${happening.type}\ndata: ${JSON.stringify(happening, plainSets)}\n\n`
}

/** Sets and maps have no JSON of their own. */
function plainSets(_key: string, value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)]
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value
}
