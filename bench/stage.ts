// One subject with a backend of its own, each a process, and the clients that the runner opens to it.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { bot, verifyKey, type Order } from './facts.ts'
import { miraiSpeaker, oneBotSpeaker, type Speaker } from './speaker.ts'
import type { Usage } from './subject.ts'

/** a: a relay that copies frames; c: the least that a translator can do; c+: the same with joined writes. */
export type Subject = 'a' | 'c' | 'c+' | 'bridge'
/** Dialect of the client, then that of the backend. */
export type Pair = 'mirai to OneBot' | 'OneBot to mirai' | 'OneBot to OneBot'

interface Cast {
  file: string
  args: string[]
  speaker: Speaker
}

const translator = (...args: string[]): Cast => ({ file: './translator.ts', args, speaker: miraiSpeaker })
const relay: Cast = { file: './relay.ts', args: [], speaker: oneBotSpeaker }
const bridge = (speaker: Speaker, ...args: string[]): Cast => ({ file: './bridge.ts', args, speaker })

const casts: Record<Pair, Partial<Record<Subject, Cast>>> = {
  'mirai to OneBot': { a: relay, c: translator(), 'c+': translator('joined'), bridge: bridge(miraiSpeaker) },
  'OneBot to mirai': {
    c: { file: './translator-onebot.ts', args: [], speaker: oneBotSpeaker },
    bridge: bridge(oneBotSpeaker, 'mirai'),
  },
  'OneBot to OneBot': { a: relay, bridge: bridge(oneBotSpeaker) },
}

export function subjectsOf(pair: Pair): Subject[] {
  return Object.keys(casts[pair]) as Subject[]
}

export interface Client {
  socket: WebSocket
  speaker: Speaker
}

export interface Stage {
  subject: Subject
  speaker: Speaker
  /** When the subject's process was started, on the runner's clock. */
  launchedAt: number
  /** Of mah's http adapter. */
  httpPort: number
  tell(order: Order): void
  /** `channel` of mah: what it carries. Default all. */
  open(channel?: 'all' | 'event'): Promise<Client>
  usage(): Promise<Usage>
  close(): Promise<void>
}

interface Ready {
  port: number
  onebot?: number
}

export interface Running {
  child: ChildProcess
  ready: Ready
}

export async function launch(file: string, ...args: string[]): Promise<Running> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const died = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it was ready`)
  })
  const [ready] = (await Promise.race([once(child, 'message'), died])) as [Ready]
  died.catch(() => {})
  return { child, ready }
}

export async function stop({ child }: Running): Promise<void> {
  child.kill()
  await once(child, 'exit')
}

export async function usageOf({ child }: Running): Promise<Usage> {
  child.send({ usage: true })
  const [message] = (await once(child, 'message')) as [{ usage: Usage }]
  return message.usage
}

/** `backendArgs`: how many groups the OneBot backend has. */
export async function openStage(pair: Pair, subject: Subject, ...backendArgs: string[]): Promise<Stage> {
  const cast = casts[pair][subject]
  if (!cast) throw new Error(`${pair} has no subject ${subject}`)
  const backend = await launch(pair === 'OneBot to mirai' ? './mirai-backend.ts' : './backend.ts', ...backendArgs)
  const launchedAt = performance.now()
  const measured = await launch(cast.file, `ws://127.0.0.1:${backend.ready.port}`, ...cast.args)
  const url = toUrl(subject, cast.speaker, measured.ready)
  return {
    subject,
    launchedAt,
    speaker: cast.speaker,
    httpPort: measured.ready.port,
    tell: (order) => void backend.child.send(order),
    open: async (channel = 'all') => ({
      socket: await connect(url.replace('/all', `/${channel}`)),
      speaker: cast.speaker,
    }),
    usage: () => usageOf(measured),
    close: async () => void (await Promise.all([stop(measured), stop(backend)])),
  }
}

function toUrl(subject: Subject, speaker: Speaker, { port, onebot = port }: Ready): string {
  if (speaker === miraiSpeaker) return `ws://127.0.0.1:${port}/all?verifyKey=${verifyKey}&qq=${bot}`
  return `ws://127.0.0.1:${onebot}/${subject === 'bridge' ? `?access_token=${verifyKey}` : ''}`
}

/** Resolves after the greeting. */
export async function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const greeting = once(socket, 'message')
  await once(socket, 'open')
  await greeting
  return socket
}
