import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Segment, SegmentOf } from '../../../src/core/segment.ts'
import { printCq } from '../../../src/dialect/onebot11/cqcode.ts'
import { fromForward, fromMessage, parseForwardMessage, parseMessage } from '../../../src/dialect/onebot11/message.ts'
import { printForwardItems, printMessage, toForward, toMessage } from '../../../src/dialect/onebot11/message-print.ts'
import { fakeEventIds, fakeSendIds } from './fakes.ts'

interface Golden {
  name: string
  wire: { type: string; data: Record<string, unknown> }
  canonical: Segment
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/onebot11/segments.json', import.meta.url), 'utf8'),
) as Golden[]
/** Names that the printed form has not. */
const beside = (members: object) => ({ dialect: 'onebot11', members })
const group = { kind: 'group' as const, groupId: 30001 as never }

describe('segments that are the same for clients and backends', () => {
  test.each(golden)('$name', ({ wire, canonical }) => {
    expect(parseMessage([wire])).toEqual([canonical])
    expect(fromMessage([wire], group, fakeEventIds())).toEqual([canonical])
    expect(JSON.stringify(printMessage([canonical]))).toBe(JSON.stringify([wire]))
  })
})

test('every segment type of the facts is read without loss of its name', () => {
  const facts = JSON.parse(readFileSync(new URL('../../facts/onebot11-segments.json', import.meta.url), 'utf8')) as {
    segments: { type: string }[]
  }
  expect(facts.segments).toHaveLength(32)
  for (const { type } of facts.segments) {
    if (type === 'text' || type === 'reply') continue
    expect(fromMessage([{ type, data: null }], group, fakeEventIds()), type).toHaveLength(1)
  }
})

describe('merged forwards that a backend reports as light apps', () => {
  const detail = { resid: 'r', news: [{ text: 'a: b' }], source: '群聊的聊天记录', summary: '查看1条转发消息' }
  const card = JSON.stringify({ app: 'com.tencent.multimsg', prompt: '[聊天记录]', meta: { detail } })
  const forward: Segment = {
    type: 'forward',
    id: 'r',
    title: '群聊的聊天记录',
    brief: '[聊天记录]',
    summary: '查看1条转发消息',
    preview: ['a: b'],
    card,
  }

  test('are forwards, and light apps again for the same dialect', () => {
    const wire = { type: 'json', data: { data: card, config: { token: 't' } } }
    const read = fromMessage([wire], group, fakeEventIds())
    expect(read).toEqual([{ ...forward, extra: beside({ config: { token: 't' } }) }])
    expect(printMessage(read)).toEqual([wire])
    expect(printMessage([{ ...forward, nodes: [] }])).toEqual([{ type: 'json', data: { data: card } }])
  })

  test('stay light apps without an id, and from clients', () => {
    const anonymous = card.replace('"resid":"r",', '')
    expect(fromMessage([{ type: 'json', data: { data: anonymous } }], group, fakeEventIds())).toEqual([
      { type: 'card', format: 'app', data: anonymous },
    ])
    expect(parseMessage([{ type: 'json', data: { data: card } }])).toEqual([
      { type: 'card', format: 'app', data: card },
    ])
  })
})

test('where a received medium lies stays for clients of the same dialect, and is no source for backends', () => {
  const data = { file: 'a.amr', path: '/app/a.amr', file_size: '3' }
  const [read] = fromMessage([{ type: 'record', data }], group, fakeEventIds()) as [SegmentOf<'voice'>]
  expect(read).toMatchObject({ type: 'voice', extra: beside({ path: '/app/a.amr' }) })
  expect(read).not.toHaveProperty('path')
  expect(printMessage([read])[0]?.data).toMatchObject({ path: '/app/a.amr', file_size: '3' })
  expect(toMessage([read], fakeSendIds)[0]?.data).not.toHaveProperty('path')
  expect(parseMessage([{ type: 'record', data: { path: '/tmp/a.amr' } }])).toEqual([
    { type: 'voice', path: '/tmp/a.amr' },
  ])
})

