// Plain requests go past the router. Whatever is asked, it is answered there as it would be by the routes, which a slash at the end
// of the path leads to.
import { Agent, request, type IncomingHttpHeaders } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessToken, startBridge, verifyKey, type RunningBridge } from '../support/bridge.ts'

interface Asked {
  method: string
  path: string
  query: string
  headers: Record<string, string>
  body: string | undefined
}

interface Answered {
  status: number | undefined
  headers: IncomingHttpHeaders
  text: string
}

const agent = new Agent({ keepAlive: true })
let bridge: RunningBridge
let session = ''
beforeAll(async () => {
  bridge = await startBridge({ limits: { failureDelayMs: 0 } })
  const body = JSON.stringify({ verifyKey })
  const verified = await send(bridge.miraiPort, { ...plain, path: '/verify', body })
  session = (JSON.parse(verified.text) as { session: string }).session
  await send(bridge.miraiPort, { ...plain, path: '/bind', body: JSON.stringify({ sessionKey: session, qq: 10001 }) })
})
afterAll(async () => {
  agent.destroy()
  await bridge.stop()
})

const plain = { method: 'POST', query: '', headers: {} }

function send(port: number, { method, path, query, headers, body }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const isChunked = body === undefined || headers['transfer-encoding'] !== undefined
    const length: Record<string, string> = isChunked ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { agent, port, host: '127.0.0.1', method, path: path + query, headers: { ...headers, ...length } }
    const asking = request(options, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** Ids, keys and times are new each time. */
function withoutNews({ status, headers: { date: _date, ...headers }, text }: Answered): Answered {
  const fixed = text
    .replace(/"(messageId|message_id)":-?\d+/g, '"$1":1')
    .replace(/"session":"\w{24}"/g, '"session":"s"')
    .replace(/\b[0-9a-z]{4}-[0-9a-z]+\b/g, 'trace')
    .replace(/"(time|last_sent_time|lastSpeakTimestamp)":\d+/g, '"$1":1')
  const length = headers['content-length'] === undefined ? {} : { 'content-length': String(Buffer.byteLength(fixed)) }
  return { status, headers: { ...headers, ...length }, text: fixed }
}

async function sendBoth(port: number, asked: Asked): Promise<{ short: Answered; long: Answered }> {
  const short = await send(port, asked)
  const long = await send(port, { ...asked, path: `${asked.path}/` })
  return { short: withoutNews(short), long: withoutNews(long) }
}

const contentType = fc.constantFrom<Record<string, string>>(
  {},
  { 'content-type': 'application/json' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
)
const oddHeaders = fc.constantFrom<Record<string, string>>(
  {},
  {},
  {},
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'identity' },
  { 'transfer-encoding': 'chunked' },
  { 'x-forwarded-for': '192.0.2.1' },
  { 'x-self-id': '10001' },
  { 'x-self-id': '9' },
  { origin: 'https://example.org' },
  { expect: '100-continue' },
)
const garbage = fc.constantFrom('', '{', '[]', 'null', '"x"', 'a=1&b=2', '[[[[', `{"a":"${'x'.repeat(70_000)}"}`)
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom('船', '[CQ:at,qq=20001]', ''))
const number = fc.oneof(fc.constantFrom(30001, 20001, 10001, 0, -1), fc.integer())
const value = fc.oneof(number, text, fc.boolean(), fc.constant(null), fc.array(number, { maxLength: 3 }))

const toQuery = (params: object): string => {
  const pairs = Object.entries(params).map(
    ([name, one]) =>
      `${encodeURIComponent(name)}=${encodeURIComponent(typeof one === 'string' ? one : JSON.stringify(one))}`,
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

const shape = fc.record({
  method: fc.constantFrom('GET', 'POST', 'POST', 'POST', 'PUT'),
  type: contentType,
  odd: oddHeaders,
  secret: fc.constantFrom('right', 'right', 'right', 'wrong', 'none', 'twice', 'header'),
  inQuery: fc.boolean(),
  broken: fc.option(garbage, { freq: 6, nil: undefined }),
})

test('law: mirai-api-http answers alike', async () => {
  const path = fc.constantFrom(
    ...['/sendGroupMessage', '/sendFriendMessage', '/memberList', '/groupList', '/friendList', '/memberInfo', '/about'],
    ...['/botList', '/sessionInfo', '/countMessage', '/peekMessage', '/messageFromId', '/mute', '/verify', '/recall'],
    ...['/no-such', '/uploadImage', '/%61bout', '/', '//about'],
  )
  const messageChain = fc.oneof(
    fc.array(fc.record({ type: fc.constantFrom('Plain', 'At', 'Image', 'Nothing'), text, target: number }), {
      maxLength: 3,
    }),
    value,
  )
  const params = fc.record(
    { target: number, memberId: number, time: number, id: number, messageId: number, messageChain, count: value },
    { requiredKeys: ['target'] },
  )
  await fc.assert(
    fc.asyncProperty(path, params, shape, async (at, given, { method, type, odd, secret, inQuery, broken }) => {
      const key = secret === 'wrong' ? 'nobody' : session
      const keys = secret === 'right' || secret === 'wrong' ? { sessionKey: key } : {}
      const inHeader: Record<string, string> = secret === 'header' ? { sessionkey: session } : {}
      const whole = { ...given, ...keys, ...(at === '/verify' && { verifyKey }) }
      const query = method === 'GET' || inQuery ? toQuery(whole) : ''
      const body = method === 'GET' ? undefined : (broken ?? JSON.stringify(whole))
      const { short, long } = await sendBoth(bridge.miraiPort, {
        method,
        path: at,
        query,
        headers: { ...type, ...odd, ...inHeader },
        body,
      })
      expect(short).toEqual(long)
    }),
    { numRuns: 250 },
  )
})

test('law: OneBot answers alike', async () => {
  const path = fc.constantFrom(
    ...['/send_group_msg', '/send_msg', '/get_status', '/get_group_list', '/get_group_member_list', '/get_login_info'],
    ...['/get_msg', '/can_send_image', '/get_version_info', '/.handle_quick_operation', '/get_friend_list_async'],
    ...['/no_such_action', '/upload_file_stream', '/__proto__', '/bots/10001/get_status', '/_events/x', '/'],
  )
  const message = fc.oneof(
    value,
    fc.array(fc.record({ type: fc.constantFrom('text', 'at', 'x'), data: fc.record({ text, qq: value }) }), {
      maxLength: 3,
    }),
  )
  const params = fc.record(
    { group_id: number, user_id: number, message_id: number, message, no_cache: value, echo: value, self_id: number },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(path, params, shape, async (at, given, { method, type, odd, secret, inQuery, broken }) => {
      const token = secret === 'wrong' ? 'guess' : accessToken
      const authorization: Record<string, string> =
        secret === 'right' || secret === 'wrong' || secret === 'twice' ? { authorization: `Bearer ${token}` } : {}
      const inUrl = secret === 'header' ? { access_token: token } : {}
      const pairs = toQuery({ ...(method === 'GET' || inQuery ? given : {}), ...inUrl })
      const query = secret === 'twice' ? `${pairs || '?'}&access_token=${token}&access_token=${token}` : pairs
      const body = method === 'GET' ? undefined : (broken ?? JSON.stringify(given))
      const { short, long } = await sendBoth(bridge.onebotPort, {
        method,
        path: at,
        query,
        headers: { ...type, ...odd, ...authorization },
        body,
      })
      expect(short).toEqual(long)
    }),
    { numRuns: 250 },
  )
})
