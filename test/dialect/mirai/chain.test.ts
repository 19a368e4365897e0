import { describe, expect, test } from 'vitest'
import type { MessageId, Peer } from '../../../src/core/ids.ts'
import type { MediaSegment, Segment } from '../../../src/core/segment.ts'
import { fromChain, parseChain, printChain, toChain } from '../../../src/dialect/mirai/index.ts'
import { bot, createIds, createLosses, createView, lab, mio, nico, time } from './fixtures.ts'
import { spec } from './spec.ts'

const hex = '01E9451B70EDEAE3B37C101F1EEBF5B5'
const guid = '01E9451B-70ED-EAE3-B37C-101F1EEBF5B5'
const group: Peer = { kind: 'group', groupId: lab }

function parse(...elements: unknown[]): Segment[] {
  return parseChain(elements).segments
}

describe('chains of clients', () => {
  test.each([
    [{ type: 'Plain', text: 'hi' }, [{ type: 'text', text: 'hi' }]],
    [{ type: 'Plain', text: '' }, []],
    ['bare text', [{ type: 'text', text: 'bare text' }]],
    [{ type: 'At', target: '40004', display: 'x' }, [{ type: 'mention', userId: 40004 }]],
    [{ type: 'AtAll', target: 0 }, [{ type: 'mentionAll' }]],
    [{ type: 'Face', faceId: 14 }, [{ type: 'face', id: 14, name: '微笑' }]],
    [{ type: 'Face', faceId: 14, name: '惊讶' }, [{ type: 'face', id: 14, name: '微笑' }]],
    [{ type: 'Face', faceId: null, name: '惊讶' }, [{ type: 'face', id: 0, name: '惊讶' }]],
    [{ type: 'Face', name: 'WEI_XIAO' }, [{ type: 'face', id: 14, name: '微笑' }]],
    [{ type: 'Face', name: '__proto__' }, [{ type: 'face', id: 255, name: expect.any(String) as string }]],
    [{ type: 'Face', faceId: 14, isSuperFace: true }, [{ type: 'face', id: 14, name: '微笑', large: true }]],
    [{ type: 'Image', imageId: `{${guid}}.png` }, [{ type: 'image', id: `${hex}.png` }]],
    [{ type: 'Image', imageId: `/${guid}` }, [{ type: 'image', id: `${hex}.jpg` }]],
    [{ type: 'Image', imageId: `/123-456-${hex.toLowerCase()}` }, [{ type: 'image', id: `${hex}.jpg` }]],
    [
      { type: 'Image', imageId: `{${guid}}.mirai`, url: 'http://u' },
      [{ type: 'image', id: `${hex}.mirai`, url: 'http://u' }],
    ],
    [{ type: 'Image', imageId: '', url: 'http://u', path: 'p' }, [{ type: 'image', url: 'http://u' }]],
    [{ type: 'Image', imageId: null, url: ' ', path: 'p', base64: 'eA==' }, [{ type: 'image', path: 'p' }]],
    [{ type: 'Image', base64: 'base64://eA==' }, [{ type: 'image', base64: 'eA==' }]],
    [{ type: 'Image', base64: 'data:image/png;base64,eH\nh4\r\n' }, [{ type: 'image', base64: 'eHh4' }]],
    [{ type: 'Image', url: 'http://u', isEmoji: 'true' }, [{ type: 'image', url: 'http://u', emoji: true }]],
    [{ type: 'FlashImage', url: 'http://u' }, [{ type: 'image', url: 'http://u', flash: true }]],
    [{ type: 'Voice', voiceId: `${hex}.amr`, length: 3 }, [{ type: 'voice', id: `${hex}.amr`, durationSeconds: 3 }]],
    [{ type: 'Voice', url: 'http://v' }, [{ type: 'voice', url: 'http://v' }]],
    [{ type: 'Xml', xml: '<a/>' }, [{ type: 'card', format: 'xml', data: '<a/>' }]],
    [{ type: 'Json', json: '{}' }, [{ type: 'card', format: 'json', data: '{}' }]],
    [{ type: 'App', content: '{"app":1}' }, [{ type: 'card', format: 'app', data: '{"app":1}' }]],
    [{ type: 'Poke', name: 'BiXin' }, [{ type: 'poke', pokeType: 2, pokeId: -1 }]],
    [{ type: 'Poke', name: 'SixSixSix' }, [{ type: 'poke', pokeType: 5, pokeId: -1 }]],
    [{ type: 'Poke', name: 'nonsense' }, [{ type: 'poke', pokeType: 1, pokeId: -1 }]],
    [{ type: 'Dice', value: '6' }, [{ type: 'dice', value: 6 }]],
    [{ type: 'Source', id: 1, time: 2 }, []],
    [{ type: 'Quote', id: 1 }, []],
    [{ type: 'MarketFace', id: 1, name: 'x' }, []],
    [{ type: 'File', id: 'x', name: 'y', size: 1 }, []],
    [{ type: 'Unknown' }, []],
  ])('%j', (element, segments) => {
    expect(parse(element)).toEqual(segments)
  })

  test('an image without any source is left out, and told', () => {
    const { segments, losses } = parseChain([{ type: 'Image', imageId: null }])
    expect(segments).toEqual([])
    expect(losses).toMatchObject([{ what: 'Image', fidelity: 'dropped' }])
  })

  test.each([
    [[{ type: 'plain', text: 'case counts' }], 'badParameter'],
    [[{ type: '__proto__' }], 'badParameter'],
    [[{}], 'badParameter'],
    [[3], 'badParameter'],
    [{ type: 'Plain' }, 'badParameter'],
    [[{ type: 'Dice', value: 7 }], 'badParameter'],
    [[{ type: 'At', target: 'all' }], 'badParameter'],
    [[{ type: 'Image', imageId: 'nonsense' }], 'badParameter'],
    [[{ type: 'Image', base64: '***' }], 'badParameter'],
    [[{ type: 'MusicShare', kind: 'Spotify', title: 't' }], 'badParameter'],
    [Array.from({ length: 2001 }, () => ({ type: 'AtAll' })), 'tooLong'],
    [[{ type: 'Plain', text: 'x'.repeat(65_537) }], 'tooLong'],
    [[{ type: 'Forward', nodeList: Array.from({ length: 201 }, () => ({ messageId: 1 })) }], 'tooLong'],
  ])('refuses %#', (chain, kind) => {
    expect(() => parseChain(chain)).toThrow(expect.objectContaining({ kind }) as Error)
  })

  test('forwards: id, reference, literal, incomplete, with their texts', () => {
    const literal = { senderId: 1, senderName: 'A', time: 5, messageChain: [{ type: 'Plain', text: 'x' }] }
    const nodeList = [
      { messageId: 7, ...literal },
      { messageId: null, messageRef: { target: 30003, messageId: 8 } },
      { messageId: 0, ...literal },
      { ...literal, time: -1 },
      { senderId: 1 },
    ]
    const display = { title: 'T', brief: null, preview: ['a', 'b'], source: 'S' }
    const { segments, losses } = parseChain([{ type: 'Forward', display, nodeList }])
    const shown = { senderId: 1, senderName: 'A', segments: [{ type: 'text', text: 'x' }] }
    expect(segments).toEqual([
      {
        type: 'forward',
        title: 'T',
        source: 'S',
        preview: ['a', 'b'],
        nodes: [{ messageId: 7 }, { messageId: 8 }, { ...shown, time: 5 }, shown],
      },
    ])
    expect(losses).toHaveLength(1)
  })

  test('forwards nest to ten levels', () => {
    let chain: unknown[] = [{ type: 'Plain', text: 'x' }]
    const wrap = () => [{ type: 'Forward', nodeList: [{ senderId: 1, senderName: 'A', messageChain: chain }] }]
    for (let level = 0; level < 10; level++) chain = wrap()
    expect(parseChain(chain).segments).toHaveLength(1)
    chain = wrap()
    expect(() => parseChain(chain)).toThrow(/nested/)
  })

  test('a short video: both addresses make it new, else the id names it', () => {
    const five = { type: 'ShortVideo', videoId: 'v1', fileMd5: 'ab', fileSize: 3, fileFormat: 'mp4', filename: 'clip' }
    const known = { type: 'video', id: 'v1', name: 'clip.mp4', sizeBytes: 3, md5: 'AB' }
    expect(parse(five)).toEqual([known])
    const { id: _, ...rest } = known
    const urls = { videoUrl: 'http://v', thumbnailUrl: 'http://t' }
    expect(parse({ ...five, ...urls })).toEqual([{ ...rest, url: 'http://v', thumb: 'http://t' }])
  })
})

