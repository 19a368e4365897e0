// The ports of a configuration: one listener per address, shared by everything that names it.
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { doorsOf, parseListen, type Config, type Door } from './config.ts'
import { BridgeError } from './core/error.ts'
import type { MediaRecord, MediaStore } from './core/ports.ts'
import { httpLimitsOf, socketLimitsOf } from './limits.ts'
import type { Log } from './log.ts'
import type { BrowserPolicy } from './transport/browser.ts'
import { createListener, type HttpContext, type Listener } from './transport/http-server.ts'
import type { Turn } from './transport/turn.ts'

export interface Listeners {
  /** By the place in the configuration: `inbounds.mirai`, `backends.napcat`, `admin`. */
  get(key: string): Listener | undefined
  serveMedia(media: MediaStore): void
  /** Where uploaded bytes can be fetched; undefined before `listen` and without any listener. */
  mediaBaseUrl(): string | undefined
  /** Rejects when a port cannot be had; then none stays open. */
  listen(): Promise<void>
  stopAccepting(): void
  close(): Promise<void>
}

export interface ListenersOptions {
  config: Config
  turn: Turn
  log: Log
}

export function createListeners({ config, turn, log }: ListenersOptions): Listeners {
  const byKey = new Map<string, Listener>()
  const byAddress = new Map<string, Listener>()
  const doors = doorsOf(config)
  for (const { key, listen } of doors) {
    const listener = byAddress.get(listen) ?? open(listen, doors)
    byKey.set(key, listener)
    // Port 0 is a new port each time it is asked for.
    if (!listen.endsWith(':0')) byAddress.set(listen, listener)
  }
  const all = [...new Set(byKey.values())]
  let listening = false

  function open(listen: string, sharing: readonly Door[]): Listener {
    const address = parseListen(listen)
    if (!address) throw new BridgeError('internal', `not an address: ${listen}`)
    const secretRequired = sharing.every((door) => door.listen !== listen || door.secret !== '')
    const browser: BrowserPolicy = { origins: config.origins, hosts: config.hosts, secretRequired }
    const onError = (error: unknown): void => log('debug', listen, `connection error: ${String(error)}`)
    const http = httpLimitsOf(config.limits)
    return createListener({ ...address, turn, browser, http, socket: socketLimitsOf(config.limits), onError })
  }

  return {
    get: (key) => byKey.get(key),
    serveMedia: (media) => all.forEach((listener) => mountMedia(listener, media)),
    mediaBaseUrl() {
      const first = all[0]
      return listening && first ? `http://${toUrlHost(first.host)}:${first.port}/media/` : undefined
    },
    async listen() {
      const results = await Promise.allSettled(all.map((listener) => listener.listen()))
      const failure = results.find((result) => result.status === 'rejected')
      if (!failure) {
        listening = true
        return
      }
      await Promise.all(all.map((listener) => listener.close()))
      throw failure.reason
    },
    stopAccepting: () => all.forEach((listener) => listener.stopAccepting()),
    close: async () => void (await Promise.all(all.map((listener) => listener.close()))),
  }
}

/** A wildcard address is no place to connect to. */
function toUrlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** What browsers may show; everything else is for saving. */
const pictureTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
}

/** The name is the hash of the bytes: who knows it has seen the medium. */
function mountMedia(listener: Listener, media: MediaStore): void {
  listener.app.get('/media/:id', async (c: HttpContext) => {
    const record = media.get(c.req.param('id') ?? '')
    const body = record && (await bodyOf(record))
    if (!body) return c.body(null, 404)
    const type = pictureTypes[c.req.param('id')?.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    return c.body(body, 200, { 'content-type': type, 'x-content-type-options': 'nosniff' })
  })
}

/** A file is sent piece by piece. */
async function bodyOf(record: MediaRecord): Promise<Uint8Array<ArrayBuffer> | ReadableStream | undefined> {
  if (record.path === undefined) return record.bytes && Uint8Array.from(record.bytes)
  try {
    const file = await open(record.path)
    return Readable.toWeb(file.createReadStream()) as ReadableStream
  } catch {
    return undefined
  }
}
