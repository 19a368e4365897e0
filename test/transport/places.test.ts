// Several things on one port, by path and by host name.
import { once } from 'node:events'
import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createPort, type Port } from '../../src/transport/http-server.ts'
import type { MountOptions } from '../../src/transport/mount.ts'
import { createTurn } from '../../src/transport/turn.ts'

const errors: unknown[] = []
const turn = createTurn((error) => errors.push(error))
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  expect(errors.splice(0)).toEqual([])
})

async function open(): Promise<Port> {
  const browser = { origins: [], hosts: ['listed.example.org'] }
  const port = createPort({ host: '127.0.0.1', port: 0, turn, browser: () => browser, onError: () => {} })
  await port.listen()
  closers.push(() => port.close())
  return port
}

/** Says its name on every path below it, and takes every WebSocket. */
function mountEcho(port: Port, name: string, options: MountOptions = {}) {
  const mount = port.mount({ secretRequired: true, ...options })
  mount.app.get('/', (c) => c.text(`${name} root`))
  mount.app.get('/:rest{.*}', (c) => c.text(`${name} ${c.req.param('rest')}`))
  mount.onUpgrade(({ path, isLast }) => ({
    accept(socket) {
      socket.send(`${name} ${path}${isLast ? ' last' : ''}`)
      return { message: () => {}, close: () => {} }
    },
  }))
  return mount
}

function get(port: Port, path: string, host = 'localhost'): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: port.port, host: '127.0.0.1', path, headers: { host }, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += String(piece)))
      answer.on('end', () => resolve(answer.statusCode === 200 ? text : String(answer.statusCode)))
    })
    asked.on('error', reject).end()
  })
}

async function dial(port: Port, path: string, host = 'localhost') {
  const socket = new WebSocket(`ws://127.0.0.1:${port.port}${path}`, { headers: { host } })
  closers.push(() => socket.terminate())
  const closed = once(socket, 'close') as Promise<[number]>
  const [data] = (await once(socket, 'message')) as [Buffer]
  return { greeting: data.toString(), closed }
}

test('the longest path that fits, then the host, then everything', async () => {
  const port = await open()
  mountEcho(port, 'rest')
  mountEcho(port, 'a', { path: '/a' })
  mountEcho(port, 'deep', { path: '/a/deep' })
  mountEcho(port, 'named', { host: 'bot.example.org' })
  const paths = ['/', '/x', '/a', '/a/', '/a/x', '/ab', '/a/deep/x?y=/a', '//a/x']
  expect(await Promise.all(paths.map((path) => get(port, path)))).toEqual([
    'rest root',
    'rest x',
    'a root',
    'a root',
    'a x',
    'rest ab',
    'deep x',
    expect.stringMatching(/^(rest|a) /),
  ])
  const names = ['bot.example.org', 'BOT.example.org:8080', 'other.example.org']
  expect(await Promise.all(names.map((host) => get(port, '/x', host)))).toEqual(['named x', 'named x', 'rest x'])
  expect(await get(port, '/a/x', 'bot.example.org')).toBe('a x')
  const sockets = await Promise.all([
    dial(port, '/'),
    dial(port, '/a?x=1'),
    dial(port, '/a/deep/event'),
    dial(port, '/event', 'bot.example.org'),
  ])
  expect(sockets.map(({ greeting }) => greeting)).toEqual([
    'rest / last',
    'a / last',
    'deep /event last',
    'named /event last',
  ])
})

test('those of one place are asked in the order of their ranks', async () => {
  const port = await open()
  const late = port.mount({ rank: 2, secretRequired: true })
  late.app.get('/both', (c) => c.text('late'))
  late.app.get('/own', (c) => c.text('late'))
  late.onUpgrade(() => ({ status: 404 }))
  const early = port.mount({ rank: 1, secretRequired: true })
  early.app.get('/both', (c) => c.text('early'))
  const asked: boolean[] = []
  early.onUpgrade(({ isLast }) => {
    asked.push(isLast)
    return undefined
  })
  expect([await get(port, '/both'), await get(port, '/own'), await get(port, '/nowhere')]).toEqual([
    'early',
    'late',
    '404',
  ])
  const [failure] = (await once(new WebSocket(`ws://127.0.0.1:${port.port}/x`), 'error')) as [Error]
  expect(failure.message).toContain('404')
  expect(asked).toEqual([false])
})

test('the whole path, for whoever compares it himself', async () => {
  const port = await open()
  mountEcho(port, 'whole', { path: '/hook', wholePath: true })
  expect([await get(port, '/hook/x'), await get(port, '/x')]).toEqual(['whole hook/x', '404'])
  expect((await dial(port, '/hook')).greeting).toBe('whole /hook last')
})

test('whoever goes closes its own WebSockets only, and leaves its paths to the others', async () => {
  const port = await open()
  mountEcho(port, 'rest')
  const going = mountEcho(port, 'a', { path: '/a' })
  expect(going.address).toBe(`127.0.0.1:${port.port}/a`)
  const [stays, goes] = await Promise.all([dial(port, '/'), dial(port, '/a')])
  going.unmount()
  going.unmount()
  expect((await goes.closed)[0]).toBe(1001)
  expect(await get(port, '/a/x')).toBe('rest a/x')
  expect(await Promise.race([stays.closed, Promise.resolve('open')])).toBe('open')
})

test('a place without a secret is reached by names that are its own or listed', async () => {
  const port = await open()
  mountEcho(port, 'open', { secretRequired: false })
  mountEcho(port, 'named', { host: 'bot.example.org', secretRequired: false })
  mountEcho(port, 'guarded', { path: '/guarded' })
  const hosts = ['localhost', 'listed.example.org', 'evil.example.org', 'bot.example.org']
  expect(await Promise.all(hosts.map((host) => get(port, '/x', host)))).toEqual(['open x', 'open x', '403', 'named x'])
  expect(await get(port, '/guarded/x', 'evil.example.org')).toBe('guarded x')
})