describe('parseMessage', () => {
  test.each<[string, unknown, unknown[]]>([
    [
      'CQ text',
      'a[CQ:at,qq=1]',
      [
        { type: 'text', text: 'a' },
        { type: 'mention', userId: 1 },
      ],
    ],
    ['one segment', { type: 'face', data: { id: 1 } }, [{ type: 'face', id: 1 }]],
    ['numbers as text', [{ type: 'text', data: { text: 5 } }], [{ type: 'text', text: '5' }]],
    [
      'empty text',
      [
        { type: 'text', data: { text: '' } },
        { type: 'text', data: null },
      ],
      [],
    ],
    ['AT ALL', [{ type: 'at', data: { qq: 'ALL' } }], [{ type: 'mentionAll' }]],
    ['nulls', [{ type: 'at', data: { qq: 1, name: null } }], [{ type: 'mention', userId: 1 }]],
    ['shake', [{ type: 'shake', data: {} }], [{ type: 'poke', pokeType: 1, pokeId: -1 }]],
    [
      'json object',
      [{ type: 'json', data: { data: { app: 'a' } } }],
      [{ type: 'card', format: 'app', data: '{"app":"a"}' }],
    ],
    ['rps of go-cqhttp', [{ type: 'rps', data: { value: '0' } }], [{ type: 'rps', value: 'rock' }]],
    ['dice by id', [{ type: 'dice', data: { id: 6 } }], [{ type: 'dice', value: 6 }]],
    [
      'a poke of go-cqhttp',
      [{ type: 'poke', data: { qq: '1' } }],
      [{ type: 'unknown', dialect: 'onebot11', name: 'poke', data: { qq: '1' } }],
    ],
    [
      'NapCat market face',
      [{ type: 'image', data: { emoji_id: 'e', emoji_package_id: 2, key: 'k', file: 'x' } }],
      [{ type: 'marketFace', packageId: 2, faceId: 'e', key: 'k' }],
    ],
  ])('%s', (_name, wire, segments) => expect(parseMessage(wire)).toEqual(segments))

  test.each<[string, object, object]>([
    ['url first', { url: 'http://a', file: 'b' }, { url: 'http://a' }],
    [
      'a handle of the bridge beside its url',
      { url: 'http://a', file: '0123456789ABCDEF0123456789ABCDEF.jpg' },
      { url: 'http://a', id: '0123456789ABCDEF0123456789ABCDEF.jpg' },
    ],
    ['an empty url does not shadow', { url: '', file: 'base64://QQ==' }, { base64: 'QQ==' }],
    ['base64 with breaks', { file: 'base64://Q\nQ= =' }, { base64: 'QQ==' }],
    ['data url', { file: 'data:image/png;base64,QQ==' }, { base64: 'QQ==' }],
    ['file url', { file: 'file:///a%20b' }, { path: '/a b' }],
    ['Windows file url', { file: 'file:///C:/x.png' }, { path: 'C:/x.png' }],
    ['absolute path', { file: '/a/b.png' }, { path: '/a/b.png' }],
    ['Windows path', { file: 'C:\\x.png' }, { path: 'C:\\x.png' }],
    ['path', { file: '', path: 'b.png' }, { path: 'b.png' }],
    ['received name', { file: 'ABC.jpg' }, { id: 'ABC.jpg' }],
    ['https', { file: 'HTTPS://x' }, { url: 'HTTPS://x' }],
    [
      'flags',
      { file: 'a.jpg', type: 'flash', subType: '1', summary: 's', file_unique: '1', timeout: null },
      { id: 'a.jpg', flash: true, emoji: true, summary: 's', extra: beside({ subType: '1' }) },
    ],
  ])('image: %s', (_name, data, fields) =>
    expect(parseMessage([{ type: 'image', data }])).toEqual([{ type: 'image', ...fields }]),
  )

  test('voice, video and file', () => {
    expect(parseMessage('[CQ:record,file=a.amr,magic=1][CQ:video,file=http://v,cover=http://c]')).toEqual([
      { type: 'voice', id: 'a.amr', magic: true },
      { type: 'video', url: 'http://v', thumb: 'http://c' },
    ])
    const handle = '0123456789ABCDEF0123456789ABCDEF.zip'
    expect(parseMessage({ type: 'file', data: { file: 'a.zip', file_id: handle } })).toEqual([
      { type: 'file', id: handle },
    ])
    expect(parseMessage({ type: 'file', data: { file: 'file:///z', name: 'a.zip' } })).toEqual([
      { type: 'file', path: '/z', name: 'a.zip', extra: beside({ name: 'a.zip' }) },
    ])
  })

  test('auto_escape keeps codes as text', () => {
    expect(parseMessage('[CQ:face,id=1]', { autoEscape: true })).toEqual([{ type: 'text', text: '[CQ:face,id=1]' }])
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /message must be/],
    ['a number', 5, /message must be/],
    ['text in a list', ['a'], /type and data/],
    ['no type', [{ data: {} }], /type and data/],
    ['at', [{ type: 'at', data: { qq: 'x' } }], /at segment needs qq/],
    ['image', [{ type: 'image', data: {} }], /image segment needs file/],
    ['reply', [{ type: 'reply', data: { id: 'x' } }], /reply segment needs id/],
    ['unknown scheme', [{ type: 'image', data: { file: 'ftp://x' } }], /ftp:\/\//],
    [
      'mixed nodes',
      [
        { type: 'node', data: { id: 1 } },
        { type: 'text', data: { text: 'a' } },
      ],
      /only nodes or none/,
    ],
  ])('refuses %s', (_name, wire, text) => {
    expect(() => parseMessage(wire)).toThrow(text)
    expect(fromMessage(wire, group, fakeEventIds())).toBeDefined()
  })
})

