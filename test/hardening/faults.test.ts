// Backends that drop, stall, lie and flood, by every way that leads to one: whoever called is told once, in time and in the
// form of its dialect, everybody else is served meanwhile, and the backend serves again afterwards.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, adminToken } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { connectClients, type Clients } from './fault-clients.ts'
import { faults } from './fault-steps.ts'
import { answerBytes, backendKey, stand, ways, type Stand } from './fault-ways.ts'
import { dial, expectDiscreet, http, open, type Client } from './support.ts'

const canaries = ['canary', 'It works!', 'SSH-2.0']
/** Milliseconds that a caller waits at most once its backend is lost, and beyond its deadline. */
const toldMs = 1000
const servedMs = 3000
const deadline = /no answer in|did not answer within/

async function isServed(client: Client): Promise<void> {
  const asked = performance.now()
  client.send({ action: 'send_group_msg', params: { group_id: 30001, message: 'beside' }, echo: 'side' })
  expect(JSON.parse(await client.find((text) => text.includes('"echo":"side"')))).toMatchObject({ status: 'ok' })
  expect(performance.now() - asked).toBeLessThan(servedMs)
}

async function look(port: number, path: string): Promise<string> {
  return (await http(port, { path, headers: { authorization: `Bearer ${adminToken}` } })).text
}

async function droppedAt(port: number): Promise<Record<string, number>> {
  const lines = (await look(port, '/metrics')).matchAll(/^bridge_dropped_total\{backend="far",what="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, what, count]) => [what, Number(count)]))
}

async function rises(port: number, before: Record<string, number>, by: Record<string, number>): Promise<void> {
  const wanted = Object.fromEntries(Object.entries(by).map(([what, count]) => [what, (before[what] ?? 0) + count]))
  for (const end = Date.now() + servedMs; Date.now() < end;) {
    const now = await droppedAt(port)
    if (Object.entries(wanted).every(([what, count]) => (now[what] ?? 0) >= count)) break
  }
  expect(await droppedAt(port)).toEqual({ ...before, ...wanted })
}

describe.each(Object.keys(ways))('%s', (name) => {
  let on: Stand
  let clients: Clients
  let side: Client

  beforeAll(async () => {
    on = await stand(name)
    clients = await connectClients(on.bridge)
    side = await open(dial(`ws://127.0.0.1:${on.sidePort}/api`, { authorization: `Bearer ${accessToken}` }))
  })
  afterAll(async () => {
    const { adminPort } = on.bridge
    const shown = [...clients.frames(), await look(adminPort, '/metrics'), await look(adminPort, '/traces')]
    expectDiscreet(shown, [backendKey])
    await on.close()
  })

  async function servesAgain(text: string): Promise<void> {
    const end = performance.now() + servedMs
    for (let attempt = 0; ; attempt++) {
      const told = await clients.send(`${text}, again ${attempt}`).told
      if (told.every(({ ending }) => ending === 'ok')) return
      if (performance.now() > end) expect(told).toEqual([])
    }
  }

  const wanted = faults.filter(({ over }) => over === undefined || (over === 'socket') === ways[name]?.isSocket)
  test.each(wanted)('$name', async ({ name: text, steps, ending, isSlow = false, dropped = {} }) => {
    await until(on.isOnline, 'the backend on line')
    const { adminPort } = on.bridge
    const before = await droppedAt(adminPort)
    const script = on.backend.misbehave(steps, 4)
    const { texts, told } = clients.send(text)
    await script.come
    const began = performance.now()
    await isServed(side)
    const answers = await told
    expect(performance.now() - began).toBeLessThan(toldMs)
    expect(answers.map((answer) => answer.ending)).toEqual([ending, ending, ending, ending])
    expect(answers.filter((answer) => deadline.test(answer.text)).length).toBe(isSlow ? 4 : 0)
    expectDiscreet(
      answers.map((answer) => answer.text),
      [...canaries, backendKey],
    )
    await script.done
    if (on.isSocket)
      await rises(
        adminPort,
        before,
        Object.fromEntries(Object.entries(dropped).map(([what, count]) => [what, count * 4])),
      )
    await servesAgain(text)
    await on.say(`heard after ${text}`)
    await until(() => clients.heard(`heard after ${text}`), 'an event afterwards')
    expect(texts.map((one) => on.backend.sent.filter((sent) => sent === one).length)).toEqual([1, 1, 1, 1])
    expect(clients.answersTo(texts[0] ?? '') + clients.answersTo(texts[2] ?? '')).toBe(2)
    expect(on.backend.asked).not.toContain('canary-of-the-redirect')
    expect(on.backend.endlessBytes).toBeLessThan(4 * (answerBytes + 8 * 1024 * 1024))
  })
})
