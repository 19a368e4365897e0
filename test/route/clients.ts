// Clients of both dialects over real sockets: what they hear, and what they ask.
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { accessToken, until, verifyKey } from '../support/bridge.ts'

export interface Hearer {
  /** Events so far; heartbeats and greetings are left out. */
  readonly events: Frame[]
  /** The first event that fits, which came already or will come. */
  hear(fits: (event: Frame) => boolean): Promise<Frame>
  ask(name: string, params?: object): Promise<Frame>
  close(): void
}

/** A OneBot client; `headers` may name its account. */
export async function onebotClient(port: number, path = '/', headers: Record<string, string> = {}): Promise<Hearer> {
  const client = connect(`ws://127.0.0.1:${port}${path}`, { authorization: `Bearer ${accessToken}`, ...headers })
  const frames = collect(client)
  await client.opened
  return createHearer({
    frames,
    isEvent: (frame) => frame['post_type'] !== undefined && frame['post_type'] !== 'meta_event',
    idOf: (frame) => frame['echo'],
    answerOf: (frame) => frame,
    send: (id, action, params) => client.send({ action, params, echo: id }),
    close: client.close,
  })
}

/** A mah client on the channel of everything. */
export async function miraiClient(port: number, qq: number): Promise<Hearer> {
  const client = connect(`ws://127.0.0.1:${port}/all`, { verifyKey, qq: String(qq) })
  const frames = collect(client)
  await until(() => frames.shift(), 'the greeting')
  const hearer = createHearer({
    frames,
    isEvent: (frame) => frame['syncId'] === '-1',
    idOf: (frame) => frame['syncId'],
    answerOf: (frame) => frame['data'] as Frame,
    send: (id, command, content) => client.send({ syncId: id, command, content }),
    close: client.close,
  })
  return {
    ...hearer,
    get events() {
      return hearer.events.map((frame) => frame['data'] as Frame)
    },
    hear: async (fits) => (await hearer.hear((frame) => fits(frame['data'] as Frame)))['data'] as Frame,
  }
}

function collect(client: ReturnType<typeof connect>): Frame[] {
  const frames: Frame[] = []
  client.socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Frame))
  return frames
}

interface Wire {
  frames: Frame[]
  isEvent(frame: Frame): boolean
  idOf(frame: Frame): unknown
  answerOf(frame: Frame): Frame
  send(id: string, name: string, params: object): void
  close(): void
}

function createHearer({ frames, isEvent, idOf, answerOf, send, close }: Wire): Hearer {
  let asked = 0
  return {
    get events() {
      return frames.filter(isEvent)
    },
    hear: (fits) => until(() => frames.find((frame) => isEvent(frame) && fits(frame)), 'the event'),
    async ask(name, params = {}) {
      const id = `ask ${++asked}`
      send(id, name, params)
      return answerOf(await until(() => frames.find((frame) => idOf(frame) === id), `the answer of ${name}`))
    },
    close,
  }
}
