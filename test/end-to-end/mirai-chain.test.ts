// A mirai client gets the same answers and events from a bridge, and from three of them with OneBot and mirai in between.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { events as eventTable } from '../../mappings/events.ts'
import { segments as segmentTable } from '../../mappings/segments.ts'
import type { Segment } from '../../src/core/segment.ts'
import { chained, direct, type Road } from './mirai-chain.ts'
import { content, happenings, notCarried } from './mirai-happenings.ts'
import { bot, ship } from './seed-world.ts'

const [captain, nemo, bob, mate] = [20001, 20002, 20003, 20005]
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
const plain = (text: string) => [{ type: 'Plain', text }]

/** What earlier answers of the same road said. */
type Known = Map<string, unknown>

interface Step {
  command: string
  sub?: 'get' | 'update'
  content?: object | ((known: Known) => object)
  /** The code of the answer. Default 0. */
  code?: number
  /** Where something of the answer is kept for later steps. */
  keep?: [name: string, of: (answer: Answer) => unknown]
  /** Members of the answer that the long way loses; see `reasons`. */
  loses?: (keyof typeof reasons)[]
}

const reasons = {
  email: 'OneBot has no e-mail address of an account',
  width: 'segments of OneBot have no size in pixels',
  height: 'segments of OneBot have no size in pixels',
  md5: 'files of OneBot have no hashes',
  imageId: 'what went out by its address has no other name yet',
  imageType: 'what went out by its address has no other name yet',
  voiceId: 'what went out by its address has no other name yet',
  videoId: 'what went out by its address has no other name yet',
  fileMd5: 'what went out by its address has no other name yet',
  sha1: 'files of OneBot have no hashes',
}

interface Answer {
  code?: number
  messageId?: number
  data?: { fid?: string }
}

const video = {
  ...{ type: 'ShortVideo', videoId: 'v', fileMd5: '', fileSize: 0, fileFormat: 'mp4', filename: 'clip' },
  ...{ videoUrl: 'https://a.example/v.mp4', thumbnailUrl: 'https://a.example/t.jpg' },
}

/** By the canonical name of what is in it where that is one of the exact ones. */
const sends: Record<string, object[]> = {
  text: plain('你好 & [1]'),
  mentions: [{ type: 'At', target: captain }, { type: 'Plain', text: ' ahoy ' }, { type: 'AtAll' }],
  faces: [
    { type: 'Face', faceId: 14 },
    { type: 'Plain', text: 'x' },
  ],
  picture: [
    { type: 'Plain', text: 'look' },
    { type: 'Image', base64: picture },
  ],
  sticker: [{ type: 'Image', url: 'https://a.example/s.gif', isEmoji: true }],
  flash: [{ type: 'FlashImage', url: 'https://a.example/f.jpg' }],
  voice: [{ type: 'Voice', url: 'https://a.example/v.amr' }],
  video: [video],
  large: [{ type: 'Face', faceId: 5, isSuperFace: true }],
  json: [{ type: 'Json', json: '{"a":1}' }],
  code: [{ type: 'MiraiCode', code: 'a\\[b[mirai:at:20001][mirai:face:14]' }],
  app: [{ type: 'App', content: '{"app":"a.b","desc":"d"}' }],
  xml: [{ type: 'Xml', xml: '<msg a="1"/>' }],
  dice: [{ type: 'Dice', value: 3 }],
  poke: [{ type: 'Poke', name: 'BiXin' }],
  music: [
    {
      type: 'MusicShare',
      kind: 'QQMusic',
      title: 't',
      summary: 's',
      jumpUrl: 'https://a.example/j',
      pictureUrl: 'https://a.example/p',
      musicUrl: 'https://a.example/m',
      brief: 'b',
    },
  ],
  forward: [
    {
      type: 'Forward',
      nodeList: [{ senderId: captain, time: 1700000000, senderName: 'C', messageChain: plain('one') }],
    },
  ],
}

const losses: Record<string, (keyof typeof reasons)[]> = {
  picture: ['width', 'height'],
  sticker: ['imageId', 'imageType'],
  flash: ['imageId', 'imageType'],
  voice: ['voiceId'],
  video: ['videoId', 'fileMd5'],
}

