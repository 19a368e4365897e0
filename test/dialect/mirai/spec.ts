// The recorded wire facts. Only tests read them.
import { readFileSync } from 'node:fs'

interface Field {
  name: string
}

interface Spec {
  commands: {
    name: string
    subCommand?: 'get' | 'update'
    http: { method: string; path: string; aliases: { path: string }[] }
    adapters: { ws: boolean | string; webhook: boolean }
    sessionRequired: boolean
    response?: { shape?: unknown }
  }[]
  events: { type: string; category: 'message' | 'event'; fields: Field[] }[]
  messages: { type: string; fields: Field[] }[]
  objects: Record<string, { example?: Record<string, unknown> }>
}

const path = new URL('../../facts/mirai-api-http.json', import.meta.url)

export const spec = JSON.parse(readFileSync(path, 'utf8')) as Spec
