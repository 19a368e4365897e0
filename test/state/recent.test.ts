// What is kept in memory is bounded whatever the number of keys and owners, and the latest of them are always there.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GroupId, Peer, UserId } from '../../src/core/ids.ts'
import { createState } from '../../src/state/index.ts'
import { createRecent, createSharedRecent } from '../../src/state/recent.ts'

test('the latest are kept, what is older than twice as many is not', () => {
  const recent = createRecent<number, number>(4)
  for (let key = 0; key < 100; key++) recent.set(key, key)
  const kept = Array.from({ length: 100 }, (_, key) => recent.get(key)).filter((value) => value !== undefined)
  expect(kept).toEqual([96, 97, 98, 99])
})

describe('for many owners', () => {
  test('they share the room: the latest are there, never more than twice as many', () => {
    const owners = fc.array(fc.tuple(fc.nat(5), fc.nat(20)), { maxLength: 200 })
    fc.assert(
      fc.property(owners, fc.integer({ min: 1, max: 12 }), (given, kept) => {
        const recent = createSharedRecent<number, number, string>(kept)
        for (const [owner, key] of given) recent.set(owner, key, `${owner}/${key}`)
        // One that fills the young generation is in the old one at once.
        const latest = given.slice(1 - kept || given.length)
        for (const [owner, key] of latest) expect(recent.get(owner, key)).toBe(`${owner}/${key}`)
      }),
    )
  })

  test('none of them has the entries of another', () => {
    const recent = createSharedRecent<number, number, string>(3)
    recent.set(1, 7, 'one')
    recent.set(2, 7, 'two')
    expect([recent.get(1, 7), recent.get(2, 7), recent.get(3, 7)]).toEqual(['one', 'two', undefined])
  })

  test('one that is asked for stays when others come', () => {
    const recent = createSharedRecent<number, number, string>(4)
    recent.set(1, 0, 'asked for')
    for (let key = 1; key < 50; key++) {
      recent.set(2, key, 'x')
      expect(recent.get(1, 0)).toBe('asked for')
    }
    expect(recent.get(2, 1)).toBeUndefined()
  })
})

/** With room for so many of each account, a hundred busy accounts took a gigabyte. */
test('messages of many bots stay known when the memory has no room for all of them', () => {
  const state = createState({ cachedMessages: 16 })
  const peer: Peer = { kind: 'group', groupId: 30001 as GroupId }
  const sender = { userId: 20001 as UserId, nickname: 'n' }
  const bots = Array.from({ length: 20 }, (_, at) => (10_001 + at) as UserId)
  const learn = (bot: UserId, at: number) => {
    const segments = [{ type: 'text' as const, text: `${bot} ${at}` }]
    return state.messages.learn(bot, { native: `${bot}-${at}`, peer }, { sender, time: 1, segments })
  }
  const ids = bots.map((bot) => [0, 1, 2, 3, 4].map((at) => learn(bot, at).id))
  bots.forEach((bot, place) =>
    ids[place]?.forEach((id, at) => {
      expect(state.messages.get(bot, id)?.segments).toEqual([{ type: 'text', text: `${bot} ${at}` }])
      expect(learn(bot, at)).toEqual({ id, fresh: false })
    }),
  )
  state.close()
})
