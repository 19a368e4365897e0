// The kit for authors of bots, as they use it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { friend, group, startTestBridge, type TestBridge, worldMatchers } from '../src/testing.ts'

let bridge: TestBridge
let socket: WebSocket

/** The bot under test: answers ping with pong where it was asked. */
async function startBot({ onebot }: TestBridge): Promise<WebSocket> {
  const client = new WebSocket(onebot.wsUrl, { headers: { authorization: `Bearer ${onebot.accessToken}` } })
  client.on('message', (data: Buffer) => {
    const { raw_message: text, ...where } = JSON.parse(data.toString()) as Record<string, unknown>
    if (text !== 'ping') return
    const { message_type, group_id, user_id } = where
    client.send(JSON.stringify({ action: 'send_msg', params: { message_type, group_id, user_id, message: 'pong' } }))
  })
  await new Promise((resolve) => client.once('open', resolve))
  return client
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toHaveSaid(text: string | RegExp): R
    toHaveHappened(part: Record<string, unknown>): R
  }
}
expect.extend(worldMatchers)

beforeAll(async () => {
  bridge = await startTestBridge()
  socket = await startBot(bridge)
})
afterAll(async () => {
  socket.terminate()
  await bridge.stop()
})
beforeEach(() => bridge.reset())

describe('a bot', () => {
  test('answers in the group, and in private', async () => {
    bridge.world.as(20001).say(group(30001), 'ping')
    expect(await bridge.reply({ group: 30001 })).toBe('pong')
    bridge.world.as(20003).say(friend(bridge.bot), 'ping')
    expect(await bridge.reply({ user: 20003 })).toBe('pong')
  })

  test('says nothing to others: what did not happen is told', async () => {
    bridge.act({
      kind: 'message',
      chat: 'group',
      group: 30001,
      sender: 20001,
      segments: [{ type: 'text', text: 'hello' }],
    })
    await bridge.quiet(50)
    await expect(bridge.expect({ type: 'message', text: /pong/ }, { timeoutMs: 50 })).rejects.toThrow(
      '- text: expected /pong/, got "hello"',
    )
    await expect(bridge.reply({ group: 30001, timeoutMs: 20 })).rejects.toMatchObject({
      stack: expect.stringContaining('testing.test.ts') as string,
      kind: 'timeout',
      message: expect.stringContaining('- message.senderId: expected 10001, got 20001') as string,
    })
  })

  test('matchers', async () => {
    bridge.world.as(20001).say(group(30001), 'ping')
    await bridge.expect((happening) => happening.type === 'message' && happening.text === 'pong')
    expect(bridge).toHaveSaid('pong')
    expect(bridge).not.toHaveHappened({ type: 'nudge' })
    expect(worldMatchers.toHaveSaid(bridge, /^no/).message()).toMatch(
      /^the bot did not say \/\^no\/; it said: \["pong"/,
    )
    expect(worldMatchers.toHaveHappened(bridge, { type: 'message', text: 'ping' }).pass).toBe(true)
    expect(worldMatchers.toHaveHappened(bridge, { type: 'nudge' }).message()).toContain('did not happen')
  })

  test('a world of its own, both servers, gone at the end', async () => {
    const world = { accounts: [{ id: 7, bot: true, nickname: 'seven' }] }
    await using own = await startTestBridge({ world })
    expect(own.bot).toBe(7)
    const response = await fetch(`${own.mirai.url}/about`)
    expect(await response.json()).toMatchObject({ code: 0 })
    await expect(startTestBridge({ world: { accounts: [{ id: 1, nickname: 'no bot' }] } })).rejects.toThrow(
      '"bot": true',
    )
  })
})
