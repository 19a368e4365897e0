// multipart/form-data: few parts, short fields, bounded files, which go to where bytes are kept as they come.
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import { BridgeError } from '../../core/error.ts'
import type { ReceivedBytes } from '../../core/ports.ts'
import type { WireObject } from '../../core/read.ts'
import { BodyRefused } from '../../transport/body.ts'

export interface UploadedFile {
  received: ReceivedBytes
  name: string | undefined
}

export interface Form {
  fields: WireObject
  /** Whoever reads the form keeps or discards them. */
  files: Map<string, UploadedFile>
}

interface FormOptions {
  maxFileBytes: number
  receive: (pieces: AsyncIterable<Uint8Array>) => Promise<ReceivedBytes>
  /** Whether the sender is known, by what has come so far. */
  vouched: (fields: WireObject) => boolean
}

/** Bytes of a file that may come before the form says whose it is. */
const strangerBytes = 8 * 1024 * 1024

/** Throws `badRequest` for what is no form, BodyRefused for what is too large; no file stays then. */
export async function readForm(incoming: IncomingMessage, options: FormOptions): Promise<Form> {
  const contentType = incoming.headers['content-type'] ?? ''
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) {
    incoming.resume()
    throw new BridgeError('badParameter', '无效参数')
  }
  const reading = createReading(options)
  try {
    await parse(incoming, contentType, { reading, maxFileBytes: options.maxFileBytes })
    return { fields: reading.fields, files: new Map(await Promise.all(reading.files)) }
  } catch (error) {
    void discardAll(reading)
    throw error
  }
}

interface Reading {
  fields: WireObject
  files: Promise<[part: string, file: UploadedFile]>[]
  take(part: string, stream: BusboyFileStream, fileName: string): void
}

function createReading({ maxFileBytes, receive, vouched }: FormOptions): Reading {
  const fields = Object.create(null) as WireObject
  const files: Reading['files'] = []

  async function* watched(stream: BusboyFileStream): AsyncGenerator<Uint8Array> {
    let bytes = 0
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      bytes += piece.length
      if (bytes > strangerBytes && !vouched(fields))
        throw new BodyRefused(413, 'the form does not begin with a session')
      yield piece
    }
    if (stream.truncated) throw new BodyRefused(413, `the upload is larger than ${maxFileBytes} bytes`)
  }

  return {
    fields,
    files,
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
  maxFileBytes: number
}

/** Resolves when all has come; files may still be on their way to the disk. */
function parse(incoming: IncomingMessage, contentType: string, { reading, maxFileBytes }: Parsing): Promise<void> {
  const { fields } = reading
  return new Promise((resolve, reject) => {
    const parser = createParser(incoming, contentType, maxFileBytes)
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
      reading.take(name, stream, fileName)
      reading.files.at(-1)?.catch(fail)
    })
    parser.on('partsLimit', () => fail(new BodyRefused(413, 'the form has too many parts')))
    parser.on('finish', resolve)
    parser.on('error', () => fail(new BridgeError('badParameter', '无效参数')))
    incoming.on('error', () => fail(new BridgeError('badRequest', 'the request was cut off')))
    incoming.pipe(parser)
  })
}

function createParser(incoming: IncomingMessage, contentType: string, fileSize: number): BusboyInstance {
  try {
    return new Busboy({
      headers: { ...incoming.headers, 'content-type': contentType },
      limits: { fieldSize: 64 * 1024, fileSize, files: 4, parts: 50, headerSize: 8 * 1024 },
    })
  } catch (cause) {
    throw new BridgeError('badParameter', '无效参数', { cause })
  }
}
