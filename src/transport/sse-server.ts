// One stream of server-sent events to a client: written at the end of a turn, what a slow reader has not taken is bounded.
import { createBacklog, defaultBacklogLimits, type BacklogLimits } from './backlog.ts'
import type { QueueAccount } from './queue-memory.ts'
import { defaultSocketLimits } from './socket.ts'
import type { Turn } from './turn.ts'

export interface EventStreamOptions {
  turn: Turn
  limits?: BacklogLimits
  account?: QueueAccount | undefined
  /** Milliseconds between comments that keep the connection alive. Default 15000. */
  pingMs?: number
  /** Milliseconds a reader may take nothing while something waits. Default 30000. */
  stalledMs?: number | undefined
  onDrop: (count: number) => void
  /** It takes nothing: whoever owns the line cuts it. */
  onStalled: () => void
  /** Called once; returns what ends it. `send` takes text of one line, and the id of the event if it has one. */
  accept: (send: (text: string, id?: string) => void) => () => void
}

/** Bytes that may be on their way to the socket. */
const highWaterMark = 64 * 1024

export function createEventStream(options: EventStreamOptions): { response: Response; close: () => void } {
  const encoder = new TextEncoder()
  const backlog = createBacklog<{ text: string; id: string | undefined }>(
    options.onDrop,
    options.limits ?? defaultBacklogLimits,
    options.account,
  )
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let scheduled = false
  let lastTaken = Date.now()
  let leave: () => void = () => {}
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    scheduled = false
    const open = controller
    if (!open) return
    while ((open.desiredSize ?? 0) > 0) {
      const next = backlog.take()
      if (!next) return
      const id = next.id === undefined ? '' : `id: ${next.id}\n`
      open.enqueue(encoder.encode(`${id}data: ${next.text}\n\n`))
    }
  }

  function send(text: string, id?: string): void {
    if (!controller) return
    backlog.add({ text, id })
    if (scheduled) return
    scheduled = true
    options.turn.defer(flush)
  }

  function ping(): void {
    if ((controller?.desiredSize ?? 0) > 0) controller?.enqueue(encoder.encode(': ping\n\n'))
    else if (Date.now() - lastTaken > (options.stalledMs ?? defaultSocketLimits.stalledMs)) {
      options.onStalled()
      end((open) => open.close())
    }
  }

  function end(how: (open: ReadableStreamDefaultController<Uint8Array>) => void): void {
    const open = controller
    if (!open) return
    controller = undefined
    clearInterval(timer)
    backlog.clear()
    leave()
    how(open)
  }

  const body = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given
        // Some clients count a stream as open when its first bytes are here.
        given.enqueue(encoder.encode(': open\n\n'))
        timer = setInterval(ping, options.pingMs ?? 15_000).unref()
        leave = options.accept(send)
      },
      pull() {
        lastTaken = Date.now()
        flush()
      },
      cancel: () => end(() => {}),
    },
    new ByteLengthQueuingStrategy({ highWaterMark }),
  )
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }
  return { response: new Response(body, { headers }), close: () => end((open) => open.close()) }
}
