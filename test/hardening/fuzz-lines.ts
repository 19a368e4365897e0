// Connections of the fuzzer: sockets that keep what they hear, and single requests.
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'

/** Milliseconds within which every call is answered and other clients are served. */
const patienceMs = 3000

export interface Line {
  raw: WebSocket
  frames: string[]
  /** false: it took too long. */
  until(done: () => boolean): Promise<boolean>
}

export async function openLine(url: string, headers: Record<string, string>): Promise<Line> {
  const raw = new WebSocket(url, { headers })
  const frames: string[] = []
  raw.on('error', () => {})
  raw.on('message', (data: Buffer) => void frames.push(data.toString()))
  await once(raw, 'open')
  return {
    raw,
    frames,
    async until(done) {
      const deadline = performance.now() + patienceMs
      while (!done()) {
        if (performance.now() > deadline || raw.readyState !== WebSocket.OPEN) return false
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      return true
    },
  }
}

export interface Wanted {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | undefined
}

export async function ask(
  port: number,
  { method, path, headers, body }: Wanted,
): Promise<{ status: number; type: string; text: string }> {
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { ...length, ...headers },
    agent: false,
    timeout: patienceMs,
  })
  sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    text: Buffer.concat(chunks).toString(),
  }
}
