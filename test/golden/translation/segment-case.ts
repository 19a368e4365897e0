// One message on its way through a bridge, either direction: what goes in, what comes out, what is said about the difference.
import { lab, mahMember, mio, miraiOverOneBot, nico, oneBotOverMah, time, type Stage } from './stage.ts'

/** `call`: of a client of that dialect, to a backend of the other. `event`: of a backend of that dialect. */
export type Way = `${'mirai' | 'onebot11'} ${'call' | 'event'}`

export interface Given {
  pair: string
  way: Way
  /** The conversation. Default: the group. */
  to?: 'friend'
  /** What the OneBot backend says that it is. */
  app?: string
  /** The call quotes a message of before. */
  quote?: boolean
  /** Message content in the words of the way's dialect. `PRIOR`: the number of a message of before. */
  given: unknown[]
}

export interface Outcome {
  /** What the other side reads, in its dialect: calls with their parameters, or the content of the event. */
  becomes: unknown
  /** A refusal, as the client reads it. */
  refused?: unknown
  losses: string[]
}

interface Play {
  stage: Stage
  /** A message of the group that everybody knows, as a client calls it and as the backend does. */
  prior: { client: number; backend: number }
}

const plays = new Map<string, Promise<Play>>()

export async function run(given: Given): Promise<Outcome> {
  const play = await playFor(given)
  return given.way.endsWith('call') ? call(play, given) : event(play, given)
}

export async function closeAll(): Promise<void> {
  for (const play of plays.values()) await (await play).stage.close()
  plays.clear()
}

function playFor({ way, app = 'Standard' }: Given): Promise<Play> {
  const mirai = way === 'mirai call' || way === 'onebot11 event'
  const name = mirai ? `mirai over ${app}` : 'onebot over mah'
  const known = plays.get(name) ?? begin(mirai ? miraiOverOneBot(app) : oneBotOverMah(), mirai)
  plays.set(name, known)
  return known
}

async function begin(opening: Promise<Stage>, mirai: boolean): Promise<Play> {
  const stage = await opening
  const backend = 11
  stage.push(mirai ? oneBotMessage(backend, [{ type: 'text', data: { text: 'before' } }]) : mahMessage(backend, before))
  const heard = await stage.hear()
  const chain = heard['messageChain'] as { id: number }[] | undefined
  const client = chain?.[0]?.id ?? (heard['message_id'] as number)
  stage.traces()
  return { stage, prior: { client, backend } }
}

const before = [{ type: 'Plain', text: 'before' }]

function oneBotMessage(message_id: number, message: unknown): object {
  return {
    ...{ post_type: 'message', message_type: 'group', sub_type: 'normal', group_id: lab, user_id: mio, message_id },
    ...{ message, raw_message: '', font: 0, sender: { user_id: mio, nickname: 'Mio', card: '', role: 'member' } },
  }
}

function mahMessage(id: number, chain: unknown[]): object {
  const messageChain = [{ type: 'Source', id, time }, ...chain]
  return { type: 'GroupMessage', messageChain, sender: mahMember(mio, 'Mio', 'MEMBER') }
}

/** Numbers of messages, which the bridge may choose anew, by name. */
function named(value: unknown, names: Readonly<Record<string, string>>): unknown {
  const text = JSON.stringify(value, (key, member: unknown) =>
    key === 'id' || key === 'message_id' ? (names[String(member)] ?? member) : member,
  )
  return JSON.parse(text)
}

function filled(given: unknown, number: number): unknown[] {
  return JSON.parse(JSON.stringify(given).replaceAll('"PRIOR"', String(number))) as unknown[]
}

async function call({ stage, prior }: Play, { way, to, quote, given }: Given): Promise<Outcome> {
  const content = filled(given, prior.client)
  const answer = way.startsWith('mirai')
    ? await stage.ask(to === 'friend' ? 'sendFriendMessage' : 'sendGroupMessage', {
        target: to === 'friend' ? nico : lab,
        ...(quote && { quote: prior.client }),
        messageChain: content,
      })
    : await stage.ask('send_msg', { ...(to === 'friend' ? { user_id: nico } : { group_id: lab }), message: content })
  const ok = answer['code'] === 0 || answer['retcode'] === 0
  const refused = ok ? {} : { refused: withoutTrace(answer) }
  return { becomes: stage.asked(), ...refused, losses: stage.traces() }
}

/** The number under which an operator finds a failure is another each time. */
function withoutTrace(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/ \(trace [^)]*\)/g, ''))
}

let sent = 100

async function event({ stage, prior }: Play, { pair, way, given }: Given): Promise<Outcome> {
  const content = filled(given, prior.backend)
  const number = ++sent
  stage.push(way.startsWith('mirai') ? mahMessage(number, content) : oneBotMessage(number, content))
  const heard = await stage.hear()
  const { messageChain, message, message_id } = heard as { messageChain?: { id: number }[] } & Record<string, unknown>
  // mirai has number and time in the chain, OneBot beside the content.
  const shown = messageChain ?? (pair === 'source' ? { message_id, time: heard['time'], message } : message)
  const itself = messageChain?.[0]?.id ?? (message_id as number)
  return { becomes: named(shown, { [itself]: 'ITSELF', [prior.client]: 'PRIOR' }), losses: stage.traces() }
}
