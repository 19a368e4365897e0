import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { GroupId, MessageId, Peer, UserId } from '../../src/core/ids.ts'
import { createState } from '../../src/state/index.ts'

const bot = 10001 as UserId
const group = (id: number): Peer => ({ kind: 'group', groupId: id as GroupId })
const friend = (id: number): Peer => ({ kind: 'friend', userId: id as UserId })
const content = {
  sender: { userId: 20001 as UserId, nickname: '老船长' },
  time: 1_700_000_000,
  segments: [{ type: 'text' as const, text: '你好 & [bye]' }],
}

const folders: string[] = []
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bridge-state-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe('message ids', () => {
  test('a native id that is a free int32 is kept, negative ones too', () => {
    const { messages } = createState()
    expect(messages.learn(bot, { native: '-2027301', peer: group(30001) }, content, true)).toEqual({
      id: -2027301,
      fresh: true,
    })
    expect(messages.learn(bot, { native: '-2027301', peer: group(30001) }, content, true).fresh).toBe(false)
  })

  test('ids that repeat in another conversation, are 0 or too large get an id of their own', () => {
    const { messages } = createState()
    const first = messages.learn(bot, { native: '517', peer: group(1) }, content, true)
    const second = messages.learn(bot, { native: '517', peer: group(2) }, content, true)
    const zero = messages.learn(bot, { native: '0', peer: group(2) }, content, true)
    const large = messages.learn(bot, { native: '7345678901234567890', peer: group(2) }, content, true)
    expect(first.id).toBe(517)
    expect(new Set([first.id, second.id, zero.id, large.id]).size).toBe(4)
    for (const { id } of [second, zero, large]) {
      expect(Number.isInteger(id) && id !== 0 && (id | 0) === id).toBe(true)
      expect(messages.native(bot, id)).toBeDefined()
    }
    expect(messages.native(bot, large.id)).toEqual({ native: '7345678901234567890', peer: group(2) })
  })

  test('the same message has the same id whatever the order of learning', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -3, max: 30 })), { maxLength: 60 }),
        (pairs) => {
          const { messages } = createState()
          const ids = new Map<string, MessageId>()
          for (const [where, native] of pairs) {
            const { id } = messages.learn(bot, { native: String(native), peer: group(where) }, undefined, true)
            const key = `${where}/${native}`
            expect(ids.get(key) ?? id).toBe(id)
            ids.set(key, id)
          }
          expect(new Set(ids.values()).size).toBe(ids.size)
        },
      ),
    )
  })

  test('two bots do not share ids', () => {
    const { messages } = createState()
    messages.learn(bot, { native: '5', peer: group(1) }, content, true)
    expect(messages.get(10002 as UserId, 5 as MessageId)).toBeUndefined()
    expect(messages.find(10002 as UserId, { native: '5', peer: group(1) })).toBeUndefined()
  })
})

describe('message contents', () => {
  test('survive a restart with a data folder', () => {
    const folder = makeFolder()
    const before = createState({ folder })
    const { id } = before.messages.learn(bot, { native: '77', peer: friend(20001) }, content, true)
    before.close()
    const after = createState({ folder })
    expect(after.messages.get(bot, id)).toEqual({ id, peer: friend(20001), ...content, seq: undefined })
    expect(after.messages.learn(bot, { native: '77', peer: friend(20001) }, undefined, true)).toEqual({
      id,
      fresh: false,
    })
    after.close()
  })

  test('content learnt later is added, bytes are left to the media store', () => {
    const { messages } = createState()
    const { id } = messages.learn(bot, { native: '9', peer: group(1) }, undefined, true)
    expect(messages.get(bot, id)).toBeUndefined()
    const segments = [{ type: 'image' as const, id: 'A', base64: 'QUJD' }]
    messages.learn(bot, { native: '9', peer: group(1) }, { ...content, segments }, true)
    expect(messages.get(bot, id)?.segments).toEqual([{ type: 'image', id: 'A', base64: undefined, url: undefined }])
  })

  test('a picture that a client sent is kept with the address of its bytes', () => {
    const { messages } = createState({ mediaBaseUrl: () => 'http://127.0.0.1:1/media/' })
    const segments = [{ type: 'image' as const, id: 'A.png', base64: 'QUJD' }]
    const { id } = messages.learn(bot, { native: '9', peer: group(1) }, { ...content, segments }, true)
    expect(messages.get(bot, id)?.segments).toMatchObject([{ url: 'http://127.0.0.1:1/media/A.png' }])
  })

  test('asks for a commit once per group of rows', () => {
    let asked = 0
    const { messages, commit } = createState({ onPending: () => asked++ })
    for (let at = 1; at <= 50; at++) messages.learn(bot, { native: String(at), peer: group(1) }, content, true)
    expect(asked).toBe(1)
    commit()
    messages.learn(bot, { native: '51', peer: group(1) }, content, true)
    expect(asked).toBe(2)
  })

  test('what is learnt after the first writing replaces it on disk', () => {
    const folder = makeFolder()
    const before = createState({ folder })
    const { id } = before.messages.learn(bot, { native: '5', peer: group(1) }, undefined, true)
    before.commit()
    before.messages.learn(bot, { native: '5', peer: group(1) }, content, true)
    before.close()
    const after = createState({ folder })
    expect(after.messages.get(bot, id)?.segments).toEqual(content.segments)
    after.close()
  })

  test('more messages than the cache holds are found again', () => {
    const { messages, commit } = createState()
    for (let at = 1; at <= 25_000; at++) {
      messages.learn(bot, { native: String(at), peer: group(1) }, content, true)
      if (at % 1000 === 0) commit()
    }
    expect(messages.get(bot, 1 as MessageId)?.segments).toEqual(content.segments)
  })
})

