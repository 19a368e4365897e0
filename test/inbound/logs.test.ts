// What an operator reads of clients: who comes and goes, and who shows a wrong secret, without the secret.
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { createBridge } from '../../src/bridge.ts'
import type { ConfigInput } from '../../src/config.ts'
import { accessToken, until, verifyKey } from '../support/bridge.ts'
import { dial, http, login, open } from '../hardening/support.ts'

async function start(reverse: { url: string }[] = [], limits: ConfigInput['limits'] = {}) {
  const lines: string[] = []
  const listen = '127.0.0.1:0'
  const bridge = createBridge(
    {
      backends: { world: { dialect: 'embedded' } },
      inbounds: {
        mirai: { dialect: 'mirai', listen, verifyKey },
        onebot: { dialect: 'onebot11', listen, accessToken, reverse },
      },
      limits,
    },
    { log: (level, _where, text) => void lines.push(`${level} ${text}`) },
  )
  await bridge.start()
  const { mirai = 0, onebot = 0 } = bridge.ports()
  const said = (text: string) => until(() => lines.includes(text), text)
  return { bridge, lines, mirai, onebot, said, [Symbol.asyncDispose]: () => bridge.stop() }
}

test('mirai clients', async () => {
  await using it = await start()
  const sessionKey = await login(it.mirai)
  await it.said('info mirai client bound (http, bot 10001)')
  const client = await open(dial(`ws://127.0.0.1:${it.mirai}/all`, { verifyKey, qq: '10001' }))
  await it.said('info mirai client connected (ws /all, bot 10001)')
  client.raw.close()
  await it.said('info mirai client disconnected (ws /all, bot 10001)')
  for (let at = 0; at < 3; at++) {
    await http(it.mirai, { path: '/verify', body: JSON.stringify({ verifyKey: 'something-wrong' }) })
  }
  const warnings = it.lines.filter((line) => line.startsWith('warn'))
  expect(warnings).toEqual(['warn a mirai client from 127.0.0.1 showed a wrong verifyKey'])
  for (const secret of ['something-wrong', verifyKey, sessionKey]) expect(it.lines.join('\n')).not.toContain(secret)
})

test('OneBot clients', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await using it = await start([{ url: `ws://127.0.0.1:${port}/` }])
  await it.said(`info OneBot client connected (reverse ws 127.0.0.1:${port}, bot 10001)`)
  const place = `ws://127.0.0.1:${it.onebot}`
  const client = await open(dial(`${place}/event`, { authorization: `Bearer ${accessToken}` }))
  await it.said('info OneBot client connected (ws /event, every bot)')
  client.raw.close()
  await it.said('info OneBot client disconnected (ws /event, every bot)')
  for (let at = 0; at < 2; at++) {
    await http(it.onebot, { path: '/get_status', headers: { authorization: 'Bearer something-wrong' } })
    const refused = new WebSocket(place)
    refused.on('error', () => {})
    await once(refused, 'close')
  }
  const warnings = it.lines.filter((line) => line.includes('from 127.0.0.1'))
  expect(warnings).toEqual(['warn a OneBot client from 127.0.0.1 showed a wrong access token'])
  for (const secret of ['something-wrong', accessToken]) expect(it.lines.join('\n')).not.toContain(secret)
  for (const socket of server.clients) socket.terminate()
  server.close()
})

test('limits that are reached: once a minute for each peer and limit', async () => {
  await using it = await start([], { messageBytes: 1000, strangers: 2, pingMs: 20, missedPings: 1 })
  const authorization = `Bearer ${accessToken}`
  const warnings = (text: string) => it.lines.filter((line) => line.startsWith('warn') && line.includes(text))
  for (let at = 0; at < 3; at++) {
    const body = JSON.stringify({ group_id: 30001, message: 'x'.repeat(2000) })
    expect((await http(it.onebot, { path: '/send_group_msg', body, headers: { authorization } })).status).toBe(413)
    const client = await open(dial(`ws://127.0.0.1:${it.onebot}/api`, { authorization }))
    client.send({ action: 'x', params: { text: 'x'.repeat(2000) } })
    expect((await client.closed).code).toBe(1009)
  }
  // The inbound tells of bodies, the port of frames.
  await until(() => warnings('Max payload').length > 0, 'the lines')
  expect(warnings('larger than')).toEqual(['warn 127.0.0.1: the body is larger than 1000 bytes'])
  expect(warnings('Max payload')).toEqual(['warn 127.0.0.1: Max payload size exceeded: it is closed'])
  const silent = await open(dial(`ws://127.0.0.1:${it.onebot}/api`, { authorization }))
  silent.raw.pause()
  await it.said('warn 127.0.0.1: 1 pings are unanswered: it is cut')
  const strangers = Array.from({ length: 4 }, () => connect(it.onebot, '127.0.0.1').on('error', () => {}))
  await it.said('warn 127.0.0.1: 2 connections have shown no secret yet: new ones are refused')
  for (const stranger of strangers) stranger.destroy()
})
