// What may differ from connection to connection; what an entry leaves open is as the inbound has it.
import type { MessageFormat } from '../../dialect/onebot11/wire.ts'
import { defaultBacklogLimits, type BacklogLimits } from '../../transport/backlog.ts'
import type { ConnectionOptions, OneBot11InboundOptions } from './options.ts'

export interface Settings {
  messageFormat: MessageFormat
  reportSelf: boolean
  /** Milliseconds; 0: none. */
  heartbeatMs: number
}

/** What is kept for a client that is away. */
export function outboxOf({ outbox }: OneBot11InboundOptions): BacklogLimits {
  return { items: outbox.events, bytes: outbox.bytes, ageMs: outbox.ms }
}

/** What is kept for one that is there, but takes it slowly: some time is needed even where nothing is kept for the absent. */
export function slownessOf(options: OneBot11InboundOptions): BacklogLimits {
  const limits = outboxOf(options)
  return { ...limits, ageMs: limits.ageMs || defaultBacklogLimits.ageMs }
}

export function settingsOf(entry: ConnectionOptions, options: OneBot11InboundOptions): Settings {
  return {
    messageFormat: entry.messageFormat ?? options.messageFormat,
    reportSelf: entry.reportSelf ?? options.reportSelf,
    heartbeatMs: entry.heartbeatMs ?? options.heartbeatMs,
  }
}
