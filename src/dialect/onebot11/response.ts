// The envelope of answers, and errors on both ways.
import { codes, onebot11RetcodeKinds, onebot11TextKinds } from '../../../mappings/codes.ts'
import { BridgeError, explain, type ErrorKind } from '../../core/error.ts'
import { JsonText, Spliced, type WireText } from '../../core/json-text.ts'
import { toInteger, toObject, toText, type WireObject } from '../../core/read.ts'

export interface Answer {
  status: 'ok' | 'failed'
  retcode: number
  data: unknown
  message: string
  wording: string
}

/** Which column of codes counts. */
export type Way = 'http' | 'ws'

export function printOk(data: unknown): Answer {
  return { status: 'ok', retcode: 0, data: data ?? null, message: '', wording: '' }
}

/** `trace` stands where people read; programs compare `message`. */
export function printFailure(error: BridgeError, way: Way, trace?: string): Answer {
  const retcode = codes[error.kind].onebot11[way]
  return { status: 'failed', retcode, data: null, message: explain(error), wording: explain(error, trace) }
}

/** `echo` is JSON text that is put in untouched; without it the member is left out. */
export function toAnswerText(answer: Answer, echo: string | undefined): WireText {
  const { data } = answer
  if (data instanceof JsonText) return splice({ ...answer, data: null }, data, echo)
  return withEcho(JSON.stringify(answer), echo)
}

function withEcho(text: string, echo: string | undefined): string {
  return echo === undefined ? text : `${text.slice(0, -1)},"echo":${echo}}`
}

const place = '"data":null'

function splice(around: Answer, data: JsonText, echo: string | undefined): Spliced {
  const text = withEcho(JSON.stringify(around), echo)
  const at = text.indexOf(place) + place.length
  return new Spliced(text.slice(0, at - 'null'.length), data, text.slice(at))
}

/**
 * The data of a backend's answer. Throws what a failure means; `backend` names who said it.
 * ok, async, or retcode 0 is success: implementations fill in either. What says neither that it worked nor that it failed
 * leaves open whether something happened.
 */
export function readAnswer(value: unknown, backend?: string): unknown {
  const wire = toObject(value)
  if (!wire) throw new BridgeError('backend', 'the backend answered something that is not an object')
  const retcode = toInteger(wire['retcode'])
  if (wire['status'] === 'ok' || wire['status'] === 'async' || retcode === 0) return wire['data'] ?? null
  if (wire['status'] !== 'failed' && retcode === undefined) {
    throw new BridgeError('backend', 'the backend answered neither success nor failure', {
      ...from(backend),
      certain: false,
    })
  }
  const text = ['wording', 'message', 'msg'].map((key) => toText(wire[key]) ?? '')
  throw new BridgeError(kindOf(retcode, text), describe(text, retcode), from(backend))
}

function from(backend: string | undefined): { backend?: string } {
  return backend === undefined ? {} : { backend }
}

function kindOf(retcode: number | undefined, text: readonly string[]): ErrorKind {
  const words = text.join('\n').toLowerCase()
  const said = onebot11TextKinds.find(([, parts]) => parts.some((part) => words.includes(part)))
  if (said) return said[0]
  const kinds: Record<number, ErrorKind> = onebot11RetcodeKinds
  return (retcode === undefined ? undefined : kinds[retcode]) ?? 'backend'
}

function describe(text: readonly string[], retcode: number | undefined): string {
  const said = text.find((part) => part !== '')?.slice(0, 500)
  return said ?? `the backend refused without a reason, retcode ${retcode ?? 'missing'}`
}

/** Answers have no post_type, events no echo. */
export function isEvent(wire: WireObject): boolean {
  return typeof wire['post_type'] === 'string'
}
