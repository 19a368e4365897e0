// Four clients of a bridge, one of each kind, that send at once and keep count of what they are answered.
import { expect } from 'vitest'
import { accessToken, verifyKey, type RunningBridge } from '../support/bridge.ts'
import type { Ending } from './fault-steps.ts'
import { account, group, type Wire } from './fault-wire.ts'
import { dial, http, login, open } from './support.ts'

export interface Told {
  ending: Ending
  /** What the client was told about its failure. */
  text: string
}

export interface Clients {
  /** One send of each, in the order OneBot ws, OneBot http, mah ws, mah http; `texts` are what they send. */
  send(text: string): { texts: string[]; told: Promise<Told[]> }
  /** The same, each by itself. */
  kinds: readonly ((text: string) => Promise<Told>)[]
  /** Answers over WebSocket to what was sent with this text. */
  answersTo(text: string): number
  /** Whether each of the two sockets has heard it. */
  heard(text: string): boolean
  /** Everything that came over the sockets. */
  frames(): string[]
}

const authorization = `Bearer ${accessToken}`
const unknown = 'the outcome is unknown'

export async function connectClients({ onebotPort, miraiPort }: RunningBridge): Promise<Clients> {
  const onebot = await open(dial(`ws://127.0.0.1:${onebotPort}/`, { authorization }))
  const mirai = dial(`ws://127.0.0.1:${miraiPort}/all`, { verifyKey, qq: String(account) })
  await mirai.next()
  const sessionKey = await login(miraiPort, account)
  const frames: string[] = []
  const answers = new Map<string, number>()
  const waiting = new Map<string, (wire: Wire) => void>()
  for (const { raw } of [onebot, mirai]) {
    raw.on('message', (data: Buffer) => {
      frames.push(data.toString())
      const wire = JSON.parse(data.toString()) as Wire
      const id = String(wire['echo'] ?? wire['syncId'])
      answers.set(id, (answers.get(id) ?? 0) + 1)
      waiting.get(id)?.(wire)
      waiting.delete(id)
    })
  }
  const answerTo = (id: string): Promise<Wire> => new Promise((resolve) => waiting.set(id, resolve))

  async function overOneBotHttp(message: string): Promise<Told> {
    const body = JSON.stringify({ group_id: group, message })
    const headers = { authorization, 'content-type': 'application/json' }
    const { status, text } = await http(onebotPort, { path: '/send_group_msg', body, headers })
    expect(status).toBe(200)
    return readOneBot(JSON.parse(text) as Wire, 200)
  }

  async function overMiraiHttp(text: string): Promise<Told> {
    const body = JSON.stringify({ sessionKey, target: group, messageChain: [{ type: 'Plain', text }] })
    const answer = await http(miraiPort, { path: '/sendGroupMessage', body })
    expect(answer.status).toBe(200)
    return readMirai(JSON.parse(answer.text) as Wire)
  }

  async function overOneBot(message: string): Promise<Told> {
    onebot.send({ action: 'send_group_msg', params: { group_id: group, message }, echo: message })
    return readOneBot(await answerTo(message), 1200)
  }

  async function overMirai(text: string): Promise<Told> {
    const content = { target: group, messageChain: [{ type: 'Plain', text }] }
    mirai.send({ syncId: text, command: 'sendGroupMessage', content })
    const wire = await answerTo(text)
    expect(Object.keys(wire)).toEqual(['syncId', 'data'])
    return readMirai(wire['data'] as Wire)
  }

  return {
    send(text) {
      const texts = ['a', 'b', 'c', 'd'].map((client) => `${text} ${client}`)
      const [a = '', b = '', c = '', d = ''] = texts
      return { texts, told: Promise.all([overOneBot(a), overOneBotHttp(b), overMirai(c), overMiraiHttp(d)]) }
    },
    kinds: [overOneBot, overOneBotHttp, overMirai, overMiraiHttp],
    answersTo: (text) => answers.get(text) ?? 0,
    heard: (text) => frames.filter((frame) => frame.includes(text)).length >= 2,
    frames: () => frames,
  }
}

function readOneBot(wire: Wire, retcode: number): Told {
  const { echo: _, ...answer } = wire
  const message = String(answer['message'])
  if (answer['status'] === 'ok') {
    const data = { message_id: expect.any(Number) as number }
    expect(answer).toEqual({ status: 'ok', retcode: 0, data, message: '', wording: '' })
  } else {
    const wording = expect.stringContaining(message) as string
    expect(answer).toEqual({ status: 'failed', retcode, data: null, message, wording })
  }
  expect(Object.keys(answer)).toEqual(['status', 'retcode', 'data', 'message', 'wording'])
  return toTold(answer['status'] === 'ok', message)
}

function readMirai(answer: Wire): Told {
  if (answer['code'] === 0) expect(answer).toEqual({ code: 0, msg: 'success', messageId: expect.any(Number) as number })
  else expect(answer).toEqual({ code: 500, msg: expect.any(String) as string })
  return toTold(answer['code'] === 0, String(answer['msg']))
}

function toTold(isOk: boolean, text: string): Told {
  return { ending: isOk ? 'ok' : text.includes(unknown) ? 'unknown' : 'refused', text }
}