describe('mirai code', () => {
  function expand(code: string): Segment[] {
    return parse({ type: 'MiraiCode', code })
  }

  test('elements inside text', () => {
    expect(expand(`hi[mirai:at:40004] \\[x\\]\\n[mirai:atall][mirai:face:14][mirai:image:{${guid}}.jpg]`)).toEqual([
      { type: 'text', text: 'hi' },
      { type: 'mention', userId: 40004 },
      { type: 'text', text: ' [x]\n' },
      { type: 'mentionAll' },
      { type: 'face', id: 14 },
      { type: 'image', id: `${hex}.jpg` },
    ])
  })

  test('arguments with escapes', () => {
    expect(expand('[mirai:app:{"a"\\:\\[1\\,2\\]}]')).toEqual([{ type: 'card', format: 'app', data: '{"a":[1,2]}' }])
    expect(expand('[mirai:service:60,<a\\,b/>]')).toEqual([{ type: 'card', format: 'xml', data: '<a,b/>' }])
    expect(expand('[mirai:poke:比心,2,-1][mirai:dice:3][mirai:rps:rock]')).toEqual([
      { type: 'poke', pokeType: 2, pokeId: -1 },
      { type: 'dice', value: 3 },
      { type: 'rps', value: 'rock' },
    ])
  })

  test('what is not understood stays text', () => {
    for (const code of [
      '[mirai:vipface:1,2,3]',
      '[mirai:at:x]',
      '[mirai:__proto__:1]',
      '[mirai:at:1',
      '[CQ:at,qq=1]',
    ]) {
      expect(expand(code)).toEqual([{ type: 'text', text: code }])
    }
  })

  test('takes no longer than its length', () => {
    const started = performance.now()
    expand('[mirai:'.repeat(60_000))
    expand(`${'[mirai:'.repeat(60_000)}]`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

const content: Record<string, Segment> = {
  Plain: { type: 'text', text: 'x' },
  At: { type: 'mention', userId: mio, name: 'Mio' },
  AtAll: { type: 'mentionAll' },
  Face: { type: 'face', id: 14, name: '微笑' },
  Image: { type: 'image', id: `${hex}.png`, url: 'http://u', sizeBytes: 9 },
  FlashImage: { type: 'image', id: `${hex}.gif`, url: 'http://u', flash: true },
  Voice: { type: 'voice', id: `${hex}.amr`, url: 'http://v', durationSeconds: 2 },
  Xml: { type: 'card', format: 'xml', data: '<a/>' },
  Json: { type: 'card', format: 'json', data: '{}' },
  App: { type: 'card', format: 'app', data: '{}' },
  Poke: { type: 'poke', pokeType: 126, pokeId: 2011 },
  Dice: { type: 'dice', value: 4 },
  MarketFace: { type: 'marketFace', packageId: 7, name: '[x]' },
  MusicShare: {
    type: 'music',
    platform: '163',
    title: 't',
    summary: 's',
    jumpUrl: 'j',
    pictureUrl: 'p',
    musicUrl: 'm',
    brief: 'b',
  },
  File: { type: 'file', id: '/f', name: 'a.txt', sizeBytes: 3 },
  ShortVideo: { type: 'video', id: `${hex}.mp4`, name: 'clip.mp4', sizeBytes: 3, md5: hex, url: 'http://v' },
  Forward: {
    type: 'forward',
    nodes: [{ senderId: mio, senderName: 'Mio', time, segments: [{ type: 'text', text: 'x' }] }],
  },
}

describe('chains for clients', () => {
  const { losses, loss } = createLosses()
  const context = { bot, view: createView(), now: time, loss }

  test.each(Object.entries(content))('%s has every field of mah, in order', (type, segment) => {
    const [element] = printChain([segment], group, context)
    const fields = spec.messages.find((row) => row.type === type)?.fields.map(({ name }) => name)
    expect(Object.keys(element ?? {})).toEqual(['type', ...(fields ?? [])])
    expect(element?.['type']).toBe(type)
    expect(losses).toEqual([])
  })

  // mah never says who is mentioned; these ids learn a video under its name.
  const readBack: Record<string, Segment> = {
    At: { type: 'mention', userId: mio },
    ShortVideo: { ...content['ShortVideo']!, id: 'clip.mp4' } as Segment,
  }

  test.each(Object.entries(content))('%s reads back', (type, segment) => {
    const { segments } = fromChain(printChain([segment], group, context), group, createIds())
    expect(segments).toEqual([readBack[type] ?? segment])
  })

  test('images', () => {
    expect(JSON.stringify(printChain([content['Image']!], group, context))).toBe(
      `[{"type":"Image","imageId":"{${guid}}.png","url":"http://u","path":null,"base64":null,"width":0,"height":0,"size":9,"imageType":"PNG","isEmoji":false}]`,
    )
  })

  test('rock-paper-scissors is a market face', () => {
    const elements = printChain([{ type: 'rps', value: 'rock' }], group, context)
    expect(elements).toEqual([{ type: 'MarketFace', id: 11415, name: 'ROCK' }])
    expect(fromChain(elements, group, createIds()).segments).toEqual([{ type: 'rps', value: 'rock' }])
  })

  test('a forward', () => {
    expect(JSON.stringify(printChain([content['Forward']!], group, context))).toBe(
      '[{"type":"Forward","display":null,"nodeList":[{"senderId":40004,"time":1700000000,"senderName":"Mio",' +
        '"messageChain":[{"type":"Plain","text":"x"}],"messageId":null,"messageRef":null}]}]',
    )
  })

  test('a quote in a private chat names its receiver', () => {
    const peer: Peer = { kind: 'friend', userId: nico }
    const stored = { id: 5 as MessageId, peer, time, segments: [] }
    const own = createView([{ ...stored, sender: { userId: bot, nickname: '' } }])
    const theirs = createView([{ ...stored, sender: { userId: nico, nickname: '' } }])
    const reply: Segment[] = [{ type: 'reply', messageId: 5 as MessageId }]
    expect(printChain(reply, peer, { ...context, view: own })[0]).toMatchObject({
      senderId: bot,
      targetId: nico,
      groupId: 0,
    })
    expect(printChain(reply, peer, { ...context, view: theirs })[0]).toMatchObject({
      senderId: nico,
      targetId: bot,
      groupId: 0,
    })
  })
})

describe('chains of a backend', () => {
  test('source, quote and media are learnt', () => {
    const ids = createIds()
    const chain = [
      { type: 'Source', id: 9, time },
      { type: 'Quote', id: 8, senderId: mio, targetId: lab, groupId: lab, origin: [] },
      { type: 'Image', imageId: `{${guid}}.jpg`, url: 'http://u', path: null, base64: null, size: 5 },
      { type: 'Xml', xml: ' {"app":"x"}' },
      { type: 'NewThing', x: 1 },
    ]
    const { segments, source } = fromChain(chain, group, ids)
    expect(source).toEqual({ id: 9, time })
    expect(segments).toEqual([
      { type: 'reply', messageId: 8 },
      { type: 'image', id: `${hex}.jpg`, url: 'http://u', sizeBytes: 5 },
      { type: 'card', format: 'json', data: ' {"app":"x"}' },
      { type: 'unknown', dialect: 'mirai', name: 'NewThing', data: { type: 'NewThing', x: 1 } },
    ])
    expect(ids.media_).toEqual([
      { kind: 'image', native: `{${guid}}.jpg`, url: 'http://u', name: `${hex}.jpg`, sizeBytes: 5 },
    ])
    expect(fromChain('nonsense', group, ids)).toEqual({ segments: [], losses: [], source: undefined })
  })
})

describe('chains to a backend', () => {
  const { losses, loss } = createLosses()
  const context = {
    peer: group,
    loss,
    media: ({ id, url = '' }: MediaSegment) =>
      id === undefined ? ({ kind: 'url', value: url } as const) : ({ kind: 'native', value: `native-${id}` } as const),
    message: (id: MessageId) => {
      if (id === 1) return { native: '11', peer: group }
      return id === 2 ? { native: '22', peer: { kind: 'friend', userId: nico } as const } : undefined
    },
  }

  test('the quote is a parameter', () => {
    const segments: Segment[] = [
      { type: 'reply', messageId: 1 as MessageId },
      { type: 'text', text: 'x' },
      { type: 'image', id: 'A.jpg' },
      { type: 'image', url: 'http://u', flash: true },
    ]
    expect(toChain(segments, context)).toEqual({
      quote: 11,
      messageChain: [
        { type: 'Plain', text: 'x' },
        { type: 'Image', imageId: 'native-A.jpg' },
        { type: 'FlashImage', url: 'http://u' },
      ],
    })
    expect(() => toChain([{ type: 'reply', messageId: 3 as MessageId }], context)).toThrow('no such message')
  })

  test('forward nodes', () => {
    const nodes = [
      { messageId: 1 as MessageId },
      { messageId: 2 as MessageId },
      { senderId: mio, senderName: 'M', segments: [{ type: 'text', text: 'x' } as const] },
    ]
    const { messageChain } = toChain([{ type: 'forward', title: 'T', nodes }], context)
    expect(messageChain).toEqual([
      {
        type: 'Forward',
        display: { brief: null, preview: null, source: null, summary: null, title: 'T' },
        nodeList: [
          { messageId: 11 },
          { messageRef: { target: nico, messageId: 22 } },
          { senderId: mio, time: -1, senderName: 'M', messageChain: [{ type: 'Plain', text: 'x' }] },
        ],
      },
    ])
  })

  test('nobody is mentioned in private', () => {
    const peer: Peer = { kind: 'friend', userId: nico }
    const { messageChain } = toChain([{ type: 'mention', userId: mio, name: 'Mio' }], { ...context, peer })
    expect(messageChain).toEqual([{ type: 'Plain', text: '@Mio' }])
    expect(losses).toMatchObject([{ what: 'mention', fidelity: 'asText' }])
  })

  test.each([
    { type: 'file', id: 'x' },
    { type: 'markdown', content: 'x' },
    { type: 'video', url: 'http://v' },
    { type: 'music', platform: 'qq', id: '5' },
    { type: 'forward', id: 'x' },
  ] satisfies Segment[])('$type as such is refused', (segment) => {
    expect(() => toChain([segment], context)).toThrow(expect.objectContaining({ kind: 'notSupported' }) as Error)
  })
})
