// The secrets of a configuration, taken out of whatever people read.
import type { Config } from './config.ts'
import { createRedact } from './core/redact.ts'
import { doorsOf } from './doors.ts'

/** `config`: the one in force, which may change. */
export function createHiding(config: () => Config): (text: string) => string {
  let known: Config | undefined
  let hide: (text: string) => string = (text) => text
  return (text) => {
    const now = config()
    if (now !== known) {
      known = now
      hide = createRedact(secretsOf(now))
    }
    return hide(text)
  }
}

/** All that the configuration holds: of listeners, of backends, of clients that are connected to. */
function secretsOf(config: Config): string[] {
  const secrets = doorsOf(config).map(({ secret }) => secret)
  for (const backend of Object.values(config.backends)) {
    if (backend.dialect === 'onebot11') secrets.push(backend.accessToken)
    else if (backend.dialect === 'mirai') secrets.push(backend.verifyKey)
  }
  for (const inbound of Object.values(config.inbounds)) {
    if (inbound.dialect === 'mirai') secrets.push(inbound.verifyKey)
    else {
      secrets.push(inbound.accessToken)
      for (const { accessToken } of inbound.reverse) if (accessToken !== undefined) secrets.push(accessToken)
      for (const { secret } of inbound.webhooks) secrets.push(secret)
    }
  }
  return secrets
}