describe('nodes', () => {
  const nodes = [
    { type: 'node', data: { id: 5 } },
    { type: 'node', data: { user_id: 1, nickname: 'n', content: 'hi' } },
    { type: 'node', data: { uin: '2', name: 'm', content: { type: 'face', data: { id: 1 } }, time: '7' } },
    { type: 'node', data: { user_id: 3, nickname: 'o', content: { type: 'forward', data: { id: 'r' } } } },
    {
      type: 'node',
      data: {
        user_id: 4,
        nickname: 'p',
        source: 's',
        news: [{ text: 'l' }],
        prompt: 'b',
        summary: 'u',
        content: [{ type: 'node', data: { id: 6 } }],
      },
    },
  ]
  const forward: SegmentOf<'forward'> = {
    type: 'forward',
    nodes: [
      { messageId: 5 },
      { senderId: 1, senderName: 'n', segments: [{ type: 'text', text: 'hi' }] },
      { senderId: 2, senderName: 'm', time: 7, segments: [{ type: 'face', id: 1 }] },
      { senderId: 3, senderName: 'o', segments: [{ type: 'forward', id: 'r' }] },
      {
        senderId: 4,
        senderName: 'p',
        segments: [
          { type: 'forward', nodes: [{ messageId: 6 }], title: 's', brief: 'b', summary: 'u', preview: ['l'] },
        ],
      },
    ],
  } as never

  test('in a plain send are a forward', () => expect(parseMessage(nodes)).toEqual([forward]))

  test('in a forward action', () => {
    expect(parseForwardMessage(nodes, { source: 't', news: [{ text: 'a' }], prompt: '', summary: null })).toEqual([
      { ...forward, title: 't', preview: ['a'] },
    ])
    expect(() => parseForwardMessage([], {})).toThrow(/messages must be/)
    expect(() => parseForwardMessage([{ type: 'text', data: {} }], {})).toThrow(/node segment/)
  })

  test('go out as nodes', () => {
    const sent = toForward(forward, fakeSendIds) as { messages: { data: Record<string, unknown> }[] }
    expect(sent.messages[0]).toEqual({ type: 'node', data: { id: '500' } })
    expect(sent.messages[1]?.data).toEqual({
      user_id: '1',
      nickname: 'n',
      uin: '1',
      name: 'n',
      content: [{ type: 'text', data: { text: 'hi' } }],
    })
    expect(sent.messages[4]?.data).toMatchObject({
      content: [{ type: 'node', data: { id: '600' } }],
      source: 's',
      prompt: 'b',
      summary: 'u',
      news: [{ text: 'l' }],
    })
    expect(parseMessage(sent.messages)).toMatchObject([{ type: 'forward' }])
  })

  test.each<[string, unknown]>([
    [
      'NapCat',
      {
        sender: { user_id: 1, nickname: 'n' },
        time: 7,
        message: [{ type: 'text', data: { text: 'hi' } }],
        message_id: 3,
      },
    ],
    ['go-cqhttp', { sender: { user_id: 1, nickname: 'n' }, time: 7, content: 'hi' }],
    [
      'Lagrange',
      {
        type: 'node',
        data: { user_id: '1', nickname: 'n', time: 7, content: [{ type: 'text', data: { text: 'hi' } }] },
      },
    ],
  ])('of an answer of %s', (_name, item) => {
    expect(fromForward([item], group, fakeEventIds())).toEqual([
      { senderId: 1, senderName: 'n', time: 7, segments: [{ type: 'text', text: 'hi' }] },
    ])
  })

  test('nested deeper than any client does end quietly from a backend', () => {
    let item: unknown = { content: 'x', sender: { user_id: 1 } }
    for (let depth = 0; depth < 20; depth++) item = { content: [item], sender: { user_id: 1 } }
    expect(fromForward([item], group, fakeEventIds())).toHaveLength(1)
    expect(() => parseForwardMessage([{ type: 'node', data: item }], {})).toThrow(/nested deeper/)
  })

  test('are answered in one shape for all readers', () => {
    const old = { sender: { userId: 9, nickname: 'nine' }, time: 3, segments: [{ type: 'text', text: 'old' }] }
    expect(printForwardItems([{ messageId: 5 as never }], { find: () => old as never })).toEqual([
      {
        user_id: 9,
        time: 3,
        message_id: 5,
        message_type: 'group',
        sender: { user_id: 9, nickname: 'nine', card: '' },
        raw_message: 'old',
        message: [{ type: 'text', data: { text: 'old' } }],
        content: [{ type: 'text', data: { text: 'old' } }],
        message_format: 'array',
      },
    ])
  })
})

