// An answer that comes in several pieces, over HTTP: one JSON text after the other, written as they come.
import { toAnswerText, type Answer } from '../../dialect/onebot11/response.ts'

export interface Pieces {
  /** The first piece is there. */
  readonly begun: Promise<true>
  readonly body: ReadableStream<Uint8Array>
  add(piece: Answer): void
  end(last: Answer): void
}

/** As NapCat parts them. */
const between = '\r\n\r\n'
/** `mostWaiting`: bytes that a slow reader may leave waiting; then `onFull` cuts the line. */
export function createPieces(
  echo: string | undefined,
  { mostWaiting, onFull }: { mostWaiting: number; onFull: () => void },
): Pieces {
  const encoder = new TextEncoder()
  const { promise: begun, resolve: begin } = Promise.withResolvers<true>()
  let open: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => void (open = controller),
      cancel: () => void (open = undefined),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostWaiting }),
  )

  function write(text: string): void {
    open?.enqueue(encoder.encode(text))
    if ((open?.desiredSize ?? 1) > 0) return
    if (open) onFull()
    open?.close()
    open = undefined
  }

  return {
    begun,
    body,
    add(piece) {
      write(String(toAnswerText(piece, echo)) + between)
      begin(true)
    },
    end(last) {
      write(String(toAnswerText(last, echo)))
      open?.close()
      open = undefined
    },
  }
}
