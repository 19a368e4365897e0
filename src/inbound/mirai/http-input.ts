// What an HTTP request brings: the session key and the parameters of its command, read generously.
import type { IncomingHttpHeaders } from 'node:http'
import { BridgeError } from '../../core/error.ts'
import { boundPairs, parseJson, type JsonLimits } from '../../core/json.ts'
import { toObject, toText, type WireObject } from '../../core/read.ts'
import type { Command } from '../../dialect/mirai/index.ts'
import { findInPrefix } from '../../transport/json-prefix.ts'

/** `sessionKey: KEY`, else `Authorization: session KEY` or `sessionKey KEY`. */
export function keyInHeaders(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['sessionkey']
  if (typeof own === 'string' && own !== '') return own
  const [, key] = /^session(?:key)?\s+(\S+)$/i.exec(headers.authorization ?? '') ?? []
  return key
}

/** In the query, the JSON body or the form. */
export function keyInFields(wire: WireObject): string | undefined {
  const key = Object.hasOwn(wire, 'sessionKey') ? toText(wire['sessionKey']) : undefined
  return key === '' ? undefined : key
}

/** In the beginning of a JSON body, or of a form, that is too long to be read for a stranger. */
export function keyInStart(start: string): string | undefined {
  const key = /^\s*\{/.test(start) ? findInPrefix(start, 'sessionKey') : /(?:^|&)sessionKey=([^&]*)&/.exec(start)?.[1]
  return key === '' ? undefined : key
}

/** `key=1&key=2`, `key[]=1` and `key=1,2` for lists; the first value counts for everything else. */
export function readQuery(query: URLSearchParams, command?: Command): WireObject {
  const wire = Object.create(null) as WireObject
  for (const name of new Set(query.keys())) {
    const bare = name.endsWith('[]') ? name.slice(0, -2) : name
    if (Object.hasOwn(wire, bare)) continue
    const values = query.getAll(name)
    const isList = command?.fields?.some(([wireName, , type]) => wireName === bare && type.startsWith('accounts'))
    wire[bare] = isList && values.length > 1 ? values : values[0]
  }
  return wire
}

interface FieldsOptions {
  contentType?: string | undefined
  command?: Command
  limits?: JsonLimits | undefined
}

/** JSON whatever the Content-Type says (curl calls it a form); a form when it is one. Throws `badRequest`. */
export function readFields(text: string, { contentType, command, limits }: FieldsOptions = {}): WireObject {
  if (contentType?.startsWith('application/x-www-form-urlencoded') && !/^\s*\{/.test(text)) {
    return readQuery(new URLSearchParams(boundPairs(text, limits)), command)
  }
  const wire = toObject(parseJson(text, limits))
  if (!wire) throw new BridgeError('badRequest', 'the body must be a JSON object')
  return wire
}
