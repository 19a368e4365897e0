// A running IM world: its state, the accounts that act in it, and who watches. No I/O; clock and chance are given.
import type { UserId } from '../core/ids.ts'
import { type Actor, createActor } from './actor.ts'
import type { Env } from './env.ts'
import { evolve } from './evolve.ts'
import { describeMiss, type Expected, fits, missed, type Recorded, toRecorded } from './expectation.ts'
import type { Happening } from './happening.ts'
import { exportWorld } from './export.ts'
import { freeze } from './freeze.ts'
import { restore, type WorldStore } from './journal.ts'
import { loadWorld } from './load.ts'
import { accountOf } from './look.ts'
import type { Device, WorldState } from './state.ts'
import type { WorldFile } from './world-file.ts'
import { unconnected, type WorldHost } from './world-host.ts'

export interface WorldOptions {
  /** Unix milliseconds. Default: the system's clock. */
  now?: () => number
  /** In [0, 1). Default: Math.random. */
  random?: () => number
  /** In 1 .. 2^30. Default: random, so that ids do not come again after a restart. */
  firstMessageId?: number
  /** A watcher threw. Default: the error is thrown outside of the act. */
  onError?: (error: unknown) => void
  /** Where the world keeps itself. What is kept there wins over the file. Absent: everything is lost at the end. */
  store?: WorldStore
}

export interface World {
  /** For looking only. Another object after a reset. */
  readonly state: WorldState
  /** Unix milliseconds. */
  now(): number
  /**
   * The account, ready to act. `device` bridge: what it says was sent by a program through this bridge.
   * Throws `notFound` for an unknown account.
   */
  as(userId: number, device?: Device): Actor
  /** Called after each happening has taken effect, in order. Returns how to stop it. */
  watch(watcher: (happening: Happening) => void): () => void
  /**
   * The next happening of which `expected` is a part, or that it accepts. Rejects with `timeout` after `timeoutMs` (default
   * 4000: test runners give up after 5000), saying what came nearest.
   */
  expect(expected: Expected, options?: { timeoutMs?: number | undefined }): Promise<Recorded>
  /** Who keeps media and gives out ids from now on. */
  connect(host: WorldHost): void
  readonly host: WorldHost
  /** Back to the world file. Message ids go on counting. */
  reset(): void
  export(): WorldFile
}

/** `file` as `parseWorld` returns it, or how to get it when it is needed. */
export function createWorld(file: WorldFile | (() => WorldFile), options: WorldOptions = {}): World {
  const read = typeof file === 'function' ? file : () => file
  let host = unconnected
  const env: Env = {
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    keepMedia: (segment) => host.keepMedia(segment),
  }
  const now = Math.floor(env.now() / 1000)
  const firstMessageId = options.firstMessageId ?? 1 + Math.floor(env.random() * (2 ** 30 - 1))
  const telling = createTelling(options.onError ?? throwLater)
  const { store } = options
  let state = (store && restore(store)) ?? begin(loadWorld(read(), { now, firstMessageId }))

  function begin(fresh: WorldState): WorldState {
    store?.begin(freeze(fresh))
    return fresh
  }

  function commit(happenings: readonly Happening[]): void {
    // As it was decided: what happens to a message later is a happening of its own.
    if (store) for (const happening of happenings) store.append(JSON.stringify(happening))
    for (const happening of happenings) evolve(state, happening)
    telling.tell(happenings)
  }

  function reset(): void {
    const { nextMessageId, nextRequest } = state
    state = begin({ ...loadWorld(read(), { now, firstMessageId: nextMessageId }), nextRequest })
    telling.tell([{ type: 'reset', time: Math.floor(env.now() / 1000) }])
  }

  const stage = {
    get state() {
      return state
    },
    env,
    commit,
  }
  return {
    get state() {
      return state
    },
    now: env.now,
    as: (userId, device = 'client') => createActor(stage, accountOf(state, userId as UserId).userId, device),
    watch: telling.watch,
    expect: (expected, { timeoutMs = 4000 } = {}) => expectHappening(telling.watch, expected, timeoutMs),
    get host() {
      return host
    },
    connect: (next) => void (host = next),
    reset,
    export: () => exportWorld(state, Math.floor(env.now() / 1000)),
  }
}

type Watcher = (happening: Happening) => void

/** Tells every watcher everything in one order, also when a watcher acts while it is told. */
function createTelling(onError: (error: unknown) => void) {
  const watchers = new Set<Watcher>()
  const waiting: Happening[] = []
  let telling = false

  function tell(happenings: readonly Happening[]): void {
    waiting.push(...happenings)
    if (telling) return
    telling = true
    for (let next = waiting.shift(); next; next = waiting.shift()) for (const watcher of watchers) guard(watcher, next)
    telling = false
  }

  function guard(watcher: Watcher, happening: Happening): void {
    try {
      watcher(happening)
    } catch (error) {
      onError(error)
    }
  }

  function watch(watcher: Watcher): () => void {
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }

  return { tell, watch }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

function expectHappening(watch: World['watch'], expected: Expected, timeoutMs: number): Promise<Recorded> {
  const seen: Recorded[] = []
  const caller = new Error()
  return new Promise((resolve, reject) => {
    const stop = watch((happening) => {
      const recorded = toRecorded(happening)
      seen.push(recorded)
      if (!fits(expected, recorded)) return
      finish()
      resolve(recorded)
    })
    const timer = setTimeout(() => {
      finish()
      reject(missed(describeMiss(expected, seen, timeoutMs), caller))
    }, timeoutMs)
    function finish(): void {
      stop()
      clearTimeout(timer)
    }
  })
}
