// The backend of the soak, in a process of its own: accounts that dial the bridge, answer it, and number their events.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { accessToken } from '../support/bridge.ts'
import { printMark } from './soak-count.ts'
import { serveOrders, watchUsage, type Usage } from './soak-process.ts'

export interface BackendReport extends Usage {
  /** Events. */
  sent: number
  /** Those that this process came too late for. */
  skipped: number
}

const group = 30_001

const answers: Readonly<Record<string, (bot: number) => unknown>> = {
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
  const texts = { nickname: 'n', card: '', role: 'member', title: '' }
  return { group_id: group, user_id: userId, ...texts, join_time: 1, last_sent_time: 1 }
}

interface Account {
  bot: number
  readonly sent: number
  connect(url: string): Promise<void>
  /** What was sent before still arrives. */
  disconnect(): Promise<void>
  /** false: it is away. */
  say(): boolean
}

function createAccount(bot: number): Account {
  let socket: WebSocket | undefined
  let sent = 0
  let previousAt = 0
  let messageId = (bot - 10_000) * 10_000_000

  function answer(data: Buffer): string {
    const { action, echo } = JSON.parse(data.toString()) as { action: string; echo: unknown }
    const found = action.startsWith('send_') ? { message_id: ++messageId } : answers[action]?.(bot)
    const head =
      found === undefined ? { status: 'failed', retcode: 1404, data: null } : { status: 'ok', retcode: 0, data: found }
    return JSON.stringify({ ...head, message: '', wording: '', echo })
  }

  return {
    bot,
    get sent() {
      return sent
    },
    async connect(url) {
      const options = {
        headers: { authorization: `Bearer ${accessToken}`, 'x-self-id': String(bot), 'x-client-role': 'Universal' },
        skipUTF8Validation: true,
        // Otherwise ws cuts a link that is being closed, and what the bridge has not read yet is gone.
        closeTimeout: 120_000,
      }
      const made = new WebSocket(url, options)
      made.on('message', (data: Buffer) => made.send(answer(data)))
      await once(made, 'open')
      made.on('error', (error) => console.error(`account ${bot}: ${error.message}`))
      made.on('close', (code) => {
        if (socket !== made) return
        socket = undefined
        console.error(`account ${bot}: its link was closed with ${code}`)
      })
      const time = Math.floor(Date.now() / 1000)
      made.send(
        `{"time":${time},"self_id":${bot},"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"connect"}`,
      )
      socket = made
    },
    async disconnect() {
      const old = socket
      socket = undefined
      if (!old) return
      const closed = once(old, 'close')
      old.close()
      await closed
    },
    say() {
      if (!socket) return false
      const now = Date.now()
      const mark = printMark(++sent, now, previousAt)
      previousAt = now
      const ids = `"message_id":${++messageId},"user_id":20001,"group_id":${group}`
      const kind = '"post_type":"message","message_type":"group","sub_type":"normal"'
      const sender = '{"user_id":20001,"nickname":"n","card":"","role":"member"}'
      socket.send(
        `{"time":${Math.floor(now / 1000)},"self_id":${bot},${kind},${ids},"message":[{"type":"text","data":{"text":"${mark}"}}],"raw_message":"${mark}","font":0,"sender":${sender}}`,
      )
      return true
    },
  }
}

let accounts: Account[] = []
let url = ''
let talking: NodeJS.Timeout | undefined
let turn = 0
let skipped = 0
const usage = watchUsage()

/** Milliseconds between two looks at the clock, and how far it may fall behind before it gives events up: no flood follows a stall. */
const tickMs = 5
const mostBehindMs = 100

function talk(rate: number): void {
  const everyMs = 1000 / rate
  let due = performance.now()
  talking = setInterval(() => {
    const now = performance.now()
    for (; now - due > mostBehindMs; due += everyMs) skipped++
    for (; due < now; due += everyMs) accounts[turn++ % accounts.length]?.say()
  }, tickMs)
}

const restartMs = 500

serveOrders({
  async connect(given: { url: string; bots: readonly number[] }) {
    url = given.url
    accounts = given.bots.map(createAccount)
    await Promise.all(accounts.map((account) => account.connect(url)))
  },
  talk: ({ rate }: { rate: number }) => talk(rate),
  /** That many events in one go. */
  burst({ events }: { events: number }) {
    for (let at = 0; at < events; at++) accounts[turn++ % accounts.length]?.say()
  },
  /** All accounts go and come back. */
  async restart() {
    await Promise.all(accounts.map((account) => account.disconnect()))
    await new Promise((resolve) => setTimeout(resolve, restartMs))
    await Promise.all(accounts.map((account) => account.connect(url)))
  },
  hush() {
    clearInterval(talking)
    return new Map(accounts.map(({ bot, sent }) => [bot, sent]))
  },
  report: (): BackendReport => ({ ...usage(), sent: accounts.reduce((sum, { sent }) => sum + sent, 0), skipped }),
})