const steps: Step[] = [
  { command: 'about' },
  { command: 'botList' },
  { command: 'sessionInfo' },
  { command: 'friendList' },
  { command: 'groupList' },
  { command: 'memberList', content: { target: ship } },
  { command: 'latestMemberList', content: { target: ship, memberIds: [captain] } },
  { command: 'botProfile', loses: ['email'] },
  { command: 'friendProfile', content: { target: captain } },
  { command: 'memberProfile', content: { target: ship, memberId: nemo } },
  { command: 'userProfile', content: { target: nemo } },
  { command: 'groupConfig', sub: 'get', content: { target: ship } },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: captain } },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: 999 }, code: 5 },
  ...Object.entries(sends).flatMap(([name, messageChain]): Step[] => [
    {
      command: 'sendGroupMessage',
      content: { target: ship, messageChain },
      keep: [name, ({ messageId }) => messageId],
    },
    {
      command: 'messageFromId',
      content: (known) => ({ target: ship, messageId: known.get(name) }),
      ...(losses[name] && { loses: losses[name] }),
    },
  ]),
  {
    command: 'sendGroupMessage',
    content: (known) => ({ target: ship, quote: known.get('text'), messageChain: plain('quoted') }),
    keep: ['reply', ({ messageId }) => messageId],
  },
  { command: 'messageFromId', content: (known) => ({ target: ship, messageId: known.get('reply') }) },
  { command: 'sendFriendMessage', content: { target: captain, messageChain: plain('hi') } },
  { command: 'sendFriendMessage', content: { target: 999, messageChain: plain('hi') }, code: 5 },
  { command: 'sendGroupMessage', content: { target: 999, messageChain: plain('hi') }, code: 5 },
  { command: 'sendGroupMessage', content: { target: ship, messageChain: [] }, code: 500 },
  { command: 'sendTempMessage', content: { qq: nemo, group: ship, messageChain: plain('psst') } },
  { command: 'sendNudge', content: { target: captain, subject: ship, kind: 'Group' } },
  { command: 'setEssence', content: (known) => ({ target: ship, messageId: known.get('text') }) },
  { command: 'recall', content: (known) => ({ target: ship, messageId: known.get('faces') }) },
  { command: 'recall', content: { target: ship, messageId: 123456789 }, code: 5 },
  { command: 'messageFromId', content: { target: ship, messageId: 123456789 }, code: 5 },
  { command: 'mute', content: { target: ship, memberId: nemo, time: 600 } },
  { command: 'unmute', content: { target: ship, memberId: nemo } },
  { command: 'mute', content: { target: ship, memberId: nemo, time: 0 }, code: 500 },
  { command: 'muteAll', content: { target: ship } },
  { command: 'unmuteAll', content: { target: ship } },
  {
    command: 'memberInfo',
    sub: 'update',
    content: { target: ship, memberId: nemo, info: { name: 'fish', specialTitle: 'T' } },
  },
  { command: 'memberInfo', sub: 'get', content: { target: ship, memberId: nemo } },
  { command: 'memberAdmin', content: { target: ship, memberId: mate, assign: true } },
  { command: 'groupConfig', sub: 'update', content: { target: ship, config: { name: 'renamed' } } },
  { command: 'groupConfig', sub: 'get', content: { target: ship } },
  { command: 'file_list', content: { target: ship, id: '' }, loses: ['md5', 'sha1'] },
  { command: 'file_list', content: { target: ship, path: '/one' }, loses: ['md5', 'sha1'] },
  { command: 'file_info', content: { target: ship, id: '/f1' }, loses: ['md5', 'sha1'] },
  { command: 'file_mkdir', content: { target: ship, id: '', directoryName: 'three' } },
  { command: 'file_move', content: { target: ship, id: '/f1', moveToPath: '/three' } },
  { command: 'file_rename', content: { target: ship, id: '/f1', renameTo: 'new.txt' } },
  { command: 'file_list', content: { target: ship, path: '/three' }, loses: ['md5', 'sha1'] },
  { command: 'file_delete', content: { target: ship, id: '/f1' } },
  { command: 'file_info', content: { target: ship, id: '/f1' }, code: 5 },
  { command: 'anno_list', content: { id: ship } },
  { command: 'anno_publish', content: { target: ship, content: 'news' }, keep: ['fid', ({ data }) => data?.fid] },
  { command: 'anno_delete', content: (known) => ({ id: ship, fid: known.get('fid') }) },
  { command: 'cmd_register', content: { name: 'login', alias: ['lg'] } },
  { command: 'cmd_execute', content: { command: [{ type: 'Plain', text: 'nothing' }] }, code: 400 },
  { command: 'kick', content: { target: ship, memberId: nemo, msg: 'bye' } },
  { command: 'memberList', content: { target: ship } },
  { command: 'deleteFriend', content: { target: bob } },
  { command: 'friendList' },
  { command: 'noSuchCommand', code: 6 },
]

