// multipart/form-data: few parts, short fields, bounded files, which go to where bytes are kept as they come.
import type { Busboy as BusboyClass, BusboyFileStream, BusboyInstance } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { BridgeError } from '../../core/error.ts'
import type { ReceivedBytes } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { BodyRefused } from '../../transport/body.ts'
import { mayTakeItsTime } from '../../transport/body-clock.ts'
import type { MiraiLimits } from './options.ts'

export interface UploadedFile {
  received: ReceivedBytes
  name: string | undefined
}

export interface Form {
  fields: WireObject
  /** Whoever reads the form keeps or discards them. */
  files: Map<string, UploadedFile>
}

/** Clients write fields before files: `strangerBytes` may come before the form says whose it is. */
type FormLimits = Pick<MiraiLimits, 'uploadBytes' | 'strangerBytes' | 'formParts' | 'partHeaderBytes'>

interface FormOptions {
  limits: FormLimits
  receive: (pieces: AsyncIterable<Uint8Array>) => Promise<ReceivedBytes>
  /** Whether the sender is known, by what has come so far. */
  isVouched: (fields: WireObject) => boolean
}

/** Throws `badRequest` for what is no form, BodyRefused for what is too large; no file stays then. */
export async function readForm(incoming: IncomingMessage, options: FormOptions): Promise<Form> {
  const contentType = incoming.headers['content-type'] ?? ''
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) {
    incoming.resume()
    throw new BridgeError('badParameter', '无效参数')
  }
  const reading = createReading(incoming, options)
  try {
    await parse(incoming, contentType, { reading, limits: options.limits })
    return { fields: reading.fields, files: new Map(await Promise.all(reading.files)) }
  } catch (error) {
    void discardAll(reading)
    throw error
  }
}

interface Reading {
  fields: WireObject
  files: Promise<[part: string, file: UploadedFile]>[]
  /** Whether so many bytes of this sender may be read. Throws BodyRefused. */
  admit(bytes: number): void
  take(part: string, stream: BusboyFileStream, fileName: string): void
}

function createReading(incoming: IncomingMessage, { limits, receive, isVouched }: FormOptions): Reading {
  const { uploadBytes, strangerBytes } = limits
  const fields = Object.create(null) as WireObject
  const files: Reading['files'] = []
  let isKnown = false

  /** Who is known may take as long as the bytes keep coming. */
  function admit(bytes: number): void {
    isKnown ||= isVouched(fields)
    if (isKnown) mayTakeItsTime(incoming)
    else if (bytes > strangerBytes)
      throw new BodyRefused(413, 'the form does not begin with a session', 'strangerBytes')
  }

  async function* watched(stream: BusboyFileStream): AsyncGenerator<Uint8Array> {
    let bytes = 0
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      bytes += piece.length
      if (!isKnown) admit(bytes)
      yield piece
    }
    if (stream.truncated) throw new BodyRefused(413, `the upload is larger than ${uploadBytes} bytes`, 'uploadBytes')
  }

  return {
    fields,
    files,
    admit,
    take(part, stream, fileName) {
      const file = receive(watched(stream)).then((received): [string, UploadedFile] => [
        part,
        { received, name: fileName || undefined },
      ])
      files.push(file)
    },
  }
}

async function discardAll({ files }: Reading): Promise<void> {
  for (const result of await Promise.allSettled(files)) {
    if (result.status === 'fulfilled') result.value[1].received.discard()
  }
}

interface Parsing {
  reading: Reading
  limits: FormLimits
}

/** Resolves when all has come; files may still be on their way to the disk. */
function parse(incoming: IncomingMessage, contentType: string, { reading, limits }: Parsing): Promise<void> {
  const { fields } = reading
  return new Promise((resolve, reject) => {
    const parser = createParser(incoming, contentType, limits)
    const streams = new Set<BusboyFileStream>()
    const fail = (error: Error): void => {
      incoming.unpipe(parser)
      incoming.pause()
      for (const stream of streams) stream.destroy(error)
      reject(error)
    }
    parser.on('field', (name, value) => {
      if (!Object.hasOwn(fields, name)) fields[name] = value
    })
    parser.on('file', (name, stream, fileName) => {
      streams.add(stream)
      stream.on('close', () => streams.delete(stream))
      // It may fail before anybody has begun to read it.
      stream.on('error', () => {})
      reading.take(name, stream, fileName)
      reading.files.at(-1)?.catch(fail)
    })
    watchHeaders(parser, () =>
      fail(
        new BodyRefused(413, `the headers of a part have more than ${limits.partHeaderBytes} bytes`, 'partHeaderBytes'),
      ),
    )
    parser.on('partsLimit', () => fail(new BodyRefused(413, 'the form has too many parts', 'formParts')))
    parser.on('finish', resolve)
    parser.on('error', () => fail(new BridgeError('badParameter', '无效参数')))
    incoming.on('error', () => fail(new BridgeError('badRequest', 'the request was cut off')))
    incoming.pipe(parser)
    limitStranger(incoming, { reading, limits }, fail)
  })
}

/** What of the parser it needs to know of: headers that are too long are cut, and it has no public word for that. */
interface Inside {
  _parser?: { parser?: { _hparser?: { maxed?: boolean; _parseHeader?: () => void } } }
}

function watchHeaders(parser: BusboyInstance, onTooLong: () => void): void {
  const headers = (parser as unknown as Inside)._parser?.parser?._hparser
  const parse = headers?._parseHeader
  if (!headers || !parse) return
  headers._parseHeader = function () {
    if (this.maxed) onTooLong()
    parse.call(this)
  }
}

/** Also of forms that hold no file. The fields of a piece are there once its turn has ended. */
function limitStranger(incoming: IncomingMessage, { reading, limits }: Parsing, fail: (error: Error) => void): void {
  let bytes = 0
  const count = (piece: Buffer): void => {
    bytes += piece.length
    if (bytes <= limits.strangerBytes) return
    incoming.off('data', count)
    setImmediate(() => {
      try {
        reading.admit(bytes)
      } catch (error) {
        fail(error as Error)
      }
    })
  }
  incoming.on('data', count)
}

/** It comes with the first form: each start would wait for it otherwise. */
const require = createRequire(import.meta.url)
let Busboy: typeof BusboyClass | undefined

function createParser(incoming: IncomingMessage, contentType: string, limits: FormLimits): BusboyInstance {
  const { uploadBytes: fileSize, strangerBytes: fieldSize, formParts: parts, partHeaderBytes: headerSize } = limits
  try {
    Busboy ??= (require('@fastify/busboy') as { Busboy: typeof BusboyClass }).Busboy
    return new Busboy({
      headers: { ...incoming.headers, 'content-type': contentType },
      limits: { fieldSize, fileSize, files: 4, parts, headerSize },
    })
  } catch (cause) {
    throw new BridgeError('badParameter', '无效参数', { cause })
  }
}
