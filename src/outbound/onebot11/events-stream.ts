// Events that an implementation streams: GET /_events of its HTTP API.
import type { JsonLimits } from '../../core/json.ts'
import type { Dropped } from '../../core/ports.ts'
import { keepSubscribed, type Subscription } from '../../transport/sse-client.ts'
import { createReceiver, type Receiver } from './connection.ts'
import { toApi } from './http-link.ts'
import type { HttpWay } from './http-way.ts'
import type { LimitedLog } from '../../core/limited-log.ts'
import type { OneBot11OutboundOptions } from './options.ts'

export interface StreamContext {
  url: string
  options: OneBot11OutboundOptions
  way: HttpWay
  json: JsonLimits | undefined
  log: LimitedLog
  dropped: (what: Dropped) => void
}

export function followStream({ url, options, way, json, log, dropped }: StreamContext): Subscription {
  const { address, headers } = toApi(url, options)
  const { authorization } = headers
  let receiver: Receiver | undefined
  const stream: Subscription = keepSubscribed({
    url: address('_events'),
    headers: authorization === undefined ? {} : { authorization },
    backoff: options.reconnect,
    silenceMs: options.silenceMs,
    answerMs: options.handshakeTimeoutMs,
    maxEventChars: options.answerBytes,
    onOpen() {
      receiver = createReceiver({
        reports: way.reports,
        silenceMs: options.silenceMs,
        json,
        log,
        dropped,
        answer() {
          dropped('frame')
          log('warn', 'garbage', 'something that is no event was streamed and dropped')
        },
        drop: () => stream.restart('no heartbeat for too long'),
      })
      way.alive()
    },
    onData: (text) => void receiver?.receive(text),
    onDown(reason, retryInMs) {
      receiver?.stop()
      log('warn', `stream ${reason}`, `no events: ${reason}; next try in ${retryInMs} ms`)
    },
  })
  return stream
}
