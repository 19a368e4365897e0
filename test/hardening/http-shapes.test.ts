// Requests that two readers could take for different things, on each port: one refusal, and nothing of what is hidden inside.
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, adminToken } from '../support/bridge.ts'
import { http, refusedUpgrade, stage, watch, type Stage, type Watch } from './support.ts'

let on: Stage
let guard: Watch
let world: string
const look = (): string => JSON.stringify(on.bridge.world().export())
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
  world = look()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

/** What would change the world, if it were read as a request of its own. */
const hidden = `POST /send_group_msg?access_token=${accessToken} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 37\r\n\r\n{"group_id":30001,"message":"hidden"}`

const doors = [
  ['onebot', `/get_status`, `Authorization: Bearer ${accessToken}\r\n`],
  ['mirai', '/muteAll', ''],
  ['admin', '/world/act', `Authorization: Bearer ${adminToken}\r\n`],
] as const

function portOf(door: (typeof doors)[number][0]): number {
  return { onebot: on.bridge.onebotPort, mirai: on.bridge.miraiPort, admin: on.bridge.adminPort }[door]
}

/** Everything that comes until the other side closes, or falls silent with the line open. */
async function talk(port: number, text: string | Buffer): Promise<{ said: string; closed: boolean }> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  let said = ''
  let closed = false
  socket.on('data', (data: Buffer) => (said += data.toString('latin1')))
  const end = once(socket, 'close').then(() => (closed = true))
  socket.write(text)
  await Promise.race([end, once(socket, 'data')])
  // The rest, if there is one, follows at once.
  await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 60))])
  socket.destroy()
  return { said, closed }
}

