import { describe, expect, test } from 'vitest'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import type { Segment } from '../../src/core/segment.ts'
import { prepareSegments, type Target } from '../../src/translate/prepare.ts'
import { splitExclusive } from '../../src/translate/split.ts'

const text = (value: string): Segment => ({ type: 'text', text: value })
const voice: Segment = { type: 'voice', url: 'https://v.example/1' }
const reply: Segment = { type: 'reply', messageId: 5 as MessageId }
const image: Segment = { type: 'image', url: 'https://i.example/1' }
const toMirai: Target = { dialect: 'mirai', way: 'send', peer: { kind: 'group', groupId: 1 as GroupId } }

describe('prepareSegments', () => {
  test('content that fits comes back as the same list', () => {
    const segments = [reply, text('hi'), { type: 'mention', userId: 7 as UserId } as const, image]
    const prepared = prepareSegments(segments, toMirai)
    expect(prepared.segments).toBe(segments)
    expect(prepared.losses).toEqual([])
  })

  test('what mirai lacks becomes text with a loss', () => {
    const location: Segment = { type: 'location', lat: 39.9, lon: 116.3, title: '天安门' }
    expect(prepareSegments([text('a'), location], toMirai)).toEqual({
      segments: [text('a'), text('[位置] 天安门 (39.9,116.3)')],
      losses: [{ what: 'location', fidelity: 'asText', reason: 'mirai has no location' }],
    })
  })

  test('what cannot be sent is refused alone and left out beside other content', () => {
    const file: Segment = { type: 'file', url: 'https://f.example/a', name: 'a' }
    expect(() => prepareSegments([file], toMirai)).toThrow(expect.objectContaining({ kind: 'notSupported' }))
    expect(() => prepareSegments([reply, file], toMirai)).toThrow(expect.objectContaining({ kind: 'notSupported' }))
    const { segments, losses } = prepareSegments([text('a'), file], toMirai)
    expect(segments).toEqual([text('a')])
    expect(losses).toMatchObject([{ what: 'file', fidelity: 'refused' }])
  })

  test('mentions become text in private chats', () => {
    const peer = { kind: 'friend', userId: 1 as UserId } as const
    const mention: Segment = { type: 'mention', userId: 7 as UserId, name: 'bob' }
    expect(prepareSegments([mention], { ...toMirai, peer }).segments).toEqual([text('@bob')])
  })

  test('unknown segments pass between equal dialects and are shown by their own text elsewhere', () => {
    const gift: Segment = { type: 'unknown', dialect: 'onebot11', name: 'redbag', data: { title: '恭喜' } }
    expect(prepareSegments([gift], { ...toMirai, dialect: 'onebot11' }).losses).toEqual([])
    expect(prepareSegments([gift], { ...toMirai, way: 'event' }).segments).toEqual([text('[红包] 恭喜')])
  })

  test('unknown elements of mirai are named to OneBot bots where the message would be empty', () => {
    const event: Target = { ...toMirai, dialect: 'onebot11', way: 'event' }
    const odd: Segment = { type: 'unknown', dialect: 'mirai', name: 'VipFace', data: { type: 'VipFace' } }
    const loss = { what: 'unknown', reason: 'a segment type of another dialect: VipFace' }
    expect(prepareSegments([odd], event)).toEqual({
      segments: [text('[VipFace]')],
      losses: [{ ...loss, fidelity: 'asText' }],
    })
    expect(prepareSegments([reply, odd, odd], event).segments).toEqual([reply, text('[VipFace][VipFace]')])
    expect(prepareSegments([odd, text('a')], event)).toEqual({
      segments: [text('a')],
      losses: [{ ...loss, fidelity: 'dropped' }],
    })
    const silent: Segment = { type: 'unknown', dialect: 'onebot11', name: 'anonymous', data: {} }
    expect(prepareSegments([silent], { ...toMirai, way: 'event' }).segments).toEqual([])
  })

  test('what the backend says of itself beats the table', () => {
    const capabilities = {
      implementation: 'NapCat.Onebot',
      version: '1',
      actions: {},
      segments: { poke: { fidelity: 'dropped', reason: 'NT clients send no window shakes' } },
    } as const
    const poke: Segment = { type: 'poke', pokeType: 1, pokeId: -1 }
    const target: Target = { ...toMirai, dialect: 'onebot11', capabilities }
    expect(() => prepareSegments([poke], target)).toThrow(/NT clients send no window shakes/)
    expect(prepareSegments([poke, text('x')], target).segments).toEqual([text('x')])
  })
})

describe('splitExclusive', () => {
  test('running text stays one message, the same list', () => {
    const segments = [reply, text('a'), image]
    expect(splitExclusive(segments)).toEqual([segments])
    expect(splitExclusive(segments)[0]).toBe(segments)
  })

  test('voice, video and the like stand alone, in order, the quote with the first', () => {
    expect(splitExclusive([reply, text('a'), voice, text('b'), image])).toEqual([
      [reply, text('a')],
      [voice],
      [text('b'), image],
    ])
    expect(splitExclusive([reply, voice, text('b')])).toEqual([[reply, voice], [text('b')]])
  })
})
