// Uploaded bytes as files of a port, for backends and clients that fetch them.
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { MediaRecord, MediaStore } from './core/ports.ts'
import type { Port } from './transport/http-server.ts'
import type { HttpContext } from './transport/mount.ts'

/** What browsers may show; everything else is for saving. */
const pictureTypes: Record<string, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
}

/** The name is the hash of the bytes: who knows it has seen the medium. */
export function mountMedia(port: Port, media: () => MediaStore): void {
  const { app } = port.mount({ path: '/media' })
  app.get('/:id', async (c: HttpContext) => {
    const record = media().get(c.req.param('id') ?? '')
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