const head = 'Host: localhost\r\n'
const shapes: [string, string][] = [
  ['length and chunks', `${head}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['chunks and length', `${head}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${hidden}`],
  ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 300\r\n\r\n{}${hidden}`],
  ['two lengths in one', `${head}Content-Length: 2, 2\r\n\r\n{}${hidden}`],
  ['a length with a sign', `${head}Content-Length: +2\r\n\r\n{}${hidden}`],
  ['a negative length', `${head}Content-Length: -1\r\n\r\n{}${hidden}`],
  ['a length in hex', `${head}Content-Length: 0x2\r\n\r\n{}${hidden}`],
  ['a length that is text', `${head}Content-Length: two\r\n\r\n{}${hidden}`],
  ['a length beyond all', `${head}Content-Length: 99999999999999999999\r\n\r\n{}${hidden}`],
  ['an unknown coding', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['two codings, chunked first', `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
  ['a space before the colon', `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a folded header', `${head}X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a bare line feed', `${head}X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a bare carriage return', `${head}X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['NUL in a header', `${head}X: a\0b\r\n\r\n`],
  ['a header without a name', `${head}: x\r\n\r\n`],
  ['a header name with a space', `${head}X Y: x\r\n\r\n`],
  ['no header at all', `${head}nonsense\r\n\r\n`],
  ['a chunk size that is none', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`],
  ['a negative chunk', `${head}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`],
  ['a chunk beyond all', `${head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}`],
  ['a chunk without its end', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n`],
  ['no host', '\r\n'],
]

describe.each(doors)('%s', (door, path, secret) => {
  test('two hosts: 400', async () => {
    const { said } = await talk(portOf(door), `POST ${path} HTTP/1.1\r\n${secret}${head}Host: evil.example\r\n\r\n`)
    expect(said).toMatch(/^HTTP\/1\.1 400 /)
  })

  test.each(shapes)('%s', async (_, rest) => {
    const { said, closed } = await talk(portOf(door), `POST ${path} HTTP/1.1\r\n${secret}${rest}`)
    expect(said).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect([said.match(/HTTP\/1\.1 /g)?.length, closed]).toEqual([1, true])
    expect(said).not.toContain('message_id')
  })

  test.each([
    ['a method that is none', `GE\tT ${path} HTTP/1.1\r\n${head}\r\n`],
    ['CONNECT', `CONNECT 127.0.0.1:22 HTTP/1.1\r\n${head}\r\n`],
    ['a path without a slash', `GET get_status HTTP/1.1\r\n${head}\r\n`],
    ['a space in the path', `GET ${path} x HTTP/1.1\r\n${head}\r\n`],
    ['HTTP/0.9', `GET ${path}\r\n\r\n`],
    ['HTTP/9.9', `GET ${path} HTTP/9.9\r\n${head}\r\n`],
    ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['NULs', Buffer.alloc(64)],
  ])('%s', async (_, text) => {
    const { said } = await talk(portOf(door), text)
    expect(said).toMatch(/^(HTTP\/1\.1 4\d\d [^]*)?$/)
    expect(said.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1)
  })

  test.each([
    'http://evil.example/get_status',
    'http://127.0.0.1:1/about',
    '//evil.example/get_status',
    '///x',
    '/\\evil.example',
    '/%',
    '/%zz',
    '/%ff',
    '/%c0%af',
    '/%00',
    '/..%2f..%2fetc/passwd',
    '/media/..%2f..%2fbridge.db',
    '/media/%2e%2e/bridge.db',
    '/media/',
    '/__proto__',
    '/bots/__proto__/get_status',
    '/bots/%31%30%30%30%31/',
    '/bots/1e4/get_status',
    '/world/../world/act',
    `/${'a'.repeat(8000)}`,
    `/?${'a=1&'.repeat(3000)}`,
  ])('path %#', async (target) => {
    const request = `GET ${target} HTTP/1.1\r\n${head}${secret}Connection: close\r\n\r\n`
    const { said } = await talk(portOf(door), request)
    expect(said).toMatch(/^HTTP\/1\.1 [24]\d\d /)
    expect(said).not.toMatch(/root:x:|SQLite format/)
  })

  test.each(['', 'evil.example', 'a b', '127.0.0.1:99999', '[::1', '127.0.0.1@evil.example', '%31', 'x'.repeat(4000)])(
    'Host %#',
    async (host) => {
      const { said } = await talk(
        portOf(door),
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${secret}Connection: close\r\n\r\n`,
      )
      expect(said).toMatch(/^HTTP\/1\.1 [24]\d\d /)
    },
  )
})

test.each(['Host: localhost', 'Host: evil.example', `Authorization: Bearer ${accessToken}`])(
  'an upgrade with a second %s is refused',
  async (line) => {
    const upgrade = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n`
    const text = `GET /api HTTP/1.1\r\n${head}Authorization: Bearer x\r\n${upgrade}${line}\r\n\r\n`
    const { said } = await talk(on.bridge.onebotPort, text)
    if (line.startsWith('Host')) expect(said).toMatch(/^HTTP\/1\.1 400 /)
    else expect(said).toContain('token')
  },
)

test.each(['/%', '/%ff', '/%zz'])('an upgrade at %s is 400 everywhere', async (path) => {
  for (const [door] of doors) expect(await refusedUpgrade(`ws://127.0.0.1:${portOf(door)}${path}`)).toBe(400)
})

test('requests one behind the other are answered in order, one each', async () => {
  const { onebotPort } = on.bridge
  const one = (echo: number): string => {
    const body = JSON.stringify({ echo })
    return `POST /get_status HTTP/1.1\r\n${head}Authorization: Bearer ${accessToken}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
  const { said } = await talk(onebotPort, Array.from({ length: 20 }, (_, at) => one(at)).join(''))
  const echoes = [...said.matchAll(/"echo":(\d+)/g)].map(([, echo]) => Number(echo))
  expect(echoes).toEqual(Array.from({ length: 20 }, (_, at) => at))
  expect((await http(onebotPort, { path: '/' })).status).toBe(401)
})

test('nothing of all this changed the world', () => {
  expect(look()).toBe(world)
})
