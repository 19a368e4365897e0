// Everything durable, opened together and committed together.
import type { MediaId } from '../core/ids.ts'
import { createByteStore } from './bytes.ts'
import { openDatabase } from './database.ts'
import { createMediaStore } from './media.ts'
import { createMessageLog } from './messages.ts'
import { createRequestLog } from './requests.ts'

export interface StateOptions {
  /** Data folder. Absent: everything is lost at the end. */
  folder?: string | undefined
  /** Bytes of uploads that are kept. */
  mediaBytes?: number
  mediaBaseUrl?: () => string | undefined
  /** Asked to call `commit` soon: something waits to be written. */
  onPending?: () => void
  onDamage?: (text: string) => void
}

export function createState(options: StateOptions = {}) {
  const db = openDatabase(options.folder, options.onDamage ?? (() => {}))
  const bytes = createByteStore(options.folder, options.mediaBytes ?? 256 * 1024 * 1024)
  const requests = createRequestLog(db)
  const media = createMediaStore({ db, bytes, baseUrl: options.mediaBaseUrl ?? (() => undefined) })
  const messages = createMessageLog({
    db,
    urlOf: (id) => media.urlOf(id as MediaId),
    onPending: options.onPending ?? (() => {}),
  })
  return {
    messages,
    requests,
    media,
    commit: () => messages.commit(),
    close(): void {
      messages.commit()
      db.close()
    },
  }
}

export type State = ReturnType<typeof createState>
