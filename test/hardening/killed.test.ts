// kill -9 at seeded moments, again and again over one data folder: what a client has been told is true afterwards.
import { afterEach, expect, test } from 'vitest'
import { join } from 'node:path'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { accessToken, verifyKey } from '../support/bridge.ts'
import { until } from '../support/until.ts'
import { configFile, folder, launch, type Started } from './launch.ts'
import { dial, http, login, open, type Client } from './support.ts'

type Wire = Record<string, unknown>

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

interface Running {
  started: Started
  onebot: Client
  mirai: Client
  miraiPort: number
}

const seed = Number(process.env['SEED'] ?? 1)
/** How much happens in a round before its end, by the seed. */
const lengthOf = (round: number): number => 5 + ((seed * 7919 + round * 104_729) % 40)

/** With a client of each dialect, whose account is there. */
async function start(name: string, backend: object): Promise<Running> {
  const config = {
    data: join(folder, name),
    backends: { one: backend },
    inbounds: {
      o: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
      m: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
    },
    log: { level: 'error' },
  }
  const started = launch({}, ['--config', configFile(`${name}.mjs`, `export default ${JSON.stringify(config)}`)])
  closers.push(() => started.signal('SIGKILL'))
  const said = await started.says('mirai-api-http ws: ')
  const portBehind = (words: string): number => Number(new RegExp(`${words}127\\.0\\.0\\.1:(\\d+)`).exec(said)?.[1])
  const [onebotPort, miraiPort] = [portBehind('WebSocket: '), portBehind('http: http://')]
  const onebot = await open(dial(`ws://127.0.0.1:${onebotPort}/`, { authorization: accessToken }))
  for (let isThere = false; !isThere;)
    isThere = String(((await ask(onebot, 'get_login_info', {})).data as Wire | null)?.['user_id']) === '10001'
  const mirai = dial(`ws://127.0.0.1:${miraiPort}/all`, { verifyKey, qq: '10001' })
  await mirai.next()
  return { started, onebot, mirai, miraiPort }
}

let echoes = 0

interface Answer {
  status: string
  data: unknown
  message: string
}

async function ask(client: Client, action: string, params: Wire): Promise<Answer> {
  const echo = `echo-${++echoes}`
  client.send({ action, params, echo })
  return JSON.parse(await client.find((text) => text.includes(`"${echo}"`))) as Answer
}

async function kill({ started }: Running): Promise<void> {
  started.signal('SIGKILL')
  await started.ended
}

test(
  'friend and group requests: whatever a client was told can be answered once, in either dialect',
  { timeout: 120_000 },
  async () => {
    const backend = await new FakeOneBot().listen()
    closers.push(() => backend.close())
    backend
      .on('get_friend_list', [])
      .on('get_group_list', [])
      .on('set_friend_add_request', null)
      .on('set_group_add_request', null)
    const options = { dialect: 'onebot11', ws: backend.url, reconnect: { firstMs: 20 } }
    const flags = new Map<string, Wire>()
    const events = new Map<string, Wire>()
    let asked = 0
    for (let round = 0; round < 4; round++) {
      const running = await start('requests', options)
      running.onebot.raw.on('message', (data: Buffer) => {
        const wire = JSON.parse(data.toString()) as Wire
        if (wire['post_type'] === 'request') flags.set(String(wire['comment']), wire)
      })
      running.mirai.raw.on('message', (data: Buffer) => {
        const { data: wire } = JSON.parse(data.toString()) as { data: Wire }
        if (String(wire['type']).endsWith('RequestEvent')) events.set(String(wire['message']), wire)
      })
      const until_ = flags.size + lengthOf(round)
      // Faster than they are read, so that some are on their way at the end.
      const asking = setInterval(() => {
        for (let burst = 0; burst < 4; burst++) backend.send(request(++asked))
      }, 2)
      await until(() => flags.size >= until_, 'requests')
      await kill(running)
      clearInterval(asking)
    }
    expect(flags.size).toBeGreaterThan(50)
    expect(events.size).toBeGreaterThan(50)

    const running = await start('requests', options)
    const sessionKey = await login(running.miraiPort)
    for (const [comment, { request_type: kind, sub_type, flag }] of flags) {
      const action = kind === 'friend' ? 'set_friend_add_request' : 'set_group_add_request'
      expect([comment, await ask(running.onebot, action, { flag, sub_type, approve: true })]).toMatchObject([
        comment,
        { status: 'ok' },
      ])
    }
    const answered = backend.calls
      .filter(({ action }) => action.endsWith('_add_request'))
      .map(({ params }) => params['flag'])
    expect(answered).toEqual([...flags.keys()])
    for (const [comment, { type, eventId, fromId, groupId }] of events) {
      if (flags.has(comment)) continue
      const path = type === 'NewFriendRequestEvent' ? '/resp/newFriendRequestEvent' : '/resp/memberJoinRequestEvent'
      const body = JSON.stringify({ sessionKey, eventId, fromId, groupId, operate: 0, message: '' })
      expect([comment, JSON.parse((await http(running.miraiPort, { path, body })).text)]).toMatchObject([
        comment,
        { code: 0 },
      ])
      flags.set(comment, {})
    }
    // That they were answered survives, too: by the other dialect.
    await kill(running)
    const again = await start('requests', options)
    const key = await login(again.miraiPort)
    for (const { type, eventId, fromId, groupId } of [...events.values()].slice(0, 5)) {
      const path = type === 'NewFriendRequestEvent' ? '/resp/newFriendRequestEvent' : '/resp/memberJoinRequestEvent'
      const body = JSON.stringify({ sessionKey: key, eventId, fromId, groupId, operate: 0, message: '' })
      const answer = JSON.parse((await http(again.miraiPort, { path, body })).text) as unknown
      expect(answer).toEqual({ code: 5, msg: '指定对象不存在' })
    }
  },
)

