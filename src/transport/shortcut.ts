// A way past ws for plain text frames, in both directions. All else stays with ws: handshakes, control frames, fragments,
// large and broken messages, closing. Reading a frame costs 0.4 us instead of 1.6, writing one 0.3 instead of 2.5.
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { WireText } from '../core/json-text.ts'
import { isBegun, readTextFrames, toSplicedFrame, toTextFrames, type FrameReading } from './frames.ts'
import { isTimeUp, takeTurns, type Work } from './time-slice.ts'

export interface Shortcut {
  /** Only while the socket is open. */
  write(texts: readonly WireText[]): void
}

/** What of ws it needs to know of. */
interface Inside {
  _socket?: Duplex
  _isServer?: boolean
  _receiver?: Receiver
}

interface Receiver extends NodeJS.EventEmitter {
  _state: number
  _bufferedBytes: number
  _fragmented: number
  _opcode: number
  _maxPayload: number
  _writableState: { needDrain: boolean }
  destroyed: boolean
  writableEnded: boolean
}

/** A frame begins. */
const idle = 0
const closeFrame = 8

/** When frames must wait for others, and how they get their turn; time-slice.ts by default. */
export interface Slicing {
  isTimeUp(): boolean
  takeTurns(work: Work): void
}

/** undefined: this ws is made otherwise inside, so everything goes through it. */
export function takeShortcut(
  raw: WebSocket,
  onText: (text: string) => void,
  slicing: Slicing = { isTimeUp, takeTurns },
): Shortcut | undefined {
  const { _socket: stream, _isServer: isServer, _receiver: receiver } = raw as unknown as Inside
  const [read] = (stream?.listeners('data') ?? []) as ((this: Duplex, chunk: Buffer) => void)[]
  if (!stream || !read || isServer === undefined || receiver?._state === undefined) return undefined
  const options = { masked: isServer, most: receiver._maxPayload || Number.POSITIVE_INFINITY }
  const inTime = { ...options, isTimeUp: () => (stopped = slicing.isTimeUp()) }
  const inTurn = { ...options, isTimeUp: () => (stopped = left-- <= 0) }
  /** Whether frames were left where they are; how many more may be taken in this turn of their own. */
  let stopped = false
  let left = 0
  /** The beginning of a plain frame whose end is on its way: a flood cuts one in each piece of 64 KiB. */
  let begun: Buffer | undefined
  /** Frames that wait for their turn. */
  let later: Buffer | undefined

  /** Returns what was not taken since the time was up. */
  const take = (chunk: Buffer, reading: FrameReading): Buffer | undefined => {
    stopped = false
    const done = begun || isIdle(receiver) ? readTextFrames(chunk, reading, onText) : 0
    const rest = done === 0 ? chunk : chunk.subarray(done)
    if (stopped) {
      begun = undefined
      return rest
    }
    // What has not ended with the next piece goes to ws, which does not copy it again and again.
    const waits = rest.length > 0 && (done > 0 || !begun) && isIdle(receiver) && isBegun(rest, options)
    begun = waits ? Buffer.from(rest) : undefined
    if (!waits && rest.length > 0) read.call(stream, rest)
    return undefined
  }

  /** true: frames are left. */
  const goOn = (frames: number): boolean => {
    if (!later) return false
    left = frames
    later = isOver(receiver) ? undefined : take(later, inTurn)
    if (!later && !raw.isPaused && !receiver._writableState.needDrain) stream.resume()
    return later !== undefined
  }

  stream.on('data', (piece: Buffer) => {
    if (isOver(receiver)) return
    const waits = later !== undefined
    later = later ? Buffer.concat([later, piece]) : take(begun ? Buffer.concat([begun, piece]) : piece, inTime)
    if (!later) return
    stream.pause()
    if (!waits) slicing.takeTurns(goOn)
  })
  // What came before the link ended is heard before its end.
  for (const end of ['end', 'close']) stream.prependListener(end, () => void goOn(Number.POSITIVE_INFINITY))
  stream.off('data', read)
  return { write: (texts) => writeAll(stream, texts, !isServer) }
}

/** In one call of the system. Long texts that are written already are not copied, unless they must be masked. */
function writeAll(stream: Duplex, texts: readonly WireText[], masked: boolean): void {
  const isPlain = (text: WireText): text is string => typeof text === 'string'
  if (texts.every(isPlain)) return void stream.write(toTextFrames(texts, masked))
  stream.cork()
  for (const text of texts) {
    if (isPlain(text)) stream.write(toTextFrames([text], masked))
    else for (const piece of toSplicedFrame(text, masked)) stream.write(piece)
  }
  return stream.uncork()
}

function isIdle({ _state, _bufferedBytes, _fragmented, _opcode }: Receiver): boolean {
  return _state === idle && _bufferedBytes === 0 && _fragmented === 0 && _opcode !== closeFrame
}

/** After an error or a farewell the rest is read and forgotten. */
function isOver({ destroyed, writableEnded }: Receiver): boolean {
  return destroyed || writableEnded
}
