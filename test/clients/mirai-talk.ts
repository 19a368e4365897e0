// What a mirai bot must see and be able to say, the same before every backend: messages.
import { expect } from 'vitest'
import { friend, group, temp } from '../../src/world/index.ts'
import type { Segment } from '../../src/core/segment.ts'
import { until } from '../support/bridge.ts'
import type { Heard } from './bot-process.ts'
import {
  botId,
  bytesAt,
  captain,
  imageId,
  lastOf,
  memberIn,
  nemo,
  picture,
  ship,
  testSteps,
  type Stage,
} from './stage.ts'

type Chain = [{ type: 'Source'; id: number; time: number }, ...Heard[]]

interface Message extends Heard {
  messageChain: Chain
  sender: Heard
}

interface Sent {
  code: number
  msg: string
  messageId: number
}

/** The message that says this text, as the client understood it. */
async function hear({ bot }: Stage, type: string, text: string): Promise<Message> {
  const says = ({ messageChain }: Message): boolean => messageChain.some((element: Heard) => element['text'] === text)
  const find = () => bot.events.find((event) => event['type'] === type && says(event as Message))
  return (await until(find, `${type} ${text}`)) as Message
}

/** `uploads`: whether the client has a way to upload, which a WebSocket alone is not. */
export function describeTalk(stage: () => Stage, uploads: boolean): void {
  testSteps(stage, {
    'hears a group message': hearsGroup,
    'hears a quote and a picture': hearsQuoteAndPicture,
    'hears a friend and a stranger of a group': hearsPrivate,
    'answers in a group with text, mention, picture and quote': answersInGroup,
    'answers a friend and a stranger of a group': answersPrivate,
    ...(uploads && { 'sends a picture that it uploaded': sendsUploaded }),
    'finds messages by their ids, its own too': findsMessages,
    'recalls its own message': recallsOwn,
    'is told what it may not do': isRefused,
  })
}

