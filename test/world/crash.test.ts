// kill -9 under load: nothing that was acknowledged may be missing after a restart.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'

const script = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const folders: string[] = []
const children: ChildProcess[] = []
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'))
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }))
})

interface Ports {
  onebot: number
  admin: number
}

async function launch(folder: string): Promise<{ child: ChildProcess; ports: Ports }> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { child, ports: JSON.parse(line) as Ports }
}

async function post(port: number, path: string, [token, body]: [string, object]): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Record<string, unknown>
}

const say = ({ admin }: Ports, text: string) =>
  post(admin, '/world/act', [
    'admin-token-of-tests',
    { kind: 'message', chat: 'group', group: 30001, sender: 20001, segments: [{ type: 'text', text }] },
  ])

const ask = ({ onebot }: Ports, action: string, params: object) =>
  post(onebot, `/${action}`, ['access-token-of-tests', params])

/** Two senders, each waiting for its answers, until the process is gone. */
async function load(ports: Ports, acknowledged: Map<number, string>): Promise<void> {
  const byPerson = async (): Promise<void> => {
    for (let at = 0; ; at++) {
      const { messageId } = await say(ports, `person ${at}`)
      acknowledged.set(messageId as number, `person ${at}`)
    }
  }
  const byBot = async (): Promise<void> => {
    for (let at = 0; ; at++) {
      const { data } = await ask(ports, 'send_group_msg', { group_id: 30001, message: `bot ${at}` })
      acknowledged.set((data as { message_id: number }).message_id, `bot ${at}`)
    }
  }
  await Promise.allSettled([byPerson(), byPerson(), byBot(), byBot()])
}

test('nothing acknowledged is missing, ids are not given twice', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crash-'))
  folders.push(folder)
  const acknowledged = new Map<number, string>()
  for (let round = 1; round <= 3; round++) {
    const { child, ports } = await launch(folder)
    const loading = load(ports, acknowledged)
    await until(() => acknowledged.size >= round * 150, 'the load')
    child.kill('SIGKILL')
    await loading
  }
  const { ports } = await launch(folder)
  // One after the other: a listener takes 256 strangers at a time.
  const answers: [string | undefined, string][] = []
  for (const [id, text] of acknowledged) {
    const { data } = await ask(ports, 'get_msg', { message_id: id })
    answers.push([(data as { raw_message?: string } | null)?.raw_message, text])
  }
  expect(answers.filter(([found, text]) => found !== text)).toEqual([])
  expect(acknowledged.size).toBeGreaterThanOrEqual(450)
  const response = await fetch(`http://127.0.0.1:${ports.admin}/world/messages?chat=group&id=30001&limit=100000`, {
    headers: { authorization: 'Bearer admin-token-of-tests' },
  })
  const { messages } = (await response.json()) as { messages: { id: number; seq: number }[] }
  const ids = new Set(messages.map(({ id }) => id))
  expect(ids.size).toBe(messages.length)
  expect([...acknowledged.keys()].filter((id) => !ids.has(id))).toEqual([])
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, at) => at + 1))
})
