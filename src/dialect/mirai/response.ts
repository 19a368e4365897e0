// Answers: how they are printed for clients, and what an answer of a mah backend says.
import { codes, miraiCodeKinds } from '../../../mappings/codes.ts'
import { BridgeError, explain, type ErrorKind } from '../../core/error.ts'
import { Spliced, type JsonText } from '../../core/json-text.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'

export const successAnswer: Readonly<WireObject> = { code: 0, msg: 'success' }

/** Lists and single objects; the text is empty. */
export function printData(data: unknown): WireObject {
  return { code: 0, msg: '', data }
}

/** The same around a list that is written already. */
export function spliceData(data: JsonText): Spliced {
  return new Spliced('{"code":0,"msg":"","data":', data, '}')
}

/** JSON text: it answers every message that a client sends. */
export function printSent(messageId: number): string {
  return `{"code":0,"msg":"success","messageId":${messageId}}`
}

/** What a request lacks. mah names all missing members at once. */
export class MissingFields extends BridgeError {
  constructor(names: readonly string[]) {
    super('badParameter', `参数错误，缺少字段: ${names.join(', ')}`)
  }
}

/** How a request came. The same mistake has other texts, and over GET another code. */
export type Way = 'get' | 'post' | 'ws'

export interface ErrorAnswer {
  code: number
  msg: string
}

/** The one place where an error becomes a mah code. Texts of mah's own stay as they are; others name the trace. */
export function toErrorAnswer(error: BridgeError, way: Way, trace?: string): ErrorAnswer {
  const row: { code: number; msg?: string } = codes[error.kind].mirai
  const isInput = error.kind === 'badRequest' || error.kind === 'badParameter'
  const code = isInput && way === 'get' ? 500 : row.code
  return { code, msg: row.msg ?? (isInput ? toInputText(error, way) : explain(error, trace)) }
}

function toInputText(error: BridgeError, way: Way): string {
  if (way === 'ws' && (error.kind === 'badRequest' || error instanceof MissingFields)) return '无效参数'
  return error.kind === 'badRequest' && way === 'post' ? 'Illegal input' : error.message
}

export interface Answer {
  /** 0 also for naked objects, which have no code. */
  code: number
  msg: string
  /** `data` of wrapped answers, else the whole object. */
  data: unknown
  body: WireObject
}

/** What a backend answered. Throws `backend` when it is not an object. */
export function parseAnswer(value: unknown): Answer {
  const body = toObject(value)
  if (!body) throw new BridgeError('backend', 'the answer is not an object')
  const code = toInteger(body['code']) ?? 0
  return { code, msg: toText(body['msg']) ?? '', data: Object.hasOwn(body, 'data') ? body['data'] : body, body }
}

const kinds = new Map<number, ErrorKind>(Object.entries(miraiCodeKinds).map(([code, kind]) => [Number(code), kind]))
kinds.set(3, 'noSession').set(4, 'notBound')

/** undefined for success. Kinds `noSession` and `notBound` ask the adapter to verify again. */
export function toAnswerError(answer: Answer, backend: string): BridgeError | undefined {
  if (answer.code === 0) return undefined
  const message = answer.msg || `the backend answered code ${answer.code}`
  return new BridgeError(kinds.get(answer.code) ?? 'backend', message, { backend })
}
