// Which requests go past the router: plain ones only, after the same look at where they come from.
import { once } from 'node:events'
import { connect } from 'node:net'
import { text as readAll } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import type { BrowserPolicy } from '../../src/transport/browser.ts'
import { createPort, type Port } from '../../src/transport/http-server.ts'
import type { MountOptions } from '../../src/transport/mount.ts'
import { createTurn } from '../../src/transport/turn.ts'

const closers: (() => unknown)[] = []
const errors: unknown[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  errors.length = 0
})

const turn = createTurn((error) => errors.push(error))
const open: BrowserPolicy = { origins: [], hosts: ['bridge.example'], secretRequired: false }

async function listen(): Promise<Port> {
  const port = createPort({
    host: '127.0.0.1',
    port: 0,
    turn,
    browser: () => open,
    onError: (error) => errors.push(error),
  })
  await port.listen()
  closers.push(port.close)
  return port
}

/** Answers at /known with the way that the request went and the path that it was given. */
function mount(port: Port, options: MountOptions = {}): void {
  const own = port.mount({ secretRequired: false, ...options })
  own.app.all('/*', (c) => c.text('long'))
  own.takeShortWay(({ path }, below) => {
    if (below === '/fails') return Promise.reject(new Error('a defect'))
    return below === '/known' ? Promise.resolve({ status: 200, text: `"short ${path}"` }) : undefined
  })
}

/** Head and body of the answer. */
async function ask(port: Port, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(port.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write([...lines, 'connection: close', '', body].join('\r\n'))
  return readAll(socket)
}

const host = 'host: 127.0.0.1:8080'

test.each<[string, string[], string]>([
  ['short', ['GET /known HTTP/1.1', host], ''],
  ['short', ['POST /known HTTP/1.1', host, 'content-length: 2'], '{}'],
  ['short', ['POST /known?a=%20b HTTP/1.1', 'host: localhost', 'content-length: 2'], '{}'],
  ['short', ['GET /known HTTP/1.1', 'host: bridge.example:5700'], ''],
  ['long', ['GET /known/ HTTP/1.1', host], ''],
  ['long', ['GET /other HTTP/1.1', host], ''],
  ['long', ['GET /%6bnown HTTP/1.1', host], ''],
  ['long', ['GET http://127.0.0.1/known HTTP/1.1', host], ''],
  ['long', ['PUT /known HTTP/1.1', host, 'content-length: 2'], '{}'],
  ['long', ['POST /known HTTP/1.1', host, 'content-length: 65537'], 'x'.repeat(65_537)],
  ['long', ['POST /known HTTP/1.1', host, 'transfer-encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'],
  ['long', ['POST /known HTTP/1.1', host, 'content-encoding: gzip', 'content-length: 2'], '{}'],
  ['long', ['GET /known HTTP/1.1', 'host: LOCALHOST'], ''],
  ['403 Forbidden', ['GET /known HTTP/1.1', 'host: 127.1'], ''],
  ['400 Bad Request', ['GET /known HTTP/1.1', 'host: 127.0.0.1:99999'], ''],
  ['400 Bad Request', ['GET /known HTTP/1.1'], ''],
  ['403 Forbidden', ['GET /known HTTP/1.1', host, 'origin: https://evil.example'], ''],
  ['403 Forbidden', ['GET /known HTTP/1.1', host, 'sec-fetch-site: cross-site'], ''],
  ['403 Forbidden', ['GET /known HTTP/1.1', 'host: evil.example'], ''],
])('%s: %j', async (way, lines, body) => {
  const port = await listen()
  mount(port)
  const [head = '', text = ''] = (await ask(port, lines, body)).split('\r\n\r\n')
  expect(`${head.split('\r\n', 1)[0]} ${text}`).toContain(way)
})

test('an answer of the short way: type, length, and the path below the place or the whole one', async () => {
  const port = await listen()
  mount(port, { path: '/below' })
  mount(port, { path: '/whole', wholePath: true })
  const answer = await ask(port, ['GET /below/known HTTP/1.1', host])
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: application\/json\r\ncontent-length: 20\r\n/)
  expect(answer.endsWith('\r\n\r\n"short /below/known"')).toBe(true)
  expect(await ask(port, ['GET /whole/known HTTP/1.1', host])).toContain('long')
})

test('a mount of the same place that has no short way comes first with its routes', async () => {
  const port = await listen()
  port.mount({ secretRequired: false, rank: -1 }).app.get('/known', (c) => c.text('of the first'))
  mount(port)
  expect(await ask(port, ['GET /known HTTP/1.1', host])).toContain('of the first')
})

test('a defect is answered with 503 and told', async () => {
  const port = await listen()
  mount(port)
  expect(await ask(port, ['GET /fails HTTP/1.1', host])).toMatch(/^HTTP\/1\.1 503 /)
  expect(errors).toEqual([new Error('a defect')])
})
