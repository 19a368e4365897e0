import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BridgeError } from '../../src/core/error.ts'
import { postJson } from '../../src/transport/http-client.ts'

let server: Server
let url: string
let serve: (request: IncomingMessage, response: ServerResponse, body: string) => void
let connections: Socket[]
beforeEach(async () => {
  connections = []
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => serve(request, response, Buffer.concat(chunks).toString()))
  })
  server.on('connection', (socket: Socket) => connections.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?token=hush`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const limits = { timeoutMs: 2000, maxBytes: 1000 }

async function failure(promise: Promise<unknown>): Promise<{ kind: string; certain: boolean; message: string }> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown)
  if (!(error instanceof BridgeError)) throw new Error('not a BridgeError', { cause: error })
  const { kind, certain, message } = error
  expect(message).not.toContain('hush')
  return { kind, certain, message }
}

test('the very bytes, headers that may replace ours, status and text of the answer', async () => {
  serve = (request, response, body) => {
    const { 'content-type': type, 'content-length': length } = request.headers
    response.writeHead(418, { 'x-name': 'pot' }).end(`${request.method} ${request.url} ${type} ${length} ${body}`)
  }
  expect(await postJson(url, '{"a":"é"}', limits)).toMatchObject({
    status: 418,
    headers: { 'x-name': 'pot' },
    text: 'POST /path?token=hush application/json; charset=UTF-8 10 {"a":"é"}',
  })
  const other = await postJson(url, '', { ...limits, headers: { 'content-type': 'text/plain' } })
  expect(other.text).toContain(' text/plain 0 ')
})

test('connections are kept', async () => {
  serve = (_, response) => response.end()
  for (let at = 0; at < 3; at++) await postJson(url, '{}', limits)
  expect(connections).toHaveLength(1)
})

test('a kept connection that the server closed does not fail the next request', async () => {
  serve = (_, response) => response.end()
  await postJson(url, '{}', limits)
  server.once('request', (request: IncomingMessage) => request.socket.resetAndDestroy())
  expect((await postJson(url, '{}', limits)).status).toBe(200)
  expect(connections).toHaveLength(2)
})

test('a redirect is an answer', async () => {
  serve = (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
  expect((await postJson(url, '{}', limits)).status).toBe(302)
})

test('an answer that is too long, one that never comes, one that is broken off', async () => {
  serve = (_, response) => response.end('x'.repeat(1001))
  expect(await failure(postJson(url, '{}', limits))).toMatchObject({ kind: 'backend' })
  serve = () => {}
  expect(await failure(postJson(url, '{}', { ...limits, timeoutMs: 50 }))).toMatchObject({
    kind: 'timeout',
    certain: false,
  })
  serve = (_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('x', () => response.destroy())
  }
  expect(await failure(postJson(url, '{}', limits))).toMatchObject({ kind: 'offline', certain: false })
})

test('nobody there: it certainly did not happen', async () => {
  server.close()
  await once(server, 'close')
  expect(await failure(postJson(url, '{}', limits))).toMatchObject({ kind: 'offline', certain: true })
})

test('given up by the caller', async () => {
  serve = () => {}
  const given = new AbortController()
  const answer = failure(postJson(url, '{}', { ...limits, signal: given.signal }))
  await once(server, 'request')
  given.abort()
  expect(await answer).toMatchObject({ kind: 'offline' })
})

test.each(['ftp://x/', 'nonsense', 'file:///etc/passwd'])('%s is no address', async (address) => {
  expect(await failure(postJson(address, '', limits))).toMatchObject({ kind: 'badParameter' })
})
