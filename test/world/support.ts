// A world with a clock that stands still, ids from 1000 and chance that always draws the same.
import type { BridgeEvent } from '../../src/core/event.ts'
import { createWorld, demoWorld, type Happening, parseWorld, toEvents, type World } from '../../src/world/index.ts'

export const bot = 10001
export const captain = 20001
export const nemo = 20002
export const bob = 20003
export const mate = 20005

export interface TestWorld {
  world: World
  clock: { now: number }
  /** What the bots were told since the last call. */
  told(): BridgeEvent[]
  happened(): Happening[]
}

export function startWorld(file: unknown = demoWorld): TestWorld {
  const clock = { now: 1_700_000_000_000 }
  const world = createWorld(parseWorld(file), { now: () => clock.now, random: () => 0.5, firstMessageId: 1000 })
  let happenings: Happening[] = []
  let events: BridgeEvent[] = []
  world.watch((happening) => {
    happenings.push(happening)
    events.push(...toEvents(world.state, happening))
  })
  return {
    world,
    clock,
    told() {
      const all = events
      events = []
      return all
    },
    happened() {
      const all = happenings
      happenings = []
      return all
    },
  }
}

/** The demo world with a second bot, 10002, a member of 30001 and a friend of the first. */
export function worldOfTwoBots(): unknown {
  const file = structuredClone(demoWorld)
  file.accounts.push({ id: 10002, bot: true, nickname: 'second' })
  file.friends?.push({ of: 10001, id: 10002 })
  file.groups?.[0]?.members.push({ id: 10002 })
  return file
}

/** The kind of the BridgeError that this throws, or the value. */
export function kindOf(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return (error as { kind?: string }).kind ?? error
  }
}
