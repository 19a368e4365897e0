// What stands alone in a QQ message, sent among other things: messages of its own, in order, whatever the direction.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { segments as segmentTable } from '../../../mappings/segments.ts'
import { lab, miraiOverOneBot, oneBotOverMah, type Asked, type Stage } from './stage.ts'

const stages = {} as { mirai: Stage; onebot11: Stage }
beforeAll(async () => {
  ;[stages.mirai, stages.onebot11] = await Promise.all([miraiOverOneBot(), oneBotOverMah()])
})
afterAll(async () => {
  await Promise.all([stages.mirai.close(), stages.onebot11.close()])
})

const plain = (text: string): object => ({ type: 'Plain', text })
const text = (value: string): object => ({ type: 'text', data: { text: value } })
const node = { senderId: 40004, time: 1_600_000_000, senderName: 'Mio', messageChain: [plain('one')] }
const song = { title: 't', summary: 's', jumpUrl: 'https://a.example/j', pictureUrl: '', musicUrl: '', brief: 'b' }
const clip = { videoId: 'v', fileMd5: '', fileSize: 0, fileFormat: 'mp4', filename: 'clip' }
const places = { videoUrl: 'https://a.example/v.mp4', thumbnailUrl: 'https://a.example/t.jpg' }

/** By canonical name, as a mirai client writes it; and the type that the OneBot backend reads, or the action. */
const elements: Readonly<Record<string, [element: object, wire: string]>> = {
  voice: [{ type: 'Voice', url: 'https://a.example/v.amr' }, 'record'],
  video: [{ type: 'ShortVideo', ...clip, ...places }, 'video'],
  forward: [{ type: 'Forward', nodeList: [node] }, 'send_group_forward_msg'],
  card: [{ type: 'App', content: '{"app":"a.b"}' }, 'json'],
  music: [{ type: 'MusicShare', kind: 'QQMusic', ...song }, 'music'],
  dice: [{ type: 'Dice', value: 3 }, 'dice'],
  rps: [{ type: 'MiraiCode', code: '[mirai:rps:rock]' }, 'rps'],
  poke: [{ type: 'Poke', name: 'BiXin' }, 'poke'],
}

/** By canonical name, as a OneBot client writes it; and the type of the element that the mah backend reads. */
const segments: Readonly<Record<string, [segment: object, element: string]>> = {
  voice: [{ type: 'record', data: { file: 'https://a.example/v.amr' } }, 'Voice'],
  video: [
    { type: 'video', data: { file: places.videoUrl, thumb: places.thumbnailUrl, name: 'clip.mp4' } },
    'ShortVideo',
  ],
  card: [{ type: 'json', data: { data: '{"app":"a.b"}' } }, 'App'],
  music: [{ type: 'music', data: { type: 'custom', url: 'https://a.example/j', title: 't' } }, 'MusicShare'],
  dice: [{ type: 'dice', data: { result: '4' } }, 'Dice'],
  rps: [{ type: 'rps', data: { result: '3' } }, 'MiraiCode'],
  poke: [{ type: 'poke', data: { type: '1', id: '-1' } }, 'Poke'],
  marketFace: [{ type: 'mface', data: { emoji_id: 'ab', emoji_package_id: 7, key: 'k', summary: '[x]' } }, 'Plain'],
}

const exclusive = Object.entries(segmentTable).flatMap(([name, row]) => ('exclusive' in row ? [name] : []))
/** What a client cannot put among other things. */
const notWritten: Readonly<Record<'mirai' | 'onebot11', Readonly<Record<string, string>>>> = {
  mirai: { file: 'mirai receives File only', marketFace: 'mirai receives MarketFace only' },
  onebot11: { forward: 'a message holds either nodes or none', file: 'a mah backend takes files of groups alone' },
}

function typesOf({ name, params }: Asked): unknown[] {
  const { message, messageChain } = params as { message?: object[]; messageChain?: object[] }
  const content = (message ?? messageChain ?? []) as { type: string }[]
  return content.length === 0 ? [name] : content.map(({ type }) => type)
}

test('every exclusive kind is here, or cannot be written', () => {
  for (const [dialect, table] of [['mirai', elements] as const, ['onebot11', segments] as const]) {
    expect([...Object.keys(table), ...Object.keys(notWritten[dialect])].toSorted()).toEqual(exclusive.toSorted())
  }
})

const traces = (count: number): unknown => Array.from({ length: count }, () => expect.stringMatching(/own/) as string)
const split = (losses: readonly string[]): string[] => losses.filter((loss) => loss.includes('a message of its own'))

describe('from a mirai client to a OneBot backend', () => {
  test.each(Object.entries(elements))('%s', async (_, [element, wire]) => {
    const { mirai } = stages
    const before = await mirai.ask('sendGroupMessage', { target: lab, messageChain: [plain('number')] })
    mirai.asked()
    mirai.traces()
    const answer = await mirai.ask('sendGroupMessage', { target: lab, messageChain: [plain('a'), element, plain('b')] })
    expect(mirai.asked().map(typesOf)).toEqual([['text'], [wire], ['text']])
    // The backend counts on by one: the answer names the first of the three.
    expect(answer).toEqual({ code: 0, msg: 'success', messageId: (before['messageId'] as number) + 1 })
    expect(split(mirai.traces())).toEqual(traces(2))
  })
})

describe('from a OneBot client to a mah backend', () => {
  test.each(Object.entries(segments))('%s', async (_, [segment, element]) => {
    const { onebot11 } = stages
    onebot11.asked()
    onebot11.traces()
    const message = [text('a'), segment, text('b')]
    const { data, status } = await onebot11.ask('send_group_msg', { group_id: lab, message })
    const asked = onebot11.asked()
    expect({ status, asked: asked.map(typesOf) }).toEqual({ status: 'ok', asked: [['Plain'], [element], ['Plain']] })
    expect(split(onebot11.traces())).toEqual(traces(2))
    // The id of the answer is that of the first: what it quotes is "a".
    const { message_id } = data as { message_id: number }
    const first = await onebot11.ask('get_msg', { message_id })
    expect(first['data']).toMatchObject({ message: [text('a')] })
  })
})
