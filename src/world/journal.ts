// How a world keeps itself: a snapshot, and what has happened since, in a store that it is given.
import { evolve } from './evolve.ts'
import { freezeMessages, thawMessages } from './freeze-messages.ts'
import { freeze, thaw } from './freeze.ts'
import type { Happening } from './happening.ts'
import type { WorldMessage, WorldState } from './state.ts'

/** Lines of JSON; only the world looks inside. */
export interface SavedWorld {
  parts: Iterable<string>
  messages: Iterable<string>
  happenings: Iterable<string>
}

export interface WorldStore {
  /** undefined when nothing was kept. */
  load(): SavedWorld | undefined
  /** Everything anew. */
  begin(parts: Iterable<string>): void
  /** Durable with the end of the turn. */
  append(happening: string): void
  /** The happenings so far are now part of the snapshot. `messages`: more of them, new and changed ones. */
  compact(parts: Iterable<string>, messages: Iterable<string>): void
}

/** From so many happenings on, a start makes a new snapshot of them. */
const compactFrom = 1000
/** Ids that may have been given out in the turn that a crash cut short are not given again. */
const lostIds = 10_000

/** The world as it was when it ended, or undefined. Throws when what was kept cannot be read. */
export function restore(store: WorldStore): WorldState | undefined {
  const saved = store.load()
  if (!saved) return undefined
  const state = thaw(saved.parts)
  for (const line of saved.messages) thawMessages(state, line)
  const touched = new Set<number>()
  let count = 0
  for (const line of saved.happenings) {
    const happening = JSON.parse(line) as Happening
    evolve(state, happening)
    touch(touched, happening)
    count++
  }
  if (count >= compactFrom) store.compact(freeze(state), freezeMessages(changed(state, touched)))
  state.nextMessageId = state.nextMessageId > 2 ** 31 - 1 - lostIds ? 1 : state.nextMessageId + lostIds
  return state
}

function touch(touched: Set<number>, happening: Happening): void {
  if (happening.type === 'message') touched.add(happening.message.id)
  if (happening.type === 'message.recall' || happening.type === 'group.reaction') touched.add(happening.id)
}

/** In the order in which they were said. */
function* changed(state: WorldState, touched: ReadonlySet<number>): Generator<WorldMessage> {
  for (const id of touched) {
    const message = state.messages.get(id)
    if (message) yield message
  }
}