function request(number: number): Wire {
  const isFriend = number % 2 === 0
  return {
    post_type: 'request',
    request_type: isFriend ? 'friend' : 'group',
    ...(!isFriend && { sub_type: 'add', group_id: 30001 }),
    time: Math.floor(Date.now() / 1000),
    self_id: 10001,
    user_id: 20000 + number,
    comment: `flag-${number}`,
    flag: `flag-${number}`,
  }
}

test(
  'the embedded world: messages, files and cards that were acknowledged; sessions of mah end, as they do there',
  { timeout: 120_000 },
  async () => {
    const messages = new Map<number, string>()
    const files = new Map<string, string>()
    let card = ''
    let session = ''
    for (let round = 0; round < 4; round++) {
      const running = await start('world', { dialect: 'embedded' })
      if (session !== '') {
        const lost = await http(running.miraiPort, { path: `/friendList?sessionKey=${session}` })
        expect(JSON.parse(lost.text)).toMatchObject({ code: 3 })
      }
      session = await login(running.miraiPort)
      const steps = lengthOf(round)
      let done = 0
      const work = async (): Promise<void> => {
        for (;;) {
          const text = `${round}-${++done}`
          const sent = await ask(running.onebot, 'send_group_msg', { group_id: 30001, message: text })
          messages.set((sent.data as { message_id: number }).message_id, text)
          if (done % 5 === 0) {
            const file = `base64://${Buffer.from(`content of ${text}`).toString('base64')}`
            const kept = await ask(running.onebot, 'upload_group_file', { group_id: 30001, file, name: `${text}.txt` })
            if (kept.status === 'ok') files.set(`${text}.txt`, `content of ${text}`)
            else throw new Error(kept.message)
          }
          const { status } = await ask(running.onebot, 'set_group_card', {
            group_id: 30001,
            user_id: 10001,
            card: `card ${text}`,
          })
          if (status === 'ok') card = `card ${text}`
        }
      }
      const working = work().catch((error: unknown) => error)
      await until(() => done >= steps, 'the work', 30_000)
      await kill(running)
      expect(String(await working)).toContain('socket')
    }
    const { onebot } = await start('world', { dialect: 'embedded' })
    expect(messages.size).toBeGreaterThan(50)
    for (const [id, text] of messages) {
      const { data } = await ask(onebot, 'get_msg', { message_id: id })
      expect(data).toMatchObject({ message_id: id, message: [{ type: 'text', data: { text } }] })
    }
    const listed = (await ask(onebot, 'get_group_root_files', { group_id: 30001 })).data as {
      files: { file_name: string; file_id: string; busid: number }[]
    }
    expect(files.size).toBeGreaterThan(3)
    for (const [name, content] of files) {
      const file = listed.files.find(({ file_name }) => file_name === name)
      const { data } = await ask(onebot, 'get_group_file_url', {
        group_id: 30001,
        file_id: file?.file_id,
        busid: file?.busid,
      })
      const response = await fetch((data as { url: string }).url)
      expect([name, await response.text()]).toEqual([name, content])
    }
    const member = (await ask(onebot, 'get_group_member_info', { group_id: 30001, user_id: 10001, no_cache: true }))
      .data as { card: string }
    // The last one may have been carried out without being acknowledged.
    expect(Number(member.card.split('-')[1])).toBeGreaterThanOrEqual(Number(card.split('-')[1]))
  },
)
