// A mirai inbound over real sockets, with a host that answers from a table.
import { once } from 'node:events'
import * as v from 'valibot'
import { WebSocket } from 'ws'
import type { Action, ActionName, Params, Result } from '../../../src/core/action.ts'
import type { RemoteFile } from '../../../src/core/actions/file.ts'
import { createLimitReports } from '../../../src/core/limit.ts'
import { BridgeError } from '../../../src/core/error.ts'
import type { Loss } from '../../../src/core/fidelity.ts'
import type { MediaId, MessageId, RequestId, UserId } from '../../../src/core/ids.ts'
import type { Message } from '../../../src/core/message.ts'
import type { BotStatus, CallOptions, Inbound, InboundHost, RequestRecord } from '../../../src/core/ports.ts'
import { MiraiInboundOptions } from '../../../src/inbound/mirai/options.ts'
import { createMiraiInbound } from '../../../src/inbound/mirai/index.ts'
import { createListTexts } from '../../../src/state/list-texts.ts'
import { createListener, type Listener } from '../../../src/transport/http-server.ts'
import { createTurn } from '../../../src/transport/turn.ts'
import { bot, createView, friend, group, members, nico, quoted, time } from '../../dialect/mirai/fixtures.ts'
import { fetchUrl } from '../../support/fetch.ts'

export const key = 'correct horse battery'

type Answers = { [N in ActionName]?: (params: never, options: CallOptions) => Result<N> | Promise<Result<N>> }

export interface Harness {
  url: string
  inbound: Inbound
  listener: Listener
  calls: Action[]
  options: CallOptions[]
  losses: Loss[]
  logs: string[]
  bots: BotStatus[]
  /** Answers of the fake backend; an action without one succeeds with an empty object. */
  answers: Answers
  requests: Map<number, RequestRecord & { answered: boolean; expired: boolean }>
  /** How often the host was asked to make things durable. */
  durable: number
  close(): Promise<void>
}

export const stored: Message = {
  id: 517 as MessageId,
  peer: { kind: 'group', groupId: group.groupId },
  time,
  sender: { userId: members[0]!.userId, nickname: 'Mio' },
  segments: [{ type: 'text', text: 'hi' }],
}

export const docs: RemoteFile = {
  groupId: group.groupId,
  id: '/0b1c',
  name: 'docs',
  isFolder: true,
  parentId: '/',
  path: '/docs',
  sizeBytes: 0,
}
export const fileA: RemoteFile = {
  ...docs,
  id: '/a1',
  name: 'a.txt',
  isFolder: false,
  path: '/a.txt',
  sizeBytes: 12,
  uploaderId: members[0]!.userId,
  uploadTime: time,
  modifyTime: time + 5,
  downloadTimes: 7,
  sha1: 'a9993e36',
  md5: '90015098',
}
export const fileB: RemoteFile = { ...fileA, id: '/b2', name: 'b.txt', path: '/docs/b.txt', parentId: docs.id }
export const notice = {
  id: 'f1',
  senderId: members[0]!.userId,
  time,
  text: 'hi',
  images: [],
  readCount: 3,
  allConfirmed: false,
}

function withUrl(file: RemoteFile, wanted: boolean | undefined): RemoteFile {
  return wanted && !file.isFolder ? { ...file, url: `http://files.example${file.path}` } : file
}

const fileAnswers: Answers = {
  'file.list': ({ folderId, withUrl: wanted }: Params<'file.list'>) => {
    if (folderId !== undefined && folderId !== docs.id) throw new BridgeError('notFound', 'no such folder')
    return (folderId === undefined ? [docs, fileA] : [fileB]).map((file) => withUrl(file, wanted))
  },
  'file.get': ({ fileId, withUrl: wanted }: Params<'file.get'>) => {
    const found = [docs, fileA, fileB].find(({ id }) => id === fileId)
    if (!found) throw new BridgeError('notFound', 'no such file')
    return withUrl(found, wanted)
  },
  'file.upload': () => ({ fileId: fileB.id, file: fileB }),
  'file.folder.create': ({ name, parentId }: Params<'file.folder.create'>) => ({
    ...docs,
    id: '/new',
    name,
    parentId: parentId ?? '/',
    path: parentId === undefined ? `/${name}` : `/docs/${name}`,
  }),
  'group.notice.list': () => [notice, { ...notice, id: 'f2' }],
  'group.notice.publish': () => notice,
}