async function hearsGroup(stage: Stage): Promise<void> {
  const { world } = stage
  const text = '起航 [CQ:at,qq=all] &amp; [mirai:atall]'
  const id = world.as(captain).say(group(ship), [
    { type: 'text', text },
    { type: 'mention', userId: botId as never },
    { type: 'face', id: 14 },
  ])
  const message = await hear(stage, 'GroupMessage', text)
  const { time } = world.state.messages.get(id)!
  const { joinTime } = memberIn(world, ship, captain)!
  expect(message).toMatchObject({
    type: 'GroupMessage',
    sender: {
      id: captain,
      memberName: '老船长',
      specialTitle: '舵手',
      permission: 'OWNER',
      joinTimestamp: joinTime,
      lastSpeakTimestamp: time,
      muteTimeRemaining: 0,
      group: { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
    },
  })
  expect(message.messageChain).toEqual([
    { type: 'Source', id: expect.any(Number), time },
    { type: 'Plain', text },
    { type: 'At', target: botId, display: '' },
    { type: 'Face', faceId: 14, name: '微笑', isSuperFace: false },
  ])
}

async function hearsQuoteAndPicture(stage: Stage): Promise<void> {
  const { world } = stage
  const first = world.as(captain).say(group(ship), 'to be quoted')
  const quoted = await hear(stage, 'GroupMessage', 'to be quoted')
  const content: Segment[] = [
    { type: 'text', text: 'look' },
    { type: 'image', base64: picture },
  ]
  world.as(nemo).say(group(ship), content, { quote: first })
  const { messageChain, sender } = await hear(stage, 'GroupMessage', 'look')
  expect(sender).toMatchObject({ id: nemo, memberName: '尼莫,[a]&b', permission: 'MEMBER' })
  expect(messageChain.slice(1, 3)).toEqual([
    {
      type: 'Quote',
      id: quoted.messageChain[0].id,
      groupId: ship,
      senderId: captain,
      targetId: ship,
      origin: [{ type: 'Plain', text: 'to be quoted' }],
    },
    { type: 'Plain', text: 'look' },
  ])
  const image = messageChain[3] as unknown as { type: string; imageId: string; url: string }
  expect(image).toMatchObject({ type: 'Image', imageId: expect.stringMatching(/^\{[0-9A-F-]{36}\}\.png$/) })
  expect(await bytesAt(image.url)).toBe(picture)
}

async function hearsPrivate(stage: Stage): Promise<void> {
  const { world } = stage
  world.as(captain).say(friend(botId), 'psst')
  const message = await hear(stage, 'FriendMessage', 'psst')
  expect(message.sender).toEqual({ id: captain, nickname: '老船长', remark: '船长[备注],&1' })
  expect(message.messageChain.slice(1)).toEqual([{ type: 'Plain', text: 'psst' }])
  world.as(nemo).say(temp(botId, ship), 'hello stranger')
  expect((await hear(stage, 'TempMessage', 'hello stranger')).sender).toMatchObject({
    id: nemo,
    memberName: '尼莫,[a]&b',
    group: { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
  })
}

async function answersInGroup(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const question = world.as(captain).say(group(ship), 'where are we?')
  const heard = await hear(stage, 'GroupMessage', 'where are we?')
  const sent = await bot.call<Sent>('quoteReply', heard.messageChain[0].id, [
    { type: 'Plain', text: 'here, [CQ:face,id=1] & ' },
    { type: 'At', target: captain },
    { type: 'Image', base64: picture },
  ])
  expect(sent).toMatchObject({ code: 0, msg: 'success', messageId: expect.any(Number) })
  const { segments } = lastOf(world, `g${ship}`)
  expect(segments).toEqual([
    { type: 'reply', messageId: question },
    { type: 'text', text: 'here, [CQ:face,id=1] & ' },
    { type: 'mention', userId: captain },
    { type: 'image', id: imageId, url: expect.any(String), sizeBytes: 70, width: 1, height: 1 },
  ])
  expect(await bytesAt(segments[3] && 'url' in segments[3] && segments[3].url)).toBe(picture)
}

async function answersPrivate(stage: Stage): Promise<void> {
  const { world, bot } = stage
  world.as(captain).say(friend(botId), 'are you there?')
  const heard = await hear(stage, 'FriendMessage', 'are you there?')
  const chain = [{ type: 'Plain', text: 'yes' }]
  expect(await bot.call('sendFriend', captain, chain, heard.messageChain[0].id)).toMatchObject({ code: 0 })
  const question = world.state.conversations.get(`u${botId}-${captain}`)?.at(-2)?.id
  expect(lastOf(world, `u${botId}-${captain}`).segments).toEqual([
    { type: 'reply', messageId: question },
    { type: 'text', text: 'yes' },
  ])
  expect(await bot.call('sendTemp', nemo, ship, [{ type: 'Plain', text: 'hello, Nemo' }])).toMatchObject({ code: 0 })
  const last = lastOf(world, `u${botId}-${nemo}`)
  expect(last).toMatchObject({ chat: { groupId: ship }, segments: [{ type: 'text', text: 'hello, Nemo' }] })
}

async function sendsUploaded({ world, bot }: Stage): Promise<void> {
  const uploaded = await bot.call<{ imageId: string; url: string }>('uploadImage', 'group', picture)
  expect(uploaded).toMatchObject({ imageId: expect.stringMatching(/^\{[0-9A-F-]{36}\}\.png$/) })
  expect(await bytesAt(uploaded.url)).toBe(picture)
  expect(await bot.call('sendGroup', ship, [{ type: 'Image', ...uploaded }])).toMatchObject({ code: 0 })
  const { segments } = lastOf(world, `g${ship}`)
  expect(segments).toMatchObject([{ type: 'image', id: imageId }])
  expect(await bytesAt(segments[0] && 'url' in segments[0] && segments[0].url)).toBe(picture)
}

async function findsMessages(stage: Stage): Promise<void> {
  const { world, bot } = stage
  const chain = [{ type: 'Plain', text: 'remember this' }]
  const { messageId } = await bot.call<Sent>('sendGroup', ship, chain)
  const { time } = lastOf(world, `g${ship}`)
  const own = await bot.call<Message>('messageFromId', messageId, ship)
  expect(own.messageChain).toEqual([{ type: 'Source', id: messageId, time }, ...chain])
  expect(own.sender).toMatchObject({ id: botId, memberName: '小桥' })
  world.as(captain).say(group(ship), 'and this')
  const heard = await hear(stage, 'GroupMessage', 'and this')
  const found = await bot.call<Message>('messageFromId', heard.messageChain[0].id, ship)
  expect(found).toMatchObject({ type: 'GroupMessage', messageChain: heard.messageChain, sender: { id: captain } })
}

async function recallsOwn({ world, bot }: Stage): Promise<void> {
  const { messageId } = await bot.call<Sent>('sendGroup', ship, [{ type: 'Plain', text: 'a mistake' }])
  const message = lastOf(world, `g${ship}`)
  expect(message.recalled).toBeUndefined()
  expect(await bot.call('recall', messageId, ship)).toMatchObject({ code: 0, msg: 'success' })
  expect(message).toMatchObject({ segments: [{ type: 'text', text: 'a mistake' }], recalled: { by: botId } })
}

async function isRefused({ bot }: Stage): Promise<void> {
  const chain = [{ type: 'Plain', text: 'hi' }]
  expect(await bot.call('sendGroup', 39999, chain)).toMatchObject({ code: 5 })
  expect(await bot.call('sendFriend', 29999, chain)).toMatchObject({ code: 5 })
  expect(await bot.call('mute', ship, captain, 60)).toMatchObject({ code: 10 })
  expect(await bot.call('recall', 123456789, ship)).toMatchObject({ code: 5 })
}
