// What a backend does instead of answering, as data: one list of steps for each call of a script.

/** Answers of which it is known what they mean; `fault-wire.ts` says how each dialect writes them. */
export type AnswerName =
  | 'good'
  | 'goodAsText'
  | 'refused'
  | 'refusedAsText'
  | 'noId'
  | 'nullId'
  | 'zeroId'
  | 'objectId'
  | 'hugeId'
  | 'fractionId'
  | 'dataNull'
  | 'dataList'
  | 'dataText'
  | 'dataNumber'
  | 'empty'
  | 'wordsForCode'
  | 'sessionLost'

export type Step =
  /** Says this about the call that is being served. */
  | { do: 'answer'; as: AnswerName }
  /** The same about a call that nobody made. */
  | { do: 'answerUnasked' }
  /** A frame, or the body of an answer that is 200. */
  | { do: 'text'; text: string }
  | { do: 'binary'; bytes: number[] }
  /** Bytes on the connection itself, around all framing. */
  | { do: 'raw'; text: string | number[] }
  /** WebSocket: the beginning of a text frame. */
  | { do: 'halfFrame' }
  /** HTTP: this status and body. */
  | { do: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** WebSocket: a frame of so many KiB. HTTP: a body of so many. */
  | { do: 'huge'; kibibytes: number }
  /** HTTP: a body without end, as fast as it is taken. */
  | { do: 'endless' }
  /** HTTP: a byte of the answer every so often. */
  | { do: 'drip'; everyMs: number }
  | { do: 'wait'; ms: number }
  /** WebSocket: says good-bye. */
  | { do: 'close'; code: number }
  /** The connection ends without a word. */
  | { do: 'cut' }

/** What the callers are told. `unknown`: an error that says that it may have happened. */
export type Ending = 'ok' | 'refused' | 'unknown'

export interface Fault {
  name: string
  /** Default: every way. */
  over?: 'socket' | 'http'
  steps: readonly Step[]
  ending: Ending
  /** The callers wait for their deadline. Default: they are told at once. */
  isSlow?: boolean
  /** Over WebSocket: what is counted as dropped for each call. */
  dropped?: Partial<Record<'late' | 'double' | 'unasked' | 'frame' | 'event', number>>
}

/** Of the bridges of these tests. */
export const callTimeoutMs = 400
const good: Step = { do: 'answer', as: 'good' }
const bad = (as: AnswerName): Step[] => [{ do: 'answer', as }]

const everywhere: Fault[] = [
  { name: 'says nothing', steps: [], ending: 'unknown', isSlow: true },
  { name: 'hangs up', steps: [{ do: 'cut' }], ending: 'unknown' },
  { name: 'answers late, but in time', steps: [{ do: 'wait', ms: callTimeoutMs / 2 }, good], ending: 'ok' },
  {
    name: 'answers after the time-out',
    steps: [{ do: 'wait', ms: callTimeoutMs + 150 }, good],
    ending: 'unknown',
    isSlow: true,
    dropped: { late: 1 },
  },
  {
    name: 'hangs up after the time-out',
    steps: [{ do: 'wait', ms: callTimeoutMs + 150 }, { do: 'cut' }],
    ending: 'unknown',
    isSlow: true,
  },
  { name: 'writes numbers as text', steps: bad('goodAsText'), ending: 'ok' },
  { name: 'refuses', steps: bad('refused'), ending: 'refused' },
  { name: 'refuses with a code that is text', steps: bad('refusedAsText'), ending: 'refused' },
  { name: 'gives no id', steps: bad('noId'), ending: 'unknown' },
  { name: 'gives null as id', steps: bad('nullId'), ending: 'unknown' },
  { name: 'gives 0 as id', steps: bad('zeroId'), ending: 'unknown' },
  { name: 'gives an object as id', steps: bad('objectId'), ending: 'unknown' },
  { name: 'gives 1e300 as id', steps: bad('hugeId'), ending: 'unknown' },
  { name: 'gives 1.5 as id', steps: bad('fractionId'), ending: 'unknown' },
  { name: 'answers null', steps: bad('dataNull'), ending: 'unknown' },
  { name: 'answers a list', steps: bad('dataList'), ending: 'unknown' },
  { name: 'answers a text', steps: bad('dataText'), ending: 'unknown' },
  { name: 'answers a number', steps: bad('dataNumber'), ending: 'unknown' },
  { name: 'answers nothing but the echo', steps: bad('empty'), ending: 'unknown' },
  { name: 'answers a code in words', steps: bad('wordsForCode'), ending: 'unknown' },
  { name: 'sends more than is read', steps: [{ do: 'huge', kibibytes: 300 }], ending: 'unknown' },
]

const garbage = ['', '{', '[]', 'null', '7', '"x"', '['.repeat(200), '{"echo":', '\u0000']

const overSockets: Fault[] = [
  { name: 'says good-bye', over: 'socket', steps: [{ do: 'close', code: 1001 }], ending: 'unknown' },
  { name: 'answers twice', over: 'socket', steps: [good, good], ending: 'ok', dropped: { double: 1 } },
  {
    name: 'answers, and refuses',
    over: 'socket',
    steps: [good, { do: 'answer', as: 'refused' }],
    ending: 'ok',
    dropped: { double: 1 },
  },
  {
    name: 'answers what nobody asked',
    over: 'socket',
    steps: [{ do: 'answerUnasked' }, good],
    ending: 'ok',
    dropped: { unasked: 1 },
  },
  {
    name: 'sends garbage and answers',
    over: 'socket',
    steps: [...garbage.map((text): Step => ({ do: 'text', text })), good],
    ending: 'ok',
    dropped: { frame: garbage.length },
  },
  {
    name: 'sends bytes and answers',
    over: 'socket',
    steps: [{ do: 'binary', bytes: [0xff, 0xfe, 0] }, good],
    ending: 'ok',
  },
  {
    name: 'sends half a frame and hangs up',
    over: 'socket',
    steps: [{ do: 'halfFrame' }, { do: 'cut' }],
    ending: 'unknown',
  },
  {
    name: 'sends half a frame and waits',
    over: 'socket',
    steps: [{ do: 'halfFrame' }],
    ending: 'unknown',
    isSlow: true,
  },
  {
    name: 'breaks the framing',
    over: 'socket',
    steps: [{ do: 'raw', text: [0xff, 0xff, 0xff, 0xff] }],
    ending: 'unknown',
  },
  {
    name: 'sends text that is no UTF-8',
    over: 'socket',
    steps: [{ do: 'raw', text: [0x81, 2, 0xc3, 0x28] }],
    ending: 'unknown',
  },
  // The length says 2^62 bytes.
  {
    name: 'promises a frame without end',
    over: 'socket',
    steps: [{ do: 'raw', text: [0x81, 127, 0x40, 0, 0, 0, 0, 0, 0, 0] }],
    ending: 'unknown',
  },
]

const html = '<html><body>It works! canary-of-the-page</body></html>'
const status = (code: number, body = html): Step[] => [
  { do: 'status', status: code, body, headers: { 'content-type': 'text/html' } },
]

const overHttp: Fault[] = [
  { name: '200 with a page', over: 'http', steps: status(200), ending: 'unknown' },
  { name: '200 with nothing', over: 'http', steps: status(200, ''), ending: 'unknown' },
  { name: '204', over: 'http', steps: status(204, ''), ending: 'unknown' },
  { name: '500 with a page', over: 'http', steps: status(500), ending: 'unknown' },
  { name: '502 of a proxy', over: 'http', steps: status(502), ending: 'unknown' },
  { name: '401', over: 'http', steps: status(401), ending: 'refused' },
  { name: '413', over: 'http', steps: status(413), ending: 'refused' },
  {
    name: 'a redirect',
    over: 'http',
    steps: [{ do: 'status', status: 302, body: '', headers: { location: '/canary-of-the-redirect' } }],
    ending: 'refused',
  },
  { name: 'no HTTP at all', over: 'http', steps: [{ do: 'raw', text: 'SSH-2.0-canary\r\n' }], ending: 'unknown' },
  {
    name: 'half an answer, then it hangs up',
    over: 'http',
    steps: [{ do: 'raw', text: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sta' }, { do: 'cut' }],
    ending: 'unknown',
  },
  {
    name: 'half an answer, then silence',
    over: 'http',
    steps: [{ do: 'raw', text: 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"sta' }],
    ending: 'unknown',
    isSlow: true,
  },
  {
    name: 'chunks that are none',
    over: 'http',
    steps: [{ do: 'raw', text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n' }],
    ending: 'unknown',
  },
  {
    name: 'headers without end',
    over: 'http',
    steps: [{ do: 'raw', text: `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(10_000)}` }],
    ending: 'unknown',
  },
  { name: 'a body without end', over: 'http', steps: [{ do: 'endless' }], ending: 'unknown' },
  { name: 'a slow drip', over: 'http', steps: [{ do: 'drip', everyMs: 20 }], ending: 'unknown', isSlow: true },
]

export const faults: readonly Fault[] = [...everywhere, ...overSockets, ...overHttp]
