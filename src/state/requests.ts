// Friend and group requests: the bridge's id <-> the backend's handle. Rare and precious: each row is written at once.
import type { DatabaseSync } from 'node:sqlite'
import type { GroupId, RequestId, UserId } from '../core/ids.ts'
import type { RequestLog, RequestRecord } from '../core/ports.ts'

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
}

/** Those that expired are known for as long again, so that an answer can be told why it comes to nothing. */
export function createRequestLog(options: RequestLogOptions): RequestLog {
  const { db, days = defaultRequestDays, now = () => Date.now(), onWrite = () => {} } = options
  const byNative = db.prepare('SELECT id, asked FROM requests WHERE bot = ? AND kind = ? AND native = ?')
  const byId = db.prepare('SELECT * FROM requests WHERE bot = ? AND id = ?')
  const insert = db.prepare(
    'INSERT INTO requests (bot, id, kind, native, user_id, group_id, at, asked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const settle = db.prepare('UPDATE requests SET answered = 1 WHERE bot = ? AND id = ?')
  const renew = db.prepare('UPDATE requests SET answered = 0, at = ?, asked = ? WHERE bot = ? AND id = ?')
  const prune = db.prepare('DELETE FROM requests WHERE at < ?')
  const { last } = db.prepare('SELECT max(id) AS last FROM requests').get() as { last: number | null }
  let lastId = last ?? 0

  const forget = (): void => void prune.run(now() - 2 * days * dayMs)
  forget()

  return {
    learn(bot, record) {
      onWrite()
      const known = byNative.get(bot, record.kind, record.native) as Pick<Row, 'id' | 'asked'> | undefined
      if (known) {
        // Some name a request after the person who asks: who asks again has the same name.
        const { time = 0 } = record
        if (known.asked !== null && time > known.asked) renew.run(now(), time, bot, known.id)
        return known.id as RequestId
      }
      forget()
      // Seeded from the clock: ids of another life of this bridge without its data folder are not met again.
      lastId = Math.max(lastId + 1, now())
      insert.run(
        bot,
        lastId,
        record.kind,
        record.native,
        record.userId,
        record.groupId ?? null,
        now(),
        record.time ?? null,
      )
      return lastId as RequestId
    },
    get(bot, id) {
      const row = byId.get(bot, id) as Row | undefined
      if (!row) return undefined
      const { kind, native, at } = row
      const userId = row.user_id as UserId
      const groupId = row.group_id === null ? undefined : (row.group_id as GroupId)
      return { kind, native, userId, groupId, answered: row.answered === 1, expired: at < now() - days * dayMs }
    },
    markAnswered(bot, id) {
      settle.run(bot, id)
      onWrite()
    },
  }
}
