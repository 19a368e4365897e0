// Backends that go and come back, each by its own way to the bridge: what a scenario needs to know of it.
import type { ConfigInput } from '../../src/config.ts'
import { FakeMah } from '../outbound/mirai/fake-mah.ts'
import { key } from '../outbound/mirai/setup.ts'
import { FakeHttp, post } from '../outbound/onebot11/fake-http.ts'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'

type Backend = ConfigInput['backends'][string]

export interface Stand {
  backend: Backend
  /** Serves at the place where it was before. `port`: of the bridge, for those that come to it. */
  come(port: number): Promise<unknown>
  /** The process dies: nobody is told. */
  go(): Promise<unknown>
  /** Resolves when it was handed over, if there was anybody. */
  tell(text: string, port: number): Promise<unknown>
  /** Texts that it was asked to send. */
  sent(): string[]
  /** Links of the bridge that stand. */
  links(): number
}

const reconnect = { firstMs: 20, maxMs: 20 }
const time = Math.floor(Date.now() / 1000)
const secret = 'signature-of-tests'
let told = 1000

export const ways: Record<string, () => Stand> = {
  'OneBot ws': oneBotWs,
  'OneBot reverse ws': oneBotReverse,
  'OneBot http and webhook': oneBotHttp,
  'mah ws': mahWs,
}

function oneBotWs(): Stand {
  const fake = createOneBot()
  // Its port is known before the configuration is made.
  const backend: Backend = { dialect: 'onebot11', ws: '', reconnect }
  return {
    backend,
    async come() {
      await fake.listen(fake.port)
      backend.ws = fake.url
    },
    go: () => fake.close(),
    tell: async (text) => fake.send(toOneBotEvent(text)),
    sent: () => textsSent(fake),
    links: () => fake.sockets.size,
  }
}

function oneBotReverse(): Stand {
  const fake = createOneBot()
  const headers = { 'x-self-id': '10001', 'x-client-role': 'Universal' }
  return {
    backend: { dialect: 'onebot11', listen: '127.0.0.1:0' },
    async come(port) {
      if (port !== 0) await fake.dial(`ws://127.0.0.1:${port}/`, headers)
    },
    go: async () => fake.drop(),
    tell: async (text) => fake.send(toOneBotEvent(text)),
    sent: () => textsSent(fake),
    links: () => fake.sockets.size,
  }
}

function oneBotHttp(): Stand {
  const fake = createOneBot()
  const http = new FakeHttp(fake)
  const webhook = { listen: '127.0.0.1:0', secret }
  const backend: Backend = { dialect: 'onebot11', http: '', webhook, reconnect, pollMs: 20 }
  return {
    backend,
    async come() {
      await http.listen(http.port)
      backend.http = http.url
    },
    go: () => http.close(),
    tell: (text, port) => post(`http://127.0.0.1:${port}/`, toOneBotEvent(text), secret),
    sent: () => textsSent(fake),
    links: () => 1,
  }
}

function mahWs(): Stand {
  const fake = new FakeMah().on('sendGroupMessage', () => ({ code: 0, msg: 'success', messageId: ++told }))
  const backend: Backend = { dialect: 'mirai', ws: '', verifyKey: key, bots: [10_001], reconnect }
  return {
    backend,
    async come() {
      await fake.listen(fake.port)
      backend.ws = `ws://127.0.0.1:${fake.port}`
    },
    go: () => fake.close(),
    tell: async (text) => fake.push(toMahEvent(text)),
    sent: () =>
      fake.calls.flatMap(({ command, content }) =>
        command === 'sendGroupMessage'
          ? (content['messageChain'] as { text: string }[]).map((plain) => plain.text)
          : [],
      ),
    links: () => fake.sessions.size,
  }
}

function createOneBot(): FakeOneBot {
  return new FakeOneBot()
    .on('get_status', { online: true, good: true })
    .on('get_group_list', [])
    .on('get_friend_list', [])
    .on('get_group_info', { group_id: 30_001, group_name: 'g', member_count: 1, max_member_count: 2 })
    .on('get_group_member_info', { group_id: 30_001, user_id: 20_001, nickname: 'n', role: 'member' })
    .on('send_msg', () => ({ message_id: ++told }))
    .on('send_group_msg', () => ({ message_id: ++told }))
}

function textsSent(fake: FakeOneBot): string[] {
  return fake.calls.flatMap(({ action, params }) =>
    action.startsWith('send_') ? (params['message'] as { data: { text: string } }[]).map(({ data }) => data.text) : [],
  )
}

function toOneBotEvent(text: string): Record<string, unknown> {
  return {
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    time,
    self_id: 10_001,
    user_id: 20_001,
    group_id: 30_001,
    message_id: ++told,
    message: [{ type: 'text', data: { text } }],
    raw_message: text,
    font: 0,
    sender: { user_id: 20_001, nickname: 'n', card: '', role: 'member' },
  }
}

function toMahEvent(text: string): Record<string, unknown> {
  const group = { id: 30_001, name: 'g', permission: 'MEMBER' }
  const stamps = { joinTimestamp: 0, lastSpeakTimestamp: 0, muteTimeRemaining: 0 }
  return {
    type: 'GroupMessage',
    messageChain: [
      { type: 'Source', id: ++told, time },
      { type: 'Plain', text },
    ],
    sender: { id: 20_001, memberName: 'n', specialTitle: '', permission: 'MEMBER', ...stamps, group },
  }
}
