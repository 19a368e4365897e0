// A OneBot client over a real socket, the whole bridge, and the embedded world behind it.
import { expect, test } from 'vitest'
import { accessToken, startBridge } from '../../support/bridge.ts'
import { connect, type Frame } from './support.ts'

const group = 30001
const friend = 20001

async function start() {
  const bridge = await startBridge()
  const client = connect(`ws://127.0.0.1:${bridge.onebotPort}/?access_token=${accessToken}`)
  expect(await client.next()).toMatchObject({ self_id: 10001, meta_event_type: 'lifecycle' })
  const events: Frame[] = []
  let calls = 0
  return {
    bridge,
    events,
    async call(action: string, params: object = {}): Promise<Frame> {
      const echo = `call ${calls++}`
      client.send({ action, params, echo })
      for (;;) {
        const frame = await client.next()
        if (frame['echo'] === echo) return frame
        events.push(frame)
      }
    },
    async event(): Promise<Frame> {
      return events.shift() ?? (await client.next())
    },
    async [Symbol.asyncDispose]() {
      client.close()
      await bridge.stop()
    },
  }
}

const dataOf = (answer: Frame): Frame => {
  expect(answer).toMatchObject({ status: 'ok', retcode: 0 })
  return answer['data'] as Frame
}

test('what is sent can be read, quoted, sent again and recalled', async () => {
  await using bot = await start()
  const sent = dataOf(
    await bot.call('send_private_msg', { user_id: `${friend}`, message: '[CQ:image,file=base64://iVBORw0KGgo=]' }),
  )
  const read = dataOf(await bot.call('get_msg', { message_id: sent['message_id'] }))
  expect(read).toMatchObject({
    message_id: sent['message_id'],
    user_id: 10001,
    sub_type: 'friend',
    post_type: 'message_sent',
  })
  const again = dataOf(await bot.call('send_private_msg', { user_id: friend, message: read['message'] }))
  const copy = dataOf(await bot.call('get_msg', { message_id: again['message_id'] }))
  expect(copy['message']).toMatchObject([
    { type: 'image', data: { file: (read['message'] as { data: Frame }[])[0]?.data['file'] } },
  ])
  const reply = dataOf(
    await bot.call('send_msg', {
      user_id: friend,
      message: [
        { type: 'reply', data: { id: sent['message_id'] } },
        { type: 'text', data: { text: 'a' } },
      ],
    }),
  )
  const quoting = dataOf(await bot.call('get_msg', { message_id: reply['message_id'] }))
  expect(quoting['message']).toEqual([
    { type: 'reply', data: { id: String(sent['message_id'] as number) } },
    { type: 'text', data: { text: 'a' } },
  ])
  expect(await bot.call('delete_msg', { message_id: sent['message_id'] })).toMatchObject({ status: 'ok', data: null })
})

test('a message that comes in is answered through a quick operation', async () => {
  await using bot = await start()
  const member = bot.bridge.world().as(friend)
  member.say({ kind: 'group', groupId: group as never }, 'ping [1],&')
  const event = await bot.event()
  expect(event).toMatchObject({
    post_type: 'message',
    message_type: 'group',
    group_id: group,
    user_id: friend,
    raw_message: 'ping &#91;1&#93;,&amp;',
    sender: { role: 'owner', nickname: '老船长' },
    anonymous: null,
  })
  dataOf(await bot.call('.handle_quick_operation', { context: event, operation: { reply: 'pong', at_sender: true } }))
  const history = dataOf(await bot.call('get_group_msg_history', { group_id: group, count: 1 }))
  expect(history['messages']).toMatchObject([
    {
      user_id: 10001,
      message: [
        { type: 'reply', data: { id: String(event['message_id'] as number) } },
        { type: 'at', data: { qq: String(friend) } },
        { type: 'text' },
        { type: 'text' },
      ],
    },
  ])
})

test('a forward is found again by each of its ids', async () => {
  await using bot = await start()
  const messages = [
    { type: 'node', data: { user_id: friend, nickname: 'n', content: 'one' } },
    { type: 'node', data: { uin: `${friend}`, name: 'n', content: [{ type: 'text', data: { text: 'two' } }] } },
  ]
  const sent = dataOf(await bot.call('send_group_forward_msg', { group_id: group, messages }))
  for (const params of [{ id: sent['forward_id'] }, { message_id: sent['message_id'] }]) {
    expect(dataOf(await bot.call('get_forward_msg', params))['messages']).toMatchObject([
      { sender: { user_id: friend, nickname: 'n' }, raw_message: 'one' },
      { sender: { user_id: friend, nickname: 'n' }, raw_message: 'two' },
    ])
  }
})

test('failures say what is wrong and keep the echo', async () => {
  await using bot = await start()
  expect(await bot.call('get_msg', { message_id: 123 })).toMatchObject({ status: 'failed', retcode: 1200, data: null })
  expect(await bot.call('send_msg', { message: 'a' })).toMatchObject({ status: 'failed', retcode: 1400 })
  expect(await bot.call('nope')).toMatchObject({ status: 'failed', retcode: 1404 })
  expect(await bot.call('get_cookies')).toMatchObject({ status: 'failed', retcode: 1200 })
  const path = { group_id: group, message: [{ type: 'image', data: { file: 'file:///etc/hostname' } }] }
  expect(await bot.call('send_group_msg', path)).toMatchObject({ status: 'failed', retcode: 1400 })
})
