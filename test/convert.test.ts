// Content between the dialects without a bridge.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BridgeError,
  fromMiraiChain,
  fromMiraiCode,
  fromOneBot,
  parseCqCode,
  printCqCode,
  toCqCode,
  toMiraiChain,
  toMiraiCode,
  toOneBot,
  toText,
  type Segment,
} from '../src/convert.ts'
import type { UserId } from '../src/core/ids.ts'

const guid = '01E9451B-70ED-EAE3-B37C-101F1EEBF5B5'

test('a OneBot message becomes a mirai chain, and names what it lost', () => {
  const segments = fromOneBot([
    { type: 'reply', data: { id: '5' } },
    { type: 'at', data: { qq: '10001' } },
    { type: 'text', data: { text: ' hi' } },
    { type: 'face', data: { id: '14' } },
  ])
  expect(toMiraiChain(segments)).toEqual({
    content: [
      { type: 'Quote', id: 5, senderId: 0, targetId: 0, groupId: 0, origin: [] },
      { type: 'At', target: 10001, display: '' },
      { type: 'Plain', text: ' hi' },
      { type: 'Face', faceId: 14, name: '微笑', isSuperFace: false },
    ],
    losses: [{ what: 'quote.unresolved', fidelity: 'lossy', reason: 'message 5 was never seen' }],
  })
})

test('a mirai chain becomes a OneBot message, as segments and as CQ codes', () => {
  const chain = [{ type: 'AtAll' }, { type: 'Plain', text: 'a[b],c&' }, { type: 'Dice', value: 3 }]
  const { content: segments, losses } = fromMiraiChain(chain)
  expect(losses).toEqual([])
  expect(toOneBot(segments)).toEqual({
    content: [
      { type: 'at', data: { qq: 'all' } },
      { type: 'text', data: { text: 'a[b],c&' } },
      { type: 'dice', data: { result: '3', value: '3' } },
    ],
    losses: [],
  })
  expect(toCqCode(segments).content).toBe('[CQ:at,qq=all]a&#91;b&#93;,c&amp;[CQ:dice,result=3,value=3]')
  expect(fromOneBot(toCqCode(segments).content)).toEqual(segments)
  expect(toText(segments)).toBe('@全体成员a[b],c&[骰子: 3]')
})

test('CQ codes by themselves', () => {
  const text = '[CQ:at,qq=1]x&#91;[CQ:made_up,a=1&#44;2]'
  expect(parseCqCode(text)).toEqual([
    { type: 'at', data: { qq: '1' } },
    { type: 'text', data: { text: 'x[' } },
    { type: 'made_up', data: { a: '1,2' } },
  ])
  expect(printCqCode(parseCqCode(text))).toBe(text)
})

describe('mirai code', () => {
  test.each<[string, Segment[]]>([
    [
      '[mirai:at:10001] \\[x\\]\\n',
      [
        { type: 'mention', userId: 10001 as UserId },
        { type: 'text', text: ' [x]\n' },
      ],
    ],
    ['[mirai:atall][mirai:face:14]', [{ type: 'mentionAll' }, { type: 'face', id: 14 }]],
    [
      '[mirai:poke:BiXin,2,-1][mirai:dice:3]',
      [
        { type: 'poke', pokeType: 2, pokeId: -1 },
        { type: 'dice', value: 3 },
      ],
    ],
    ['[mirai:rps:rock]', [{ type: 'rps', value: 'rock' }]],
    ['[mirai:app:{"a"\\:\\[1\\,2\\]}]', [{ type: 'card', format: 'app', data: '{"a":[1,2]}' }]],
    ['[mirai:service:60,<a\\,b/>]', [{ type: 'card', format: 'xml', data: '<a,b/>' }]],
  ])('%s both ways', (code, segments) => {
    expect(fromMiraiCode(code)).toEqual(segments)
    expect(toMiraiCode(segments)).toEqual({ content: code, losses: [] })
  })

  test('a picture by its id', () => {
    const [image] = fromMiraiCode(`[mirai:image:{${guid}}.png]`)
    expect(image).toMatchObject({ type: 'image' })
    expect(toMiraiCode(image ? [image] : [])).toEqual({ content: `[mirai:image:{${guid}}.png]`, losses: [] })
  })

  test('what it has no word for is text, a quote goes, and both are named', () => {
    const segments = fromOneBot('[CQ:reply,id=5][CQ:image,file=http://127.0.0.1/a.png]')
    expect(toMiraiCode(segments)).toEqual({
      content: '\\[图片\\]',
      losses: [
        { what: 'reply', fidelity: 'dropped', reason: 'mirai code has no word for it' },
        { what: 'image', fidelity: 'asText', reason: 'mirai code has no word for it' },
      ],
    })
  })

  test('any text comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('[', ']', ':', ',', '\\', '\n', '\r', 'mirai', 'at', 'n', '图') }),
        (text) => {
          const back = fromMiraiCode(toMiraiCode([{ type: 'text', text }]).content)
          expect(toText(back)).toBe(text)
          expect(back.every(({ type }) => type === 'text')).toBe(true)
        },
      ),
    )
  })
})

test('what is no message is refused in words', () => {
  expect(() => fromOneBot(5)).toThrow(BridgeError)
  expect(() => fromMiraiChain([{ type: 'Nothing' }])).toThrow('no such message element')
  expect(() => fromMiraiChain({})).toThrow('messageChain must be a list')
})
