// multipart/form-data into memory: few parts, short fields, bounded files.
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import { BridgeError } from '../../core/error.ts'
import type { WireObject } from '../../core/read.ts'
import { BodyRefused } from '../../transport/body.ts'

interface UploadedFile {
  bytes: Buffer
  name: string | undefined
}

export interface Form {
  fields: WireObject
  files: Map<string, UploadedFile>
}

interface FormOptions {
  maxFileBytes: number
  /** Counts bytes that are kept; throws when that is too much. */
  hold: (bytes: number) => void
}

/** Throws `badRequest` for what is no form, BodyRefused for what is too large. */
export function readForm(incoming: IncomingMessage, { maxFileBytes, hold }: FormOptions): Promise<Form> {
  const contentType = incoming.headers['content-type'] ?? ''
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) {
    incoming.resume()
    return Promise.reject(new BridgeError('badParameter', '无效参数'))
  }
  return new Promise((resolve, reject) => {
    const form: Form = { fields: Object.create(null) as WireObject, files: new Map() }
    const parser = createParser(incoming, contentType, maxFileBytes)
    const fail = (error: Error): void => {
      incoming.unpipe(parser)
      incoming.pause()
      reject(error)
    }
    const tooLarge = (): void => fail(new BodyRefused(413, `the upload is larger than ${maxFileBytes} bytes`))
    parser.on('field', (name, value) => {
      if (!Object.hasOwn(form.fields, name)) form.fields[name] = value
    })
    parser.on('file', (name, stream, fileName) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        try {
          hold(chunk.length)
          chunks.push(chunk)
        } catch (error) {
          fail(error as Error)
        }
      })
      stream.on('limit', tooLarge)
      stream.on('error', fail)
      stream.on('end', () => form.files.set(name, { bytes: Buffer.concat(chunks), name: fileName || undefined }))
    })
    parser.on('partsLimit', tooLarge)
    parser.on('finish', () => resolve(form))
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
