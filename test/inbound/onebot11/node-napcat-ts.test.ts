// A client written by others, against the real listener.
import { NCWebsocket } from 'node-napcat-ts'
import { afterEach, expect, test, vi } from 'vitest'
import type { BridgeEvent } from '../../../src/core/event.ts'
import { startInbound } from './support.ts'

let running: Awaited<ReturnType<typeof startInbound>> | undefined
let client: NCWebsocket | undefined
afterEach(async () => {
  await client?.disconnect()
  await running?.stop()
})

function create(accessToken: string): NCWebsocket {
  client = new NCWebsocket({
    baseUrl: running?.ws ?? '',
    accessToken,
    reconnection: { enable: true, attempts: 3, delay: 20 },
  })
  return client
}

test('logs in, hears, answers and asks', async () => {
  running = await startInbound({ accessToken: 's3cret-token' }, (action) => {
    if (action.name === 'message.send') return { messageId: 5 }
    return action.name === 'bot.info' ? { userId: 10001, nickname: 'one' } : {}
  })
  const bot = create('s3cret-token')
  const lifecycle = vi.fn<() => void>()
  bot.on('meta_event.lifecycle.connect', lifecycle)
  const answered = new Promise((resolve) => {
    bot.on(
      'message.group.normal',
      (event) => void event.quick_action([{ type: 'text', data: { text: 'pong' } }]).then(resolve),
    )
  })
  await bot.connect()
  await vi.waitFor(() => expect(lifecycle).toHaveBeenCalled())
  expect(await bot.get_login_info()).toEqual({ user_id: 10001, nickname: 'one' })
  expect(await bot.send_private_msg({ user_id: 20001, message: [{ type: 'text', data: { text: 'hi' } }] })).toEqual({
    message_id: 5,
  })
  running.inbound.push({
    type: 'message',
    bot: 10001,
    time: 5,
    origin: 'received',
    message: {
      id: 5,
      peer: { kind: 'group', groupId: 30001 },
      time: 5,
      sender: { userId: 20001, nickname: 'n' },
      segments: [{ type: 'text', text: 'ping' }],
    },
  } as unknown as BridgeEvent)
  await answered
  expect(running.calls.at(-1)?.action.params).toEqual({
    peer: { kind: 'group', groupId: 30001 },
    segments: [
      { type: 'reply', messageId: 5 },
      { type: 'text', text: 'pong' },
    ],
  })
  await expect(bot.get_msg({ message_id: 0 })).rejects.toMatchObject({ status: 'failed', retcode: 1400 })
})

test('stops trying when its token is refused', async () => {
  running = await startInbound({ accessToken: 's3cret-token' })
  const bot = create('wrong')
  const refusal = new Promise((resolve) => {
    bot.on('socket.error', resolve)
  })
  void bot.connect()
  expect(await refusal).toMatchObject({
    error_type: 'response_error',
    info: { errno: 1403 },
    reconnection: { enable: false },
  })
})
