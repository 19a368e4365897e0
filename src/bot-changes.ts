// Which accounts of a backend came, went or changed between two looks.
import type { BotStatus } from './core/ports.ts'

/** An account of a backend appeared, went on or off line, was renamed, or is not there any more. */
export interface BotChange extends BotStatus {
  backend: string
  /** The backend has no such account any more. */
  gone: boolean
}

/** Remembers what it was shown. */
export function createBotWatch(
  tell: (change: BotChange) => void,
): (backend: string, now: readonly BotStatus[]) => void {
  const known = new Map<string, ReadonlyMap<number, BotStatus>>()
  return (backend, now) => {
    const before = known.get(backend)
    // Statuses are read once: an adapter may give the same object with other contents the next time.
    const after = new Map(now.map(({ bot, nickname, online }) => [bot, { bot, nickname, online }]))
    known.set(backend, after)
    for (const status of after.values()) {
      const old = before?.get(status.bot)
      if (old?.online === status.online && old.nickname === status.nickname) continue
      tell({ backend, ...status, gone: false })
    }
    for (const old of before?.values() ?? []) {
      if (!after.has(old.bot)) tell({ backend, ...old, online: false, gone: true })
    }
  }
}
