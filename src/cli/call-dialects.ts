// One question to the bridge of this process, as a client of a dialect would put it.
import { toObject, type WireObject } from '../core/read.ts'
import { CliError } from './guard.ts'

export interface Question {
  bot: number
  action: string
  params: WireObject
  /** Of an inbound of the dialect, on loopback. */
  port: number
  secret: string
  timeoutMs: number
}

export interface Outcome {
  answer: unknown
  ok: boolean
}

export async function askOneBot({ bot, action, params, port, secret, timeoutMs }: Question): Promise<Outcome> {
  const response = await fetch(`http://127.0.0.1:${port}/bots/${bot}/${encodeURIComponent(action)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(params),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const answer: unknown = await response.json()
  return { answer, ok: toObject(answer)?.['status'] !== 'failed' }
}

export function askMirai({ bot, action, params, port, secret, timeoutMs }: Question): Promise<Outcome> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/all?verifyKey=${encodeURIComponent(secret)}&qq=${bot}`)
  const [command, subCommand] = action.split('.', 2)
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new CliError(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
    function end(how: Outcome | Error): void {
      clearTimeout(timer)
      socket.close()
      if (how instanceof Error) reject(how)
      else resolve(how)
    }
    socket.addEventListener('close', () => end(new CliError('the session ended')))
    socket.addEventListener('message', ({ data: text }) => {
      const { syncId, data } = JSON.parse(String(text)) as { syncId: string; data: unknown }
      const code = toObject(data)?.['code'] ?? 0
      if (syncId === 'call') return end({ answer: data, ok: code === 0 })
      if (syncId !== '') return
      if (code !== 0) return end({ answer: data, ok: false })
      socket.send(JSON.stringify({ syncId: 'call', command, subCommand: subCommand ?? null, content: params }))
    })
  })
}
