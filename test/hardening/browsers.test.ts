// Web pages, other hosts' names, other methods.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, adminToken, verifyKey } from '../support/bridge.ts'
import { dial, http, open, refusedUpgrade, stage, watch, type Stage, type Watch } from './support.ts'

const listed = 'https://console.example'
let on: Stage
let bare: Stage
let guard: Watch
beforeAll(async () => {
  on = await stage({ origins: [listed] })
  bare = await stage({
    origins: [listed],
    hosts: ['bot.lan'],
    inbounds: {
      mirai: { dialect: 'mirai', listen: '127.0.0.1:0' },
      onebot: { dialect: 'onebot11', listen: '127.0.0.1:0' },
    },
  })
  guard = await watch(on)
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
  await bare.bridge.stop()
})

const doors = [
  ['onebot', '/get_status', '/'],
  ['mirai', '/about', '/all?qq=10001'],
] as const

describe.each(doors)('%s', (door, path, socket) => {
  const port = (of: Stage): number => (door === 'onebot' ? of.bridge.onebotPort : of.bridge.miraiPort)
  const secret: Record<string, string> = door === 'onebot' ? { authorization: `Bearer ${accessToken}` } : { verifyKey }

  test.each<[string, Record<string, string>, boolean]>([
    ['no browser', {}, true],
    ['a listed origin', { origin: listed }, true],
    ['a foreign origin', { origin: 'https://evil.example' }, false],
    ['no origin to speak of', { origin: 'null' }, false],
    ['a listed origin with a tail', { origin: `${listed}.evil.example` }, false],
    ['its own address as origin', { origin: 'http://127.0.0.1' }, false],
    ['an origin equal to the host', { origin: 'http://evil.example', host: 'evil.example' }, false],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }, false],
    ['a foreign host', { host: 'evil.example' }, false],
    ['a host like loopback', { host: '127.0.0.1.evil.example' }, false],
    ['a configured host', { host: 'bot.lan' }, true],
    ['localhost', { host: 'localhost:1' }, true],
  ])('without a secret: %s', async (_, headers, isLetIn) => {
    const answer = await http(port(bare), { path, headers })
    expect(answer.status).toBe(isLetIn ? 200 : 403)
    expect(answer.headers['access-control-allow-origin']).toBe(headers['origin'] === listed ? listed : undefined)
    const url = `ws://127.0.0.1:${port(bare)}${socket}`
    if (!isLetIn) return expect(await refusedUpgrade(url, headers)).toBe(403)
    const client = await open(dial(url, headers))
    client.raw.terminate()
  })

  test.each(['https://evil.example', 'null'])(
    'with its secret %s is let in, but no page may read the answer',
    async (origin) => {
      const answer = await http(port(on), { path, headers: { origin, host: 'evil.example', ...secret } })
      expect(answer.status).toBe(200)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  test('preflight', async () => {
    const ask = (origin: string) => http(port(on), { method: 'OPTIONS', path, headers: { origin } })
    const allowed = await ask(listed)
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([204, listed])
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined()
    const refused = await ask('https://evil.example')
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.headers['access-control-allow-origin']).toBeUndefined()
  })
})

test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS', 'PROPFIND'])('%s is no method here', async (method) => {
  const authorization = `Bearer ${accessToken}`
  const { onebotPort, miraiPort, adminPort } = on.bridge
  expect((await http(onebotPort, { method, path: '/send_group_msg', headers: { authorization } })).status).toBe(404)
  expect((await http(miraiPort, { method, path: '/sendGroupMessage', headers: { sessionKey: on.key } })).status).toBe(
    405,
  )
  const admin = { authorization: `Bearer ${adminToken}` }
  expect((await http(adminPort, { method, path: '/world/act', headers: admin })).status).toBe(404)
})

test('mah: the other of GET and POST is 405', async () => {
  expect((await on.mirai.get('/sendGroupMessage')).status).toBe(405)
  expect((await on.mirai.post('/friendList', '{}')).status).toBe(405)
})

test('mah: sockets only on its three paths', async () => {
  for (const path of ['/', '/api', '/__proto__', '/all/x', '/ALL']) {
    expect(await refusedUpgrade(`ws://127.0.0.1:${on.bridge.miraiPort}${path}`, { verifyKey })).toBe(404)
  }
})
