// Parameters of an HTTP call: JSON body, form or nothing, and the query over it.
import { BridgeError } from '../../core/error.ts'
import { boundPairs, parseJson, type JsonLimits } from '../../core/json.ts'
import { toObject, type WireObject } from '../../core/read.ts'
import { echoOf } from '../../dialect/onebot11/echo.ts'

export interface HttpCall {
  params: WireObject
  /** JSON text of the echo. */
  echo: string | undefined
}

export interface CallSource {
  body: string
  contentType: string
  query: URLSearchParams
  limits?: JsonLimits | undefined
}

/** Any content type will do: only a form has to say what it is. Throws `badRequest`. */
export function readCall({ body, contentType, query, limits }: CallSource): HttpCall {
  const isForm = contentType.includes('application/x-www-form-urlencoded')
  const json = isForm ? undefined : readJson(body, limits)
  const params: WireObject = {
    ...(isForm ? readPairs(new URLSearchParams(boundPairs(body, limits)), limits) : json),
    ...readPairs(query, limits),
  }
  const echo = readEcho(params, json, body)
  delete params['access_token']
  delete params['echo']
  return { params, echo }
}

/** `null`, a list or a text count as no parameters: clients send them where they have none. */
function readJson(body: string, limits: JsonLimits | undefined): WireObject | undefined {
  return body.trim() === '' ? undefined : toObject(parseJson(body, limits))
}

function readEcho(params: WireObject, json: WireObject | undefined, body: string): string | undefined {
  if (!Object.hasOwn(params, 'echo')) return undefined
  const fromBody = json && Object.hasOwn(json, 'echo') && params['echo'] === json['echo']
  return fromBody ? echoOf(body) : JSON.stringify(params['echo'])
}

/** Members that may be written as JSON where only text can be. */
const structured = new Set(['message', 'messages', 'context', 'operation', 'news', 'params'])

function readPairs(pairs: URLSearchParams, limits: JsonLimits | undefined): WireObject {
  const out: WireObject = {}
  for (const [name, value] of pairs) {
    if (name !== '__proto__') out[name] = structured.has(name) ? readStructured(value, limits) : value
  }
  return out
}

function readStructured(text: string, limits: JsonLimits | undefined): unknown {
  if (!/^\s*(\{|\[\s*\{)/.test(text)) return text
  try {
    return parseJson(text, limits)
  } catch (error) {
    if (error instanceof BridgeError) return text
    throw error
  }
}
