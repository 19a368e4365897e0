// Friend and group requests: the bridge's id <-> the backend's handle. Rare and precious: each row is written at once,
// and one for which the disk has no place yet is known all the same.
import type { DatabaseSync } from 'node:sqlite'
import type { GroupId, RequestId, UserId } from '../core/ids.ts'
import type { RequestLog, RequestRecord } from '../core/ports.ts'
import { createPatience, type Patience } from './patience.ts'

interface Row {
  id: number
  kind: RequestRecord['kind']
  native: string
  user_id: number
  group_id: number | null
  answered: number
  /** Milliseconds: when it was learnt. */
  at: number
  asked: number | null
}

/** QQ itself forgets a request after about that time. */
export const defaultRequestDays = 7
const dayMs = 24 * 3600 * 1000

export interface RequestLogOptions {
  db: DatabaseSync
  /** Days that a request can be answered. Default 7. */
  days?: number | undefined
  now?: () => number
  onWrite?: () => void
  patience?: Patience
}

/** Those that expired are known for as long again, so that an answer can be told why it comes to nothing. */
export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { db, days = defaultRequestDays, now = () => Date.now(), onWrite = () => {} } = options
  const { patience = createPatience() } = options
  const byNative = db.prepare('SELECT id, asked FROM requests WHERE bot = ? AND kind = ? AND native = ?')
  const byId = db.prepare('SELECT * FROM requests WHERE bot = ? AND id = ?')
  const insert = db.prepare(
    'INSERT INTO requests (bot, id, kind, native, user_id, group_id, answered, at, asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const settle = db.prepare('UPDATE requests SET answered = 1 WHERE bot = ? AND id = ?')
  const renew = db.prepare('UPDATE requests SET answered = 0, at = ?, asked = ? WHERE bot = ? AND id = ?')
  const prune = db.prepare('DELETE FROM requests WHERE at < ?')
  const { last } = db.prepare('SELECT max(id) AS last FROM requests').get() as { last: number | null }
  let lastId = last ?? 0

  /** Those that are not on disk yet. */
  const held = new Map<number, Row & { bot: UserId }>()
  const forget = (): void => patience.write(() => prune.run(now() - 2 * days * dayMs))
  forget()

  function write(row: Row & { bot: UserId }): void {
    held.set(row.id, row)
    patience.write(() => {
      const { bot, id, kind, native, user_id, group_id, answered, at, asked } = row
      insert.run(bot, id, kind, native, user_id, group_id, answered, at, asked)
      held.delete(id)
    })
  }

  function find(bot: UserId, { kind, native }: RequestRecord): Pick<Row, 'id' | 'asked'> | undefined {
    for (const row of held.values()) if (row.bot === bot && row.kind === kind && row.native === native) return row
    return byNative.get(bot, kind, native) as Pick<Row, 'id' | 'asked'> | undefined
  }

  return {
    learn(bot, record) {
      onWrite()
      const known = find(bot, record)
      if (known) {
        // Some name a request after the person who asks: who asks again has the same name.
        const { time = 0 } = record
        if (known.asked !== null && time > known.asked) {
          const at = now()
          patience.write(() => renew.run(at, time, bot, known.id))
        }
        return known.id as RequestId
      }
      forget()
      // Seeded from the clock: ids of another life of this bridge without its data folder are not met again.
      lastId = Math.max(lastId + 1, now())
      const { kind, native, userId: user_id, groupId: group_id = null, time: asked = null } = record
      write({ bot, id: lastId, kind, native, user_id, group_id, answered: 0, at: now(), asked })
      return lastId as RequestId
    },
    get(bot, id) {
      const own = held.get(id)
      const row = own?.bot === bot ? own : (byId.get(bot, id) as Row | undefined)
      if (!row) return undefined
      const { kind, native, at } = row
      const userId = row.user_id as UserId
      const groupId = row.group_id === null ? undefined : (row.group_id as GroupId)
      return { kind, native, userId, groupId, answered: row.answered === 1, expired: at < now() - days * dayMs }
    },
    markAnswered(bot, id) {
      const row = held.get(id)
      if (row?.bot === bot) row.answered = 1
      patience.write(() => settle.run(bot, id))
      onWrite()
    },
  }
}
