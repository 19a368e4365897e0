// Two bridges in a row, OneBot between them, over every way that there is: the outer one serves as if it had the world itself.
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { GroupId } from '../../src/core/ids.ts'
import { ConfigError, parseConfig } from '../../src/config.ts'
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { accessToken, startBridge, until, type RunningBridge } from '../support/bridge.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

type Ways = Record<string, (port: number) => Promise<[inner: RunningBridge, outer: RunningBridge]>>
const listen = '127.0.0.1:0'

async function inner(more: object = {}, port = 0): Promise<RunningBridge> {
  const onebot = { dialect: 'onebot11' as const, listen: `127.0.0.1:${port}`, accessToken, reportSelf: true, ...more }
  return startBridge({ inbounds: { onebot } })
}

async function outer(place: object): Promise<RunningBridge> {
  const back = { dialect: 'onebot11' as const, accessToken, ...place }
  return startBridge({ backends: { back } })
}

const ways: Ways = {
  async ws() {
    const first = await inner()
    return [first, await outer({ ws: `ws://127.0.0.1:${first.onebotPort}/bots/10001` })]
  },
  async 'reverse ws'() {
    const second = await outer({ listen })
    const url = `ws://127.0.0.1:${second.ports()['backends.back']}/`
    return [await inner({ reverse: [{ url, bot: 10001 }] }), second]
  },
  async 'http and sse'() {
    const first = await inner()
    return [first, await outer({ http: `http://127.0.0.1:${first.onebotPort}/bots/10001`, sse: true })]
  },
  async 'http and webhook'(port) {
    const second = await outer({ http: `http://127.0.0.1:${port}`, webhook: { listen, path: '/e', secret: 'signing' } })
    const url = `http://127.0.0.1:${second.ports()['backends.back']}/e`
    return [await inner({ webhooks: [{ url, secret: 'signing' }] }, port), second]
  },
}

test.each(Object.keys(ways))('%s: calls go in, events come out, echoes come back', async (name) => {
  const [first, second] = await (ways[name] as Ways[string])(await freePort())
  await using _first = first
  await using _second = second
  await until(() => second.bots()[0]?.online, 'the bot')
  const client = connect(`ws://127.0.0.1:${second.onebotPort}/?access_token=${accessToken}`)
  const events: Frame[] = []
  const answers: Frame[] = []
  client.socket.removeAllListeners('message').on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Frame
    if ('post_type' in frame) events.push(frame)
    else answers.push(frame)
  })
  await client.opened
  client.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'from afar' }, echo: { seq: 1 } })
  const sent = await until(() => answers[0], 'the answer')
  expect(sent).toMatchObject({ status: 'ok', echo: { seq: 1 } })
  client.send({ action: 'get_msg', params: { message_id: (sent['data'] as Frame)['message_id'] }, echo: 2 })
  expect(await until(() => answers[1], 'the message')).toMatchObject({
    data: { raw_message: 'from afar', user_id: 10001 },
  })
  first
    .world()
    .as(20001)
    .say({ kind: 'group', groupId: 30001 as GroupId }, 'hello')
  const event = await until(() => events.find(({ post_type }) => post_type === 'message'), 'the event')
  expect(event).toMatchObject({ raw_message: 'hello', group_id: 30001, user_id: 20001, self_id: 10001 })
  client.send({ action: '.handle_quick_operation', params: { context: event, operation: { reply: 'back' } }, echo: 3 })
  expect(await until(() => answers[2], 'the reply')).toMatchObject({ status: 'ok', echo: 3 })
  client.close()
})

test('a webhook that strangers could reach needs a real secret', () => {
  const back = { dialect: 'onebot11' as const, http: 'http://127.0.0.1:1', webhook: { listen: '0.0.0.0:9000' } }
  const parse = () => parseConfig({ backends: { back }, inbounds: {} })
  expect(parse).toThrow(ConfigError)
  expect(parse).toThrow(/backends\.back\.webhook\.secret/)
})