test('a damaged data file is set aside and said', () => {
  const folder = makeFolder()
  writeFileSync(join(folder, 'bridge.db'), 'this is no database, but long enough to be taken for one'.repeat(100))
  const said: string[] = []
  const state = createState({ folder, onDamage: (text) => said.push(text) })
  state.messages.learn(bot, { native: '1', peer: group(1) }, content, true)
  state.close()
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('damaged')
})

describe('requests', () => {
  test('ids are durable, repeated events keep theirs, answers are remembered', () => {
    const folder = makeFolder()
    const before = createState({ folder })
    const record = { kind: 'join' as const, native: 'flag-1', userId: 20302 as UserId, groupId: 30001 as GroupId }
    const id = before.requests.learn(bot, record)
    expect(before.requests.learn(bot, record)).toBe(id)
    before.close()
    const after = createState({ folder })
    expect(after.requests.get(bot, id)).toEqual({ ...record, answered: false, expired: false })
    after.requests.markAnswered(bot, id)
    expect(after.requests.get(bot, id)?.answered).toBe(true)
    expect(after.requests.learn(bot, { ...record, native: 'flag-2' })).toBeGreaterThan(id)
    after.close()
  })
})

describe('media', () => {
  const png = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d', 'hex'))

  test('bytes get their MD5 as id and the extension of their signature', () => {
    const { media } = createState()
    const { id } = media.put('image', png)
    expect(id).toMatch(/^[0-9A-F]{32}\.png$/)
    expect(media.get(id.toLowerCase().replace('.png', '.jpg'))?.bytes).toEqual(png)
    expect(media.source({ type: 'image', id }, 'napcat')).toEqual({
      kind: 'base64',
      value: Buffer.from(png).toString('base64'),
    })
  })

  test('uploads survive a restart', () => {
    const folder = makeFolder()
    const before = createState({ folder })
    const { id } = before.media.put('image', png)
    before.close()
    const after = createState({ folder })
    expect(Buffer.from(after.media.get(id)?.bytes ?? []).equals(png)).toBe(true)
    after.close()
  })

  test('a received picture keeps the MD5 of its name and is native to its backend only', () => {
    const { media } = createState()
    const native = '0A1B2C3D4E5F60718293A4B5C6D7E8F9.jpg'
    const url = 'https://img.example/1'
    const id = media.learn({ kind: 'image', backend: 'napcat', native, name: native, url })
    expect(id).toBe(native)
    expect(media.source({ type: 'image', id }, 'napcat')).toEqual({ kind: 'native', value: native, url })
    expect(media.source({ type: 'image', id }, 'mah')).toEqual({ kind: 'url', value: url })
  })

  test('an id nobody knows is not found, a segment without any source is refused', () => {
    const { media } = createState()
    expect(() => media.source({ type: 'image', id: 'F'.repeat(32) }, 'x')).toThrow(
      expect.objectContaining({ kind: 'notFound' }),
    )
    expect(() => media.source({ type: 'voice' }, 'x')).toThrow(expect.objectContaining({ kind: 'badParameter' }))
  })
})
