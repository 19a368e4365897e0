// One event on its way through a bridge of its own: everybody is known before, so that nothing but the event differs.
import { until } from '../../support/until.ts'
import { lab, mahMember, mio, miraiOverOneBot, nico, oneBotOverMah, time, type Stage } from './stage.ts'

type Wire = Record<string, unknown>

export interface GivenEvent {
  /** Dialect of the backend that reports it. */
  from: 'mirai' | 'onebot11'
  /** What the OneBot backend says that it is. */
  app?: string
  /** Members beside time and self_id. A list: several, one after the other. */
  given: Wire | Wire[]
}

export interface EventOutcome {
  /** What the client is told, in the other dialect; nothing when it has no such event. */
  becomes: unknown[]
  losses: string[]
}

/** `expected`: how much must have come before one looks. */
export async function runEvent({ from, app, given }: GivenEvent, expected: EventOutcome): Promise<EventOutcome> {
  const stage = from === 'onebot11' ? await miraiOverOneBot(app) : await oneBotOverMah()
  const known = await say(stage, from, 11)
  stage.traces()
  for (const event of [given].flat()) stage.push(withPrior(event, 11))
  const told: Wire[] = []
  const losses: string[] = []
  await say(stage, from, 12, told)
  await until(
    () => {
      while (!stage.isQuiet()) told.push(stage.take() as Wire)
      losses.push(...stage.traces())
      return told.length >= expected.becomes.length && losses.length >= expected.losses.length
    },
    `what becomes of ${JSON.stringify(given).slice(0, 60)}`,
  )
  await stage.close()
  return { becomes: told.map((event) => normal(event, known)), losses }
}

/** Numbers under which the client knows what was said before. */
interface Known {
  group: number
}

/** A word in the group and one in private; resolves when the client has heard both. Others that come meanwhile are kept. */
async function say(stage: Stage, from: GivenEvent['from'], id: number, others: Wire[] = []): Promise<Known> {
  const text = `word ${id}`
  stage.push(from === 'mirai' ? mahMessage(id, text) : oneBotMessage(id, text))
  stage.push(from === 'mirai' ? mahPrivate(id + 100, text) : oneBotPrivate(id + 100, text))
  let group: number | undefined
  let heard = 0
  while (heard < 2) {
    const event = await stage.hear()
    if (!JSON.stringify(event).includes(text)) others.push(event)
    else {
      heard++
      if (event['type'] === 'GroupMessage' || event['message_type'] === 'group') group = numberOf(event)
    }
  }
  return { group: group ?? 0 }
}

function numberOf(event: Wire): number {
  const chain = event['messageChain'] as { id: number }[] | undefined
  return chain?.[0]?.id ?? (event['message_id'] as number)
}

function mahMessage(id: number, text: string): object {
  const messageChain = [
    { type: 'Source', id, time },
    { type: 'Plain', text },
  ]
  return { type: 'GroupMessage', messageChain, sender: mahMember(mio, 'Mio', 'MEMBER') }
}

function mahPrivate(id: number, text: string): object {
  const messageChain = [
    { type: 'Source', id, time },
    { type: 'Plain', text },
  ]
  return { type: 'FriendMessage', messageChain, sender: { id: nico, nickname: 'Nico', remark: 'Nic' } }
}

function oneBotMessage(message_id: number, text: string): object {
  return {
    ...{ post_type: 'message', message_type: 'group', sub_type: 'normal', group_id: lab, user_id: mio, message_id },
    ...{
      message: text,
      raw_message: text,
      font: 0,
      sender: { user_id: mio, nickname: 'Mio', card: '', role: 'member' },
    },
  }
}

function oneBotPrivate(message_id: number, text: string): object {
  return {
    ...{ post_type: 'message', message_type: 'private', sub_type: 'friend', user_id: nico, message_id },
    ...{ message: text, raw_message: text, font: 0, sender: { user_id: nico, nickname: 'Nico' } },
  }
}

function withPrior(given: Wire, number: number): Wire {
  return JSON.parse(JSON.stringify(given).replaceAll('"PRIOR"', String(number))) as Wire
}

/** mah's events carry no time; requests and messages get numbers of the bridge. */
function normal(event: Wire, { group }: Known): unknown {
  const now = Date.now() / 1000
  const itself = numberOf(event)
  const text = JSON.stringify(event, (name, value: unknown) => {
    if (typeof value === 'number' && Math.abs(value - now) < 3600) return 'NOW'
    if (value === group && isNumber(name)) return 'PRIOR'
    if (itself && String(value) === String(itself) && isNumber(name)) return 'ITSELF'
    return name === 'eventId' || name === 'flag' ? 'REQUEST' : value
  })
  return JSON.parse(text)
}

const isNumber = (name: string): boolean =>
  ['id', 'messageId', 'message_id', 'message_seq', 'real_id', 'real_seq'].includes(name)
