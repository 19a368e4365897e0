// What a OneBot 11 bot must see and be able to say, the same before every backend: messages and forwards.
import { expect } from 'vitest'
import { friend, group, temp } from '../../src/world/index.ts'
import { until } from '../support/bridge.ts'
import type { Heard } from './bot-process.ts'
import type { Hop } from './onebot11-people.ts'
import { botId, bytesAt, captain, imageId, lastOf, nemo, picture, ship, testSteps, type Stage } from './stage.ts'

interface Message extends Heard {
  message_id: number
  time: number
  message: { type: string; data: Heard }[]
}

/** The message with this text, as the client understood it. */
async function hear({ bot }: Stage, text: string): Promise<Message> {
  const find = () => bot.events.find(({ raw_message: raw }) => typeof raw === 'string' && raw.includes(text))
  return (await until(find, text)) as Message
}

function api<T = unknown>({ bot }: Stage, name: string, params: object = {}): Promise<T> {
  return bot.call<T>('api', name, params)
}

export function describeTalk(stage: () => Stage, hop: Hop): void {
  testSteps(stage, {
    'is connected': isConnected,
    'hears a group message': (stage) => hearsGroup(stage, hop),
    'hears a quote and a picture': hearsQuoteAndPicture,
    'hears a friend and a stranger of a group': hearsPrivate,
    'answers in a group with quote, text, mention and picture': answersInGroup,
    'answers with what hangs on the event': answersQuickly,
    'answers a friend and a stranger of a group': answersPrivate,
    'finds messages by their ids, its own too': findsMessages,
    'recalls its own message': recallsOwn,
    'sends and reads forwards': forwards,
    'is told what it may not do': isRefused,
  })
}

async function isConnected(stage: Stage): Promise<void> {
  const connected = await stage.bot.heard({ post_type: 'meta_event' })
  expect(connected).toMatchObject({ meta_event_type: 'lifecycle', sub_type: 'connect', self_id: botId })
  // The first frame of the connection, right after the socket's own events.
  expect(stage.bot.events.find((event) => !('socket' in event))).toBe(connected)
  expect(await api(stage, 'get_login_info')).toEqual({ user_id: botId, nickname: '桥上机器人' })
  expect(await api(stage, 'get_status')).toMatchObject({ online: true, good: true })
  expect(await api(stage, 'get_version_info')).toEqual({
    app_name: 'onebot-mirai-bridge',
    app_version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    protocol_version: 'v11',
  })
}

async function hearsGroup(stage: Stage, { cardOf }: Hop): Promise<void> {
  const { world } = stage
  const text = '起航 [a]&b'
  const id = world.as(captain).say(group(ship), [
    { type: 'text', text },
    { type: 'mention', userId: botId as never },
    { type: 'face', id: 14 },
  ])
  const message = await hear(stage, text)
  expect(message).toMatchObject({
    self_id: botId,
    user_id: captain,
    time: world.state.messages.get(id)!.time,
    message_type: 'group',
    sub_type: 'normal',
    group_id: ship,
    group_name: '夜航船 #1',
    anonymous: null,
    message_format: 'array',
    post_type: 'message',
    sender: { user_id: captain, nickname: '老船长', card: cardOf('老船长'), role: 'owner', title: '舵手' },
    raw_message: `${text}[CQ:at,qq=${botId}][CQ:face,id=14]`,
  })
  expect(message.message).toEqual([
    { type: 'text', data: { text } },
    { type: 'at', data: { qq: String(botId) } },
    { type: 'face', data: { id: '14' } },
  ])
}

async function hearsQuoteAndPicture(stage: Stage): Promise<void> {
  const { world } = stage
  const first = world.as(captain).say(group(ship), 'to be quoted')
  const quoted = await hear(stage, 'to be quoted')
  world.as(nemo).say(
    group(ship),
    [
      { type: 'text', text: 'look' },
      { type: 'image', base64: picture },
    ],
    { quote: first },
  )
  const { message, sender } = await hear(stage, 'look')
  expect(sender).toMatchObject({ user_id: nemo, card: '尼莫,[a]&b', role: 'member' })
  expect(message).toEqual([
    { type: 'reply', data: { id: String(quoted.message_id) } },
    { type: 'text', data: { text: 'look' } },
    { type: 'image', data: { file: imageId, url: expect.any(String), file_size: '70', sub_type: 0 } },
  ])
  expect(await bytesAt(message[2]?.data['url'])).toBe(picture)
}

async function hearsPrivate(stage: Stage): Promise<void> {
  const { world } = stage
  world.as(captain).say(friend(botId), 'psst')
  expect(await hear(stage, 'psst')).toMatchObject({
    message_type: 'private',
    sub_type: 'friend',
    user_id: captain,
    sender: { user_id: captain, nickname: '老船长' },
    message: [{ type: 'text', data: { text: 'psst' } }],
  })
  world.as(nemo).say(temp(botId, ship), 'hello stranger')
  expect(await hear(stage, 'hello stranger')).toMatchObject({
    message_type: 'private',
    sub_type: 'group',
    user_id: nemo,
    sender: { user_id: nemo, group_id: ship },
  })
}

