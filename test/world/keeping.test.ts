// A world that keeps itself: what was is again after a restart, whatever was done.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { openWorld } from '../../src/outbound/embedded/open-world.ts'
import { createState } from '../../src/state/index.ts'
import { demoWorld, friend, group, parseWorld, type World } from '../../src/world/index.ts'
import { freezeMessages } from '../../src/world/freeze-messages.ts'
import { freeze } from '../../src/world/freeze.ts'
import { actArbitrary } from './act-arbitrary.ts'
import { worldOfTwoBots } from './support.ts'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'world-'))
  folders.push(folder)
  return folder
}

function open(folder: string, file: unknown = demoWorld) {
  const log: string[] = []
  const state = createState({ folder })
  const { openWorldStore } = state
  const world = openWorld({
    file: { origin: JSON.stringify(file), read: () => parseWorld(file) },
    openStore: openWorldStore && ((origin) => openWorldStore('lab', origin)),
    log: (_, text) => void log.push(text),
    now: () => 1_700_000_000_000,
    firstMessageId: 1000,
  })
  return { world, log, state }
}

/** Everything that a world knows, as text; the ids that a restart passes over do not count. */
function whole({ state }: World): string[] {
  const lines = [...freeze({ ...state, nextMessageId: 0 })]
  return [...lines, ...freezeMessages(state.messages.values()), ...state.forwards.keys()]
}

function restart(folder: string, before: ReturnType<typeof open>, file?: unknown): ReturnType<typeof open> {
  before.state.close()
  return open(folder, file)
}

describe('keeping', () => {
  test('everything is as it was, also after a second restart', () => {
    const folder = newFolder()
    let now = open(folder)
    const { world } = now
    world.as(20001).say(group(30001), [
      { type: 'text', text: 'hi' },
      { type: 'forward', nodes: [{ senderId: 20002 as never, segments: [{ type: 'text', text: 'x' }] }] },
    ])
    world.as(20002).react(1000, '66', true)
    world.as(20001).setEssence(1000, true)
    world.as(20001).say(friend(10001), 'secret')
    world.as(20001).recall(1001)
    world.as(10001).publishNotice(30001, { text: 'fog' })
    world.as(20002).upload(30001, { name: 'a', folder: '/x/y', base64: 'AAEC' })
    world.as(20301).requestFriend(10001, 'hi', { filtered: true })
    world.as(20002).like(10001, 3)
    world.as(10001).setDevice({ id: 1, name: 'a', platform: 'b' }, true)
    world.as(10001).markRead()
    const before = whole(world)
    for (let round = 0; round < 2; round++) {
      now = restart(folder, now)
      expect(whole(now.world)).toEqual(before)
      expect(now.log).toEqual(['the stored world goes on'])
    }
    // Ids that a crash may have cost are not given again.
    expect(now.world.as(20001).say(group(30001), 'again')).toBeGreaterThan(10_000)
    now.state.close()
  })

  test('more than a thousand happenings become a snapshot, later changes of old messages count', () => {
    const folder = newFolder()
    let now = open(folder)
    for (let at = 0; at < 1200; at++) now.world.as(20001).say(group(30001), `${at}`)
    now = restart(folder, now)
    now.world.as(20002).react(1000, '1', true)
    for (let at = 0; at < 1100; at++) now.world.as(20001).say(group(30001), `${at}`)
    now.world.as(20001).recall(1001)
    const before = whole(now.world)
    now = restart(folder, now)
    expect(whole(now.world)).toEqual(before)
    now = restart(folder, now)
    expect(whole(now.world)).toEqual(before)
    now.state.close()
  })

  test('a world file that was changed: the stored world wins and says how to reset', () => {
    const folder = newFolder()
    let now = open(folder)
    now.world.as(20001).say(group(30001), 'hi')
    const changed = { ...demoWorld, friends: [] }
    now = restart(folder, now, changed)
    expect(now.log[0]).toContain('POST /world/reset')
    expect(now.world.state.messages.size).toBe(1)
    now.world.reset()
    expect([now.world.state.messages.size, now.world.export().friends]).toEqual([0, []])
    now = restart(folder, now, changed)
    expect(now.log).toEqual(['the stored world goes on'])
    expect([now.world.state.messages.size, now.world.export().friends]).toEqual([0, []])
    now.state.close()
  })

  test('what cannot be read is set aside and told', () => {
    const folder = newFolder()
    const before = open(folder)
    before.world.as(20001).say(group(30001), 'hi')
    before.state.openWorldStore?.('lab', 'x').append('no JSON')
    const now = restart(folder, before)
    expect(now.log[0]).toMatch(/cannot be read .* it is kept as lab\.damaged-/)
    expect(now.world.state.messages.size).toBe(0)
    now.state.close()
  })

  test('law: whatever anybody tries, a restart changes nothing', () => {
    fc.assert(
      fc.property(fc.array(actArbitrary, { minLength: 5, maxLength: 60 }), (acts) => {
        const folder = newFolder()
        let now = open(folder, worldOfTwoBots())
        for (const act of acts) {
          try {
            act(now.world)
          } catch (error) {
            expect((error as { name: string }).name).toBe('BridgeError')
          }
        }
        const before = whole(now.world)
        now = restart(folder, now, worldOfTwoBots())
        expect(whole(now.world)).toEqual(before)
        now.state.close()
      }),
      { numRuns: 25 },
    )
  })
})