export async function startInbound(given: Partial<v.InferInput<typeof MiraiInboundOptions>> = {}): Promise<Harness> {
  const errors: unknown[] = []
  const turn = createTurn((error) => errors.push(error))
  const listener = createListener({
    host: '127.0.0.1',
    port: 0,
    turn,
    browser: { origins: [], hosts: [], secretRequired: true },
    onError: () => {},
  })
  const harness = {
    calls: [],
    options: [],
    losses: [],
    logs: [],
    requests: new Map(),
    durable: 0,
  } as unknown as Harness
  harness.listener = listener
  harness.bots = [
    { bot, nickname: 'bot', online: true },
    { bot: 10002 as UserId, nickname: 'other', online: true },
  ]
  harness.answers = {
    ...fileAnswers,
    'message.send': () => ({ messageId: 600 as MessageId }),
    'message.get': () => stored,
    'message.history': () => ({ messages: [stored] }),
    'friend.list': () => [friend],
    'group.list': () => [group],
    'group.get': () => group,
    'group.member.list': () => members,
    'group.member.get': () => members[0]!,
    'bot.info': () => ({ userId: bot, nickname: 'bot' }),
    'user.profile': () => ({ userId: nico, nickname: 'Nico', age: 20, level: 33 }),
    'group.config.get': () => ({
      name: 'Lab',
      confessTalk: false,
      allowMemberInvite: true,
      autoApprove: false,
      anonymousChat: false,
      muteAll: false,
    }),
  }
  const options = v.parse(MiraiInboundOptions, { dialect: 'mirai', verifyKey: key, ...given })
  harness.inbound = createMiraiInbound({ name: 'bots', options, host: createHost(harness), listener, turn })
  await listener.listen()
  await harness.inbound.start()
  harness.url = `http://127.0.0.1:${listener.port}`
  harness.close = async () => {
    await harness.inbound.stop()
    await listener.close()
    if (errors.length > 0) throw new Error('errors in a turn', { cause: errors })
  }
  return harness
}

function createHost(harness: Harness): InboundHost {
  const media = new Map<string, { id: MediaId; kind: 'image' | 'voice' | 'video' | 'file'; bytes?: Uint8Array }>()
  const host: InboundHost = {
    bots: () => harness.bots,
    call: (async (_bot: UserId, action: Action, options: CallOptions = {}) => {
      harness.calls.push(action)
      harness.options.push(options)
      const answer = harness.answers[action.name] as ((params: unknown, options: CallOptions) => unknown) | undefined
      return (await answer?.(action.params, options)) ?? {}
    }) as InboundHost['call'],
    capabilities: () => ({ implementation: 'fake', version: '1', segments: {}, actions: {} }),
    lists: createListTexts(),
    fetchUrl,
    view: createView([quoted, stored]),
    messages: {
      learn: () => ({ id: 1 as MessageId, fresh: true }),
      find: () => undefined,
      native: (_, id) => (id === 517 || id === 516 ? { native: String(id), peer: stored.peer } : undefined),
      get: () => undefined,
      markRecalled: () => {},
    },
    requests: {
      learn: () => 1 as RequestId,
      get: (_, id) => harness.requests.get(id),
      markAnswered: () => {},
    },
    media: {
      moved: () => {},
      learn: () => 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.jpg' as MediaId,
      put(kind, bytes) {
        const id = `BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.${kind === 'image' ? 'png' : 'mp3'}` as MediaId
        media.set(id, { id, kind, bytes })
        return { id, kind, bytes }
      },
      async receive(pieces) {
        const parts: Uint8Array[] = []
        for await (const piece of pieces) parts.push(Uint8Array.from(piece))
        const bytes = Buffer.concat(parts)
        return { sizeBytes: bytes.length, keep: (kind) => this.put(kind, bytes), discard: () => {} }
      },
      get: (id) => media.get(id),
      source: () => {
        throw new BridgeError('notFound', 'none')
      },
      urlOf: (id) => `http://media.example/${id}`,
    },
    loss: (_bot, _direction, loss) => void harness.losses.push(loss),
    log: (level, text) => void harness.logs.push(`${level} ${text}`),
    onLimit: createLimitReports({ count: () => {}, log: (_, text) => void harness.logs.push(`warn ${text}`) })(''),
    durable: () => {
      harness.durable++
      return Promise.resolve()
    },
  }
  return host
}

export async function post(harness: Harness, path: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(harness.url + path, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** Text of the answer. */
export async function postText(harness: Harness, path: string, body: unknown, headers?: Record<string, string>) {
  return (await post(harness, path, body, headers)).text()
}

export async function getText(harness: Harness, path: string, headers: Record<string, string> = {}) {
  return (await fetch(harness.url + path, { headers })).text()
}

export async function login(harness: Harness, qq: number = bot): Promise<string> {
  const { session } = JSON.parse(await postText(harness, '/verify', { verifyKey: key })) as { session: string }
  await postText(harness, '/bind', { sessionKey: session, qq })
  return session
}

export interface Client {
  socket: WebSocket
  frames: string[]
  closed: Promise<{ code: number; reason: string }>
  /** The frame at this place, once it is there. */
  frame(at: number): Promise<string>
  /** Sends and waits for the next frame. */
  ask(request: unknown): Promise<string>
}

export function connect(harness: Harness, path: string, headers: Record<string, string> = {}): Client {
  const socket = new WebSocket(harness.url.replace('http', 'ws') + path, { headers })
  const frames: string[] = []
  socket.on('message', (data: Buffer) => frames.push(data.toString()))
  socket.on('error', () => {})
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  async function frame(at: number): Promise<string> {
    while (frames.length <= at) await Promise.race([once(socket, 'message'), closed.then(stopWaiting)])
    return frames[at] as string
  }
  function stopWaiting(): never {
    throw new Error(`closed with frames ${JSON.stringify(frames)}`)
  }
  return {
    socket,
    frames,
    closed,
    frame,
    ask(request) {
      const next = frames.length
      socket.send(typeof request === 'string' ? request : JSON.stringify(request))
      return frame(next)
    },
  }
}

/** Polls until it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const started = Date.now()
  while (!(await holds())) {
    if (Date.now() - started > 5000) throw new Error('waited for 5 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