async function answersInGroup(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const question = world.as(captain).say(group(ship), 'where are we?')
  const heard = await hear(stage, 'where are we?')
  const sent = await bot.call('sendGroup', ship, [
    { type: 'reply', value: heard.message_id },
    { type: 'text', value: 'here, [mirai:atall] & ' },
    { type: 'at', value: captain },
    { type: 'image', value: picture },
  ])
  expect(sent).toMatchObject({ message_id: expect.any(Number) })
  const { segments } = lastOf(world, `g${ship}`)
  expect(segments).toEqual([
    { type: 'reply', messageId: question },
    { type: 'text', text: 'here, [mirai:atall] & ' },
    { type: 'mention', userId: captain },
    { type: 'image', id: imageId, url: expect.any(String), sizeBytes: 70, width: 1, height: 1 },
  ])
  expect(await bytesAt(segments[3] && 'url' in segments[3] && segments[3].url)).toBe(picture)
}

async function answersQuickly(stage: Stage): Promise<void> {
  const { world, bot } = stage
  world.as(captain).say(group(ship), 'quick!')
  const { message_id: id } = await hear(stage, 'quick!')
  await bot.call('quickReply', id, [{ type: 'text', value: 'aye' }])
  const { segments } = lastOf(world, `g${ship}`)
  expect(segments.at(-1)).toEqual({ type: 'text', text: 'aye' })
}

async function answersPrivate(stage: Stage): Promise<void> {
  const { world, bot } = stage
  await bot.call('sendPrivate', captain, [{ type: 'text', value: 'yes' }])
  expect(lastOf(world, `u${botId}-${captain}`).segments).toEqual([{ type: 'text', text: 'yes' }])
  const params = { user_id: nemo, group_id: ship, message: 'hello, [CQ:face,id=14]' }
  await api(stage, 'send_private_msg', params)
  expect(lastOf(world, `u${botId}-${nemo}`)).toMatchObject({
    chat: { groupId: ship },
    segments: [
      { type: 'text', text: 'hello, ' },
      { type: 'face', id: 14 },
    ],
  })
}

async function findsMessages(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const { message_id: id } = await bot.call<Message>('sendGroup', ship, [{ type: 'text', value: 'remember this' }])
  expect(await api(stage, 'get_msg', { message_id: id })).toMatchObject({
    message_id: id,
    real_id: id,
    message_type: 'group',
    group_id: ship,
    sender: { user_id: botId, nickname: '桥上机器人', card: '小桥', role: 'admin' },
    message: [{ type: 'text', data: { text: 'remember this' } }],
    raw_message: 'remember this',
    time: lastOf(world, `g${ship}`).time,
  })
  world.as(captain).say(group(ship), 'and this')
  const heard = await hear(stage, 'and this')
  const { message, sender } = await api<Message>(stage, 'get_msg', { message_id: heard.message_id })
  expect({ message, sender }).toEqual({ message: heard.message, sender: heard['sender'] })
}

async function recallsOwn(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const { message_id: id } = await bot.call<Message>('sendGroup', ship, [{ type: 'text', value: 'a mistake' }])
  const message = lastOf(world, `g${ship}`)
  expect(message.recalled).toBeUndefined()
  await api(stage, 'delete_msg', { message_id: id })
  expect(message).toMatchObject({ segments: [{ type: 'text', text: 'a mistake' }], recalled: { by: botId } })
}

async function forwards(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const { message_id: id } = await bot.call<Message>('sendGroup', ship, [{ type: 'text', value: 'said before' }])
  const parts = [
    { type: 'custom', value: 'made up' },
    { type: 'node', value: id },
  ]
  const sent = await bot.call<{ message_id: number; forward_id: string }>('forward', ship, parts)
  expect(sent).toMatchObject({ message_id: expect.any(Number), forward_id: expect.any(String) })
  expect(lastOf(world, `g${ship}`).segments).toMatchObject([
    {
      type: 'forward',
      nodes: [
        { senderId: captain, senderName: '老船长', segments: [{ type: 'text', text: 'made up' }] },
        { senderId: botId, senderName: '小桥', segments: [{ type: 'text', text: 'said before' }] },
      ],
    },
  ])
  for (const name of [sent.message_id, sent.forward_id]) {
    expect(await api(stage, 'get_forward_msg', { message_id: name })).toMatchObject({
      messages: [
        { sender: { user_id: captain, nickname: '老船长' }, message: [{ type: 'text', data: { text: 'made up' } }] },
        { sender: { user_id: botId }, message: [{ type: 'text', data: { text: 'said before' } }] },
      ],
    })
  }
}

async function isRefused(stage: Stage): Promise<void> {
  const failed = { status: 'failed', retcode: 1200, data: null, message: expect.any(String), echo: expect.any(String) }
  const message = 'hi'
  await expect(api(stage, 'send_group_msg', { group_id: 39999, message })).rejects.toMatchObject(failed)
  await expect(api(stage, 'send_private_msg', { user_id: 29999, message })).rejects.toMatchObject(failed)
  const ban = { group_id: ship, user_id: captain, duration: 60 }
  await expect(api(stage, 'set_group_ban', ban)).rejects.toMatchObject(failed)
  await expect(api(stage, 'get_msg', { message_id: 123456789 })).rejects.toMatchObject(failed)
  await expect(api(stage, 'send_group_msg', {})).rejects.toMatchObject({ ...failed, retcode: 1400 })
}