/** Ids, ports, keys and the present differ between any two runs. */
function normal(answer: unknown): unknown {
  const now = Date.now() / 1000
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (typeof value === 'number' && Math.abs(value - now) < 3600) return 'now'
    if (name === 'eventId' || name === 'messageId' || name === 'sessionKey' || name === 'fid')
      return value === null ? null : name
    if (name === 'id' && typeof value === 'number' && Math.abs(value) > 1_000_000) return 'id'
    return value
  })
  return JSON.parse(
    text
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
      .replaceAll(/\/[0-9a-f]{32}\b/g, '/FOLDER')
      .replaceAll(/ \(trace [^)]*\)/g, ''),
  )
}

const roads = {} as { direct: Road; chained: Road }
const known = { direct: new Map<string, unknown>(), chained: new Map<string, unknown>() }
beforeAll(async () => {
  roads.direct = await direct()
  roads.chained = await chained()
})
afterAll(async () => {
  await roads.direct.close()
  await roads.chained.close()
})

async function walk(which: 'direct' | 'chained', { command, sub, content, keep }: Step): Promise<unknown> {
  const mine = known[which]
  const answer = await roads[which].ask(command, typeof content === 'function' ? content(mine) : content, sub)
  if (keep) mine.set(keep[0], keep[1](answer as Answer))
  return normal(answer)
}

/** Without these members, which must be there. */
function without(answer: unknown, members: readonly string[]): unknown {
  const seen = new Set<string>()
  const text = JSON.stringify(answer, (name, value: unknown) => {
    if (!members.includes(name)) return value
    seen.add(name)
    return undefined
  })
  expect([...seen].toSorted()).toEqual([...members].toSorted())
  return JSON.parse(text)
}

describe('commands are answered alike', () => {
  test.each(steps.map((step, at) => [`${at} ${step.command} ${step.sub ?? ''}`, step] as const))(
    '%s',
    async (_, step) => {
      const { code = 0, loses = [] } = step
      const wanted = await walk('direct', step)
      const given = await walk('chained', step)
      expect((wanted as Answer).code ?? 0).toBe(code)
      if (loses.length > 0) expect(given).not.toEqual(wanted)
      expect(without(given, loses)).toEqual(without(wanted, loses))
      if (code === 0 && step.command.startsWith('send')) expect(arrived('chained')).toEqual(arrived('direct'))
    },
  )
})

/** What the last message holds that the bot said in the group, in the words of the world. */
function arrived(which: 'direct' | 'chained'): unknown {
  const said = roads[which].world.state.conversations.get(`g${ship}`)?.findLast(({ senderId }) => senderId === bot)
  return normal(said?.segments.map(bare))
}

/** Without numbers that each world makes anew, names that follow from ids, and the line for which OneBot's songs have no room. */
function bare(segment: Segment): object {
  switch (segment.type) {
    case 'reply':
      return { ...segment, messageId: 0 }
    case 'face':
      return { ...segment, name: undefined }
    case 'forward':
      return { ...segment, id: undefined }
    case 'music':
      return { ...segment, brief: undefined }
    default:
      return segment
  }
}

test('every kind of event is here, or cannot come', () => {
  const all = new Set<string>(Object.values(eventTable).flatMap(({ mirai }): readonly string[] => mirai.names))
  all.delete('(any)')
  const here = new Set([...happenings.flatMap(({ types }) => types), ...Object.keys(notCarried)])
  expect([...all].filter((type) => !here.has(type))).toEqual([])
})

test('every kind of content that both dialects carry whole is here', () => {
  const exact = Object.entries<Record<'onebot11' | 'mirai', { send: string; event: string }>>(segmentTable)
    .filter(([, { onebot11, mirai }]) => onebot11.event === 'exact' && mirai.event === 'exact')
    .map(([name]) => name)
  expect(exact.filter((name) => !Object.hasOwn(content, name) && name !== 'reply')).toEqual([])
})

describe('events arrive alike', () => {
  beforeAll(() => {
    // What the commands before brought about was compared by their answers.
    for (const road of Object.values(roads)) road.forget()
  })

  test.each(happenings.map((one) => [one.name, one] as const))('%s', async (_, { happens, types, loses = [] }) => {
    const heard = {} as Record<'direct' | 'chained', unknown[]>
    for (const way of ['direct', 'chained'] as const) {
      happens(roads[way].world)
      heard[way] = []
      for (const _type of types) heard[way].push(normal(await roads[way].hear()))
    }
    expect(heard.direct.map((event) => (event as { type: string }).type)).toEqual(types)
    expect(without(heard.chained, loses)).toEqual(without(heard.direct, loses))
  })
})
