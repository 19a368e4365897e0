// SIGTERM with a call under way on each way by which clients come: every one is answered before its connection ends.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { answerTo, FakeOneBot, silence } from '../outbound/onebot11/fake-onebot.ts'
import { accessToken, verifyKey } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { configFile, launch } from './launch.ts'
import { dial, http, login, open } from './support.ts'

type Wire = Record<string, unknown>

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A bot that the bridge connects to: its socket, and what comes over it. */
async function startBot() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  closers.push(() => server.close())
  await once(server, 'listening')
  const frames: Wire[] = []
  const codes: number[] = []
  const sockets: WebSocket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Wire))
    socket.on('close', (code) => codes.push(code))
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    codes,
    frames,
    send: async (frame: Wire) => (await until(() => sockets[0], 'a connection')).send(JSON.stringify(frame)),
    find: (fits: (frame: Wire) => boolean) => until(() => frames.find(fits), 'a frame'),
  }
}

const send = (echo: string) => ({ action: 'send_group_msg', params: { group_id: 30001, message: echo }, echo })
const command = (syncId: string) => ({
  syncId,
  command: 'sendGroupMessage',
  content: { target: 30001, messageChain: [{ type: 'Plain', text: syncId }] },
})

test(
  'SIGTERM: calls under way on every transport are answered, then 1001 and exit code 0',
  { timeout: 60_000 },
  async () => {
    const backend = await new FakeOneBot().listen()
    closers.push(() => backend.close())
    backend.on('get_friend_list', []).on('get_group_list', []).on('send_group_msg', silence)
    const [onebotBot, miraiBot] = [await startBot(), await startBot()]
    const config = {
      backends: { far: { dialect: 'onebot11', ws: backend.url, reconnect: { firstMs: 20 } } },
      inbounds: {
        o: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, reverse: [{ url: onebotBot.url }] },
        m: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey, reverse: [{ url: miraiBot.url }] },
      },
      log: { level: 'error' },
    }
    const started = launch({}, ['--config', configFile('drain.mjs', `export default ${JSON.stringify(config)}`)])
    closers.push(() => started.signal('SIGKILL'))
    const said = await started.says('mirai-api-http ws: ')
    const portBehind = (words: string): number => Number(new RegExp(`${words}127\\.0\\.0\\.1:(\\d+)`).exec(said)?.[1])
    const [onebotPort, miraiPort] = [portBehind('WebSocket: '), portBehind('http: http://')]
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' }
    const onebot = await open(dial(`ws://127.0.0.1:${onebotPort}/`, headers))
    for (let isThere = false; !isThere;) {
      onebot.send({ action: 'get_login_info', echo: 'who' })
      isThere = (await onebot.find((text) => text.includes('"who"'))).includes('10001')
    }
    const mirai = dial(`ws://127.0.0.1:${miraiPort}/all`, { verifyKey, qq: '10001' })
    await mirai.next()
    const sessionKey = await login(miraiPort)
    await miraiBot.send({ syncId: 'v', command: 'verify', content: { verifyKey, sessionKey: null, qq: 10001 } })
    await miraiBot.find(({ syncId }) => syncId === 'v')

    onebot.send(send('ws'))
    mirai.send(command('mah ws'))
    await onebotBot.send(send('reverse'))
    await miraiBot.send(command('mah reverse'))
    const body = JSON.stringify({ ...command('mah http').content, sessionKey })
    const overHttp = Promise.all([
      http(onebotPort, { path: '/send_group_msg', headers, body: JSON.stringify(send('http').params) }),
      http(miraiPort, { path: '/sendGroupMessage', body }),
    ])
    const asked = () => backend.frames.filter(({ action }) => action === 'send_group_msg')
    await until(() => asked().length === 6, 'all calls under way')
    started.signal('SIGTERM')
    await started.complains('SIGTERM: stopping')
    for (const [at, frame] of asked().entries()) backend.send(answerTo(frame, { message_id: 100 + at }))

    const done = { status: 'ok', retcode: 0 }
    expect(JSON.parse(await onebot.find((text) => text.includes('"echo":"ws"')))).toMatchObject(done)
    expect(JSON.parse(await mirai.find((text) => text.includes('mah ws')))).toMatchObject({ data: { code: 0 } })
    expect(await onebotBot.find(({ echo }) => echo === 'reverse')).toMatchObject(done)
    expect(await miraiBot.find(({ syncId }) => syncId === 'mah reverse')).toMatchObject({ data: { code: 0 } })
    const [post, mahPost] = await overHttp
    expect([JSON.parse(post.text), JSON.parse(mahPost.text)]).toMatchObject([done, { code: 0 }])
    expect([(await onebot.closed).code, (await mirai.closed).code]).toEqual([1001, 1001])
    expect((await started.ended).code).toBe(0)
    await until(() => onebotBot.codes.length === 1 && miraiBot.codes.length === 1, 'both farewells')
    expect([onebotBot.codes, miraiBot.codes]).toEqual([[1001], [1001]])
  },
)
