// What comes as HTTP and is none, too long or too slow: answered as node does by itself, and counted where it is a limit.
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { LimitName, OnLimit } from '../core/limit.ts'
import type { HttpLimits } from './mount.ts'

interface Broken {
  status: string
  limit?: LimitName
  text?: string
}

export function answerBroken(server: Server, limits: HttpLimits, onLimit: OnLimit): void {
  server.on('clientError', (error: Error & { code?: string }, stream) => {
    const socket = stream as Socket
    const { status, limit, text = '' } = toAnswer(error.code, limits)
    if (limit) onLimit(limit, socket.remoteAddress ?? '', text)
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) return void socket.destroy()
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
  })
}

function toAnswer(code: string | undefined, { headerBytes, headersMs }: HttpLimits): Broken {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': {
      const text = `request line and headers have more than ${headerBytes} bytes: it is cut`
      return { status: '431 Request Header Fields Too Large', limit: 'headerBytes', text }
    }
    case 'ERR_HTTP_REQUEST_TIMEOUT': {
      const text = `the headers of a request took more than ${headersMs / 1000} s: it is cut`
      return { status: '408 Request Timeout', limit: 'headersMs', text }
    }
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: '413 Payload Too Large' }
    default:
      return { status: '400 Bad Request' }
  }
}

/** Another answer has begun on this line: a second one would be taken for a part of it. Node has no public word for it. */
function isAnswering(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true
}
