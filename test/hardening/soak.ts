// The soak: `node test/hardening/soak.ts --minutes 10`. A bridge in a process of its own, 100 accounts at a backend that
// restarts each minute, 1,000 sessions of both dialects that come and go, 1,000 events a second. Whoever is connected must hear
// each event of his account once and in order; the memory of the bridge must stay flat.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { verifyKey, accessToken } from '../support/bridge.ts'
import { createListener, createPoller, type Listener, type Tally } from './soak-clients.ts'

const bots = Array.from({ length: 100 }, (_, at) => 10_001 + at)
const perBot = { onebot: 5, mirai: 4, poll: 1 }
const tickMs = 20
const sampleMs = 10_000
const group = 30_001

interface Ports {
  onebot: number
  mirai: number
  'backends.far': number
}

/** What is alive after a garbage collection, and the longest that the loop stood still since the last look. */
interface Sample {
  rss: number
  heapUsed: number
  external: number
  longestMs: number
}

interface Launched {
  child: ChildProcess
  ports: Ports
  look(): Promise<Sample>
}

async function launch(folder: string): Promise<Launched> {
  const script = fileURLToPath(new URL('soak-bridge.ts', import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string)
  return {
    child,
    ports: (await next()) as Ports,
    look() {
      child.stdin.write('\n')
      return next() as Promise<Sample>
    },
  }
}

const answers: Record<string, (bot: number) => unknown> = {
  get_login_info: (bot) => ({ user_id: bot, nickname: 'x' }),
  get_version_info: () => ({ app_name: 'NapCat.Onebot', app_version: '4.8.1', protocol_version: 'v11' }),
  get_status: () => ({ online: true, good: true }),
  get_friend_list: () => [],
  get_group_list: () => [{ group_id: group, group_name: 'g', member_count: 2, max_member_count: 200 }],
  get_group_info: () => ({ group_id: group, group_name: 'g', member_count: 2, max_member_count: 200 }),
  get_group_member_list: (bot) => [bot, 20_001].map(toMember),
  get_group_member_info: () => toMember(20_001),
}

function toMember(userId: number): object {
  return {
    group_id: group,
    user_id: userId,
    nickname: 'n',
    card: '',
    role: 'member',
    title: '',
    join_time: 1,
    last_sent_time: 1,
  }
}

/** One account of the backend: connects to the bridge, answers what it is asked, and numbers its events. */
function createAccount(bot: number, url: string) {
  let socket: WebSocket | undefined
  let sent = 0
  let messageId = (bot - 10_000) * 10_000_000
  return {
    get sent() {
      return sent
    },
    async connect(): Promise<void> {
      const made = new WebSocket(url, {
        headers: { authorization: `Bearer ${accessToken}`, 'x-self-id': String(bot), 'x-client-role': 'Universal' },
      })
      made.on('error', (error) => console.error(`account ${bot}: ${error.message}`))
      made.on('message', (data: Buffer) => {
        const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
        const isSend = action.startsWith('send_')
        const found = isSend ? { message_id: ++messageId } : answers[action]?.(bot)
        const head =
          found === undefined
            ? { status: 'failed', retcode: 1404, data: null }
            : { status: 'ok', retcode: 0, data: found }
        made.send(JSON.stringify({ ...head, message: '', wording: '', echo }))
      })
      await once(made, 'open')
      const time = Math.floor(Date.now() / 1000)
      made.send(
        JSON.stringify({
          time,
          self_id: bot,
          post_type: 'meta_event',
          meta_event_type: 'lifecycle',
          sub_type: 'connect',
        }),
      )
      socket = made
    },
    /** What was sent before still arrives. */
    async disconnect(): Promise<void> {
      const old = socket
      socket = undefined
      old?.close()
      if (old) await once(old, 'close')
    },
    say(): void {
      if (!socket) return
      const text = `#${++sent}#`
      const message = [{ type: 'text', data: { text } }]
      const time = Math.floor(Date.now() / 1000)
      const ids = { message_id: ++messageId, user_id: 20_001, group_id: group }
      const sender = { user_id: 20_001, nickname: 'n', card: '', role: 'member' }
      const kind = { post_type: 'message', message_type: 'group', sub_type: 'normal' }
      socket.send(JSON.stringify({ time, self_id: bot, ...kind, ...ids, message, raw_message: text, font: 0, sender }))
    },
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

function toLive({ heapUsed, external }: Sample): number {
  return megabytes(heapUsed + external)
}

interface Options {
  minutes: number
  rate: number
  restartSeconds: number
}

async function soak({ minutes, rate, restartSeconds }: Options): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'))
  const { child, ports, look } = await launch(folder)
  const tally: Tally = { heard: 0, lost: 0, doubled: 0, joined: 0, answered: 0, failed: 0, problems: [] }
  const accounts = bots.map((bot) => createAccount(bot, `ws://127.0.0.1:${ports['backends.far']}/`))
  await Promise.all(accounts.map((account) => account.connect()))
  await new Promise((resolve) => setTimeout(resolve, 1000))

  const listeners: Listener[] = []
  for (const bot of bots) {
    const made = [
      ...Array.from({ length: perBot.onebot }, () =>
        createListener({ dialect: 'onebot11', bot, port: ports.onebot, secret: accessToken, tally, group }),
      ),
      ...Array.from({ length: perBot.mirai }, () =>
        createListener({ dialect: 'mirai', bot, port: ports.mirai, secret: verifyKey, tally, group }),
      ),
    ]
    await Promise.all(made.map((listener) => listener.join()))
    listeners.push(...made)
  }
  const pollers = await Promise.all(bots.map((bot) => createPoller({ bot, port: ports.mirai, verifyKey, tally })))
  console.log(`${listeners.length + pollers.length} sessions stand, ${toLive(await look())} MB`)

  const samples: Sample[] = []
  let looking: Promise<unknown> = Promise.resolve()
  const started = performance.now()
  const endsAt = started + minutes * 60_000
  let due = started
  let turn = 0
  let restarts = 0
  let restarting: Promise<unknown> = Promise.resolve()
  let nextRestart = started + restartSeconds * 1000
  let nextLook = started
  let nextSample = started + sampleMs
  const comings = new Set<Promise<void>>()
  const moving = new Set<Listener>()
  while (performance.now() < endsAt) {
    for (; due < performance.now(); due += 1000 / rate) accounts[turn++ % accounts.length]?.say()
    if (performance.now() > nextLook) {
      nextLook += 1000
      for (let at = 0; at < 10; at++) {
        const listener = listeners[Math.floor(Math.random() * listeners.length)] as Listener
        // One that is on its way already would come twice and hear everything twice.
        if (moving.has(listener)) continue
        moving.add(listener)
        const coming = listener.leave().then(() => listener.join())
        comings.add(coming)
        void coming.finally(() => {
          moving.delete(listener)
          comings.delete(coming)
        })
      }
      for (let at = 0; at < 20; at++) listeners[Math.floor(Math.random() * listeners.length)]?.send()
    }
    if (performance.now() > nextSample) {
      nextSample += sampleMs
      looking = look().then((sample) => samples.push(sample))
    }
    if (performance.now() > nextRestart) {
      nextRestart += restartSeconds * 1000
      restarts++
      restarting = Promise.all(accounts.map((account) => account.disconnect())).then(() =>
        Promise.all(accounts.map((account) => account.connect())),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
  await restarting
  await looking
  await Promise.all(comings)
  // Whatever is on its way arrives.
  await new Promise((resolve) => setTimeout(resolve, 5000))
  listeners.forEach((listener, at) => {
    const sent = accounts[Math.floor(at / (perBot.onebot + perBot.mirai))]?.sent ?? 0
    if (listener.last !== undefined && listener.last !== sent)
      tally.problems.push(`the last event heard is ${listener.last} of ${sent}`)
  })
  await Promise.all(pollers.map((poller) => poller.stop()))
  await Promise.all(listeners.map((listener) => listener.leave()))
  child.kill('SIGTERM')
  child.stdin?.end()
  await once(child, 'close')
  rmSync(folder, { recursive: true, force: true })

  const live = samples.map(toLive)
  const third = Math.floor(live.length / 3)
  const middle = Math.max(...live.slice(third, 2 * third))
  const end = Math.max(...live.slice(2 * third))
  const peak = (of: (sample: Sample) => number): number => Math.max(...samples.map(of))
  const sent = accounts.reduce((sum, account) => sum + account.sent, 0)
  const perSecond = Math.round(sent / minutes / 60)
  console.log({
    minutes,
    sent,
    perSecond,
    restarts,
    ...tally,
    problems: tally.problems.slice(0, 10),
    live,
    peakRss: megabytes(peak(({ rss }) => rss)),
    longestMs: peak(({ longestMs }) => longestMs),
  })
  const isFlat = end < middle * 1.15 + 16
  if (!isFlat) console.error(`the memory grew from ${middle} to ${end} MB`)
  return isFlat && tally.lost === 0 && tally.doubled === 0 && tally.problems.length === 0
}

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, rate: { type: 'string' }, restart: { type: 'string' } },
})
const passed = await soak({
  minutes: Number(values.minutes ?? 10),
  rate: Number(values.rate ?? 1000),
  restartSeconds: Number(values.restart ?? 60),
})
process.exitCode = passed ? 0 : 1
