// Where the bytes of a medium are, as OneBot writes it in `file`, `url` and `path`.
import { BridgeError } from '../../core/error.ts'
import type { MediaSource } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'

export interface SourceFields {
  id?: string
  url?: string
  path?: string
  base64?: string
}

/** As this bridge names media to clients. */
const handle = /^[0-9A-F]{32}\.[A-Za-z0-9]{1,8}$/

/**
 * NapCat's order: a url that is not empty, then file, then path. undefined when none is given. The bridge's own handle
 * stays beside the url that it was given out with: that one expires, or leads to a machine the backend cannot reach.
 */
export function readSource(data: WireObject): SourceFields | undefined {
  const source = readFirst(data)
  const known = [data['file'], data['file_id']].find((value) => typeof value === 'string' && handle.test(value))
  if (known === undefined) return source
  return { id: known as string, ...(source?.url !== undefined && { url: source.url }) }
}

function readFirst(data: WireObject): SourceFields | undefined {
  for (const name of ['url', 'file', 'path'] as const) {
    const value = data[name]
    if (typeof value === 'string' && value !== '') return toSource(value, name)
  }
  return undefined
}

function toSource(text: string, member: string): SourceFields {
  const scheme = schemeOf(text)
  switch (scheme) {
    case 'base64':
      return { base64: withoutSpaces(text.slice('base64://'.length)) }
    case 'http':
    case 'https':
      return { url: text }
    case 'file':
      return { path: fromFileUrl(text) }
    case undefined:
      if (text.startsWith('data:')) return { base64: fromDataUrl(text) }
      return member === 'path' || /[/\\]/.test(text) ? { path: text } : { id: text }
    default:
      throw new BridgeError('badParameter', `sources that begin with ${scheme}:// are not understood`)
  }
}

function schemeOf(text: string): string | undefined {
  const end = text.slice(0, 20).indexOf('://')
  const scheme = end > 1 ? text.slice(0, end).toLowerCase() : ''
  return /^[a-z][a-z0-9+.-]*$/.test(scheme) ? scheme : undefined
}

/** Clients wrap base64 now and then although they should not. */
function withoutSpaces(text: string): string {
  return /\s/.test(text) ? text.replace(/\s/g, '') : text
}

function fromDataUrl(text: string): string {
  const comma = text.indexOf(',')
  const head = text.slice(0, comma)
  if (comma < 0 || !head.endsWith(';base64')) throw new BridgeError('badParameter', 'a data: source must be base64')
  return withoutSpaces(text.slice(comma + 1))
}

/** `file:///C:/x` names a Windows path, `file:///x` a Unix one. */
function fromFileUrl(text: string): string {
  const path = text.slice('file://'.length)
  const local = /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
  try {
    return decodeURIComponent(local)
  } catch {
    return local
  }
}

/** A source for a backend's `file` member. */
export function printSource(source: MediaSource): string {
  switch (source.kind) {
    case 'base64':
      return `base64://${source.value}`
    case 'path':
      return toFileUrl(source.value)
    default:
      return source.value
  }
}

function toFileUrl(path: string): string {
  const slashed = path.replaceAll('\\', '/')
  const rooted = slashed.startsWith('/') ? slashed : `/${slashed}`
  return `file://${rooted
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^\/([A-Za-z])%3A/, '/$1:')}`
}