describe('media', () => {
  test('of a backend get handles', () => {
    const ids = fakeEventIds()
    const wire = [
      { type: 'image', data: { file: 'A.jpg', url: 'https://u', file_size: '12', sub_type: 1, summary: '[x]' } },
      { type: 'image', data: { file: 'https://lagrange', filename: 'f.png' } },
      { type: 'file', data: { file: 'a.zip', file_id: '/id', file_size: '5', url: '' } },
      { type: 'record', data: { file: 'code', url: '/local/path' } },
    ]
    expect(fromMessage(wire, group, ids)).toEqual([
      { type: 'image', id: 'MA.jpg', url: 'https://u', name: 'A.jpg', sizeBytes: 12, emoji: true, summary: '[x]' },
      {
        type: 'image',
        id: 'Mhttps://lagrange',
        url: 'https://lagrange',
        name: 'f.png',
        extra: beside({ filename: 'f.png' }),
      },
      { type: 'file', id: 'M/id', name: 'a.zip', sizeBytes: 5 },
      { type: 'voice', id: 'Mcode', name: 'code' },
    ])
    expect(ids.calls[0]).toEqual([
      'media',
      { kind: 'image', native: 'A.jpg', url: 'https://u', name: 'A.jpg', sizeBytes: 12 },
    ])
  })

  test('for a client can be sent back', () => {
    const [image] = printMessage([
      { type: 'image', id: 'ID.jpg', url: 'https://u', sizeBytes: 12, name: 'n.jpg', emoji: true },
    ])
    expect(JSON.stringify(image)).toBe(
      '{"type":"image","data":{"file":"ID.jpg","url":"https://u","file_size":"12","name":"n.jpg","sub_type":1}}',
    )
    expect(printMessage([{ type: 'file', id: 'ID.zip', name: 'a.zip', sizeBytes: 1 }])).toEqual([
      { type: 'file', data: { file: 'a.zip', file_id: 'ID.zip', file_size: '1' } },
    ])
    expect(printMessage([{ type: 'voice', base64: 'QQ==' }])).toEqual([
      { type: 'record', data: { file: 'base64://QQ==' } },
    ])
  })

  test('for a backend are named as it can use them', () => {
    const segments: Segment[] = [
      { type: 'image', id: 'ID.jpg', flash: true },
      { type: 'image', base64: 'QQ==' },
      { type: 'voice', path: '/a b/#.amr' },
      { type: 'video', path: 'C:\\v.mp4', thumb: 'http://t' },
    ]
    expect(toMessage(segments, fakeSendIds)).toEqual([
      { type: 'image', data: { file: 'n-ID.jpg', sub_type: 0, type: 'flash' } },
      { type: 'image', data: { file: 'base64://QQ==', sub_type: 0 } },
      { type: 'record', data: { file: 'file:///a%20b/%23.amr' } },
      { type: 'video', data: { file: 'file:///C:/v.mp4', thumb: 'http://t', cover: 'http://t' } },
    ])
  })
})

test('a quote is named in the terms of the other side', () => {
  const ids = fakeEventIds()
  expect(fromMessage('[CQ:reply,id=9][CQ:reply,id=0]a', group, ids)).toEqual([
    { type: 'reply', messageId: 9 },
    { type: 'text', text: 'a' },
  ])
  expect(ids.calls).toEqual([['message', '9', group]])
  expect(toMessage([{ type: 'reply', messageId: 9 as never }], fakeSendIds)).toEqual([
    { type: 'reply', data: { id: '900' } },
  ])
})

test('segments of another dialect are not printed', () => {
  expect(printMessage([{ type: 'unknown', dialect: 'mirai', name: 'VipFace', data: {} }])).toEqual([])
})

test('a forward without an id is named by its message', () => {
  expect(printMessage([{ type: 'forward', nodes: [] }], { messageId: 8 as never })).toEqual([
    { type: 'forward', data: { id: '8', content: [] } },
  ])
})

test('raw text of segments', () => {
  expect(
    printCq(
      printMessage([
        { type: 'mention', userId: 1 as never },
        { type: 'text', text: ' [x],&' },
      ]),
    ),
  ).toBe('[CQ:at,qq=1] &#91;x&#93;,&amp;')
})
