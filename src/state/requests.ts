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
}

export function createRequestLog(db: DatabaseSync): RequestLog {
  const byNative = db.prepare('SELECT id FROM requests WHERE bot = ? AND kind = ? AND native = ?')
  const byId = db.prepare('SELECT * FROM requests WHERE bot = ? AND id = ?')
  const insert = db.prepare(
    'INSERT INTO requests (bot, id, kind, native, user_id, group_id, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const settle = db.prepare('UPDATE requests SET answered = 1 WHERE bot = ? AND id = ?')
  const { last } = db.prepare('SELECT max(id) AS last FROM requests').get() as { last: number | null }
  let lastId = last ?? 0

  return {
    learn(bot, record) {
      const known = byNative.get(bot, record.kind, record.native) as { id: number } | undefined
      if (known) return known.id as RequestId
      // Seeded from the clock: ids of another life of this bridge without its data folder are not met again.
      lastId = Math.max(lastId + 1, Date.now())
      insert.run(bot, lastId, record.kind, record.native, record.userId, record.groupId ?? null, Date.now())
      return lastId as RequestId
    },
    get(bot, id) {
      const row = byId.get(bot, id) as Row | undefined
      if (!row) return undefined
      const { kind, native } = row
      const userId = row.user_id as UserId
      const groupId = row.group_id === null ? undefined : (row.group_id as GroupId)
      return { kind, native, userId, groupId, answered: row.answered === 1 }
    },
    markAnswered: (bot, id) => void settle.run(bot, id),
  }
}
