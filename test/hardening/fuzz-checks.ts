// What the fuzzer holds every answer against: the form of its dialect, and nothing in it that is not the client's.
import { accessToken, adminToken, verifyKey } from '../support/bridge.ts'

export class Violation extends Error {
  readonly inputs: readonly string[]
  constructor(message: string, inputs: readonly string[]) {
    super(message)
    this.inputs = inputs
  }
}

/** Backends may say more, which is handed on. */
const oneBotKeys = /^status,retcode,data,message,wording(,.*)?$/
const codes = { ws: [0, 1, 1200, 1400, 1404], http: [0, 1, 200, 400, 1200, 1400, 1404] }

/** The retcode. */
export function checkOneBot(answer: string, way: 'ws' | 'http', input: readonly string[]): number {
  checkDiscreet(answer, input)
  const parsed = isJson(answer) ? (JSON.parse(answer) as Record<string, unknown>) : {}
  const { status, retcode, data, message } = parsed
  const isForm = oneBotKeys.test(Object.keys(parsed).join()) && codes[way].includes(retcode as number)
  const agrees =
    retcode === 0 ? status === 'ok' : status === 'failed' ? data === null && message !== '' : status === 'async'
  if (!isForm || !agrees) throw new Violation(`not an answer: ${answer.slice(0, 500)}`, input)
  return retcode as number
}

/** The code. */
export function checkMirai(answer: string, way: 'ws' | 'http', input: readonly string[]): number {
  checkDiscreet(answer, input)
  const parsed = isJson(answer) ? (JSON.parse(answer) as Record<string, unknown> | null) : undefined
  const isBare = way === 'http' || Object.keys(parsed ?? {}).join() === 'code,msg'
  const data = isBare ? parsed : (parsed?.['data'] as Record<string, unknown> | undefined)
  if (typeof data !== 'object' || data === null) throw new Violation(`not an answer: ${answer.slice(0, 500)}`, input)
  const code = data['code'] ?? 0
  const isForm = typeof code === 'number' && (isBare || Object.keys(parsed ?? {}).join() === 'syncId,data')
  if (!isForm || (code !== 0 && !data['msg'])) throw new Violation(`not an answer: ${answer.slice(0, 500)}`, input)
  return code
}

/** `heard`: what its backend said. */
export function checkOneBotEvent(text: string, heard: readonly string[]): void {
  checkDiscreet(text, heard)
  const event = isJson(text) ? (JSON.parse(text) as Record<string, unknown>) : {}
  const isForm = [event['time'], event['self_id']].every(Number.isSafeInteger) && typeof event['post_type'] === 'string'
  const isMessage = event['post_type'] === 'message' || event['post_type'] === 'message_sent'
  const isWhole = !isMessage || (Number.isInteger(event['message_id']) && Array.isArray(event['message']))
  if (!isForm || !isWhole) throw new Violation(`not an event: ${text.slice(0, 500)}`, heard)
}

export function checkMiraiEvent(text: string, heard: readonly string[]): void {
  checkDiscreet(text, heard)
  const { data } = (isJson(text) ? JSON.parse(text) : {}) as { data?: Record<string, unknown> }
  const isMessage = String(data?.['type']).endsWith('Message')
  const chain = data?.['messageChain']
  const source = (Array.isArray(chain) ? chain[0] : undefined) as Record<string, unknown> | undefined
  const isWhole = !isMessage || (source?.['type'] === 'Source' && Number.isInteger(source['id']))
  if (typeof data?.['type'] !== 'string' || !isWhole) throw new Violation(`not an event: ${text.slice(0, 500)}`, heard)
}

const leaks =
  /node_modules|node:internal|\.ts:\d|\n\s+at |TypeError|RangeError|SyntaxError|ENOENT|SQLITE|root:x:|the bridge failed on this call/
const secrets = [verifyKey, accessToken, adminToken, process.cwd()]

export function checkDiscreet(answer: string, input: readonly string[]): void {
  const shown = secrets.find((secret) => answer.includes(secret)) ?? leaks.exec(answer)?.[0]
  if (shown !== undefined) throw new Violation(`an answer shows ${shown}: ${answer.slice(0, 500)}`, input)
}

export function isJson(given: string): boolean {
  try {
    JSON.parse(given)
    return true
  } catch {
    return false
  }
}

/** Integers of more than 20 digits are refused with the frame that holds them, echo and all. */
export function isReadable(sent: string): boolean {
  return isJson(sent) && !/[0-9]{21}/.test(sent)
}
