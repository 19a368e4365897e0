// The five ways of OneBot clients into the bridge keep the same contract.
import type { WebSocket } from 'ws'
import { createInbox, listenForBridge, listenForPosts, readStream } from '../inbound/onebot11/clients.ts'
import { connect, startInbound, type Frame } from '../inbound/onebot11/support.ts'
import { inboundContract, type Client, type Running } from './onebot11-inbound.ts'

const token = 'contract-token'
const dialled = '(skipped: the bridge dials, and shows a token instead of asking for one)'

function askOverHttp({ http }: Running): Client['ask'] {
  return async (action, params = {}, extra) => {
    const members = JSON.stringify(params).slice(1, -1)
    const body = `{${[members, extra].filter(Boolean).join(',')}}`
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return (await fetch(`${http}/${action}`, { method: 'POST', headers, body })).text()
  }
}

async function intrudeOverHttp({ http }: Running): Promise<boolean> {
  const path = `${http}/send_private_msg?user_id=20001&message=x`
  const statuses = [
    (await fetch(path)).status,
    (await fetch(path, { headers: { authorization: 'Bearer no' } })).status,
    (await fetch(`${http}/_events`)).status,
  ]
  return statuses.join() === '401,403,401'
}

/** Tells answers from events. */
function talk(socket: WebSocket): { client: Client; take(text: string): void } {
  const answers = createInbox<string>()
  const events = createInbox<string>()
  return {
    take: (text) => ('post_type' in (JSON.parse(text) as Frame) ? events : answers).put(text),
    client: {
      nextEvent: events.next,
      ask(action, params = {}, extra?) {
        const members = `"action":${JSON.stringify(action)},"params":${JSON.stringify(params)}`
        socket.send(`{${[members, extra].filter(Boolean).join(',')}}`)
        return answers.next()
      },
    },
  }
}

inboundContract({
  name: 'HTTP',
  codes: 'http',
  without: {
    events: '(skipped: an HTTP API brings no events)',
    meta: '(skipped: an HTTP API brings no events)',
  },
  async start(options, script) {
    const running = await startInbound(options, script)
    const nextEvent = (): Promise<string> => Promise.reject(new Error('HTTP brings no events'))
    return { running, client: { ask: askOverHttp(running), nextEvent }, end: async () => {} }
  },
  intrude: intrudeOverHttp,
})

inboundContract({
  name: 'forward WebSocket',
  codes: 'ws',
  without: {},
  async start(options, script) {
    const running = await startInbound(options, script)
    const { socket, opened } = connect(`${running.ws}/bots/10001/?access_token=${token}`)
    const { client, take } = talk(socket)
    socket.on('message', (data) => take((data as Buffer).toString()))
    await opened
    return { running, client, end: async () => socket.terminate() }
  },
  async intrude({ ws }) {
    const stranger = connect(ws, { authorization: 'Bearer no' })
    await stranger.opened
    stranger.send({ action: 'send_private_msg', params: { user_id: 20001, message: 'x' }, echo: 1 })
    const { retcode, echo } = await stranger.next()
    return retcode === 1403 && echo === null && (await stranger.closed).code === 1008
  },
})

inboundContract({
  name: 'reverse WebSocket',
  codes: 'ws',
  without: { intruder: dialled },
  async start(options, script) {
    const server = await listenForBridge()
    const running = await startInbound({ ...options, reverse: [{ url: server.url, bot: 10001 }] }, script)
    const { socket, texts } = await server.connections.next()
    const { client, take } = talk(socket)
    for (const text of texts.all.splice(0)) take(text)
    socket.removeAllListeners('message').on('message', (data) => take((data as Buffer).toString()))
    return { running, client, end: server.close }
  },
})

inboundContract({
  name: 'HTTP and webhook',
  codes: 'http',
  without: {
    meta: '(skipped: like NapCat the bridge posts no lifecycle, and heartbeats only when a webhook asks for them)',
  },
  async start(options, script) {
    const server = await listenForPosts()
    const running = await startInbound({ ...options, webhooks: [{ url: server.url, bot: 10001 }] }, script)
    const nextEvent = async (): Promise<string> => (await server.posts.next()).body.toString()
    return { running, client: { ask: askOverHttp(running), nextEvent }, end: server.close }
  },
  intrude: intrudeOverHttp,
})

inboundContract({
  name: 'HTTP and server-sent events',
  codes: 'http',
  without: {},
  async start(options, script) {
    const running = await startInbound(options, script)
    const stream = await readStream(`${running.http}/bots/10001/_events`, { authorization: `Bearer ${token}` })
    return { running, client: { ask: askOverHttp(running), nextEvent: stream.events.next }, end: stream.close }
  },
  intrude: intrudeOverHttp,
})
