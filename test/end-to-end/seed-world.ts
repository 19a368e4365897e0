// A world in which each of the reference's 131 actions has something to work on, and what a client knows of it.
import { demoWorld } from '../../src/world/demo-world.ts'
import { friend, group } from '../../src/world/index.ts'
import type { WorldFileInput } from '../../src/world/world-file.ts'
import { goldenActions } from '../golden/onebot11/actions.ts'
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { accessToken, until, type RunningBridge } from '../support/bridge.ts'

export const bot = 10001
export const ship = 30001

const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

/** The demo world, its first group owned by the bot and full of things; canned answers for what only Tencent can do. */
export function seedWorld(): WorldFileInput {
  const file = structuredClone(demoWorld)
  const first = file.groups?.[0]
  if (!first) throw new Error('the demo world has no group')
  for (const member of first.members)
    member.role = member.id === bot ? 'owner' : member.id === 20001 ? 'admin' : 'member'
  first.folders = [
    { path: '/one', id: '/d1' },
    { path: '/two', id: '/ca0f' },
  ]
  first.files = [
    { id: '/f1', folder: '/', name: 'log.txt', uploader: 20001, text: 'fog\n', uploadTime: 1700000000 },
    {
      id: 'ee87',
      folder: '/',
      name: 'clip.mp4',
      uploader: 20001,
      text: '#',
      uploadTime: 1700000000,
      deadTime: 1999999999,
    },
    { id: '/f3', folder: '/one', name: 'deep.txt', uploader: 20002, text: 'deep', uploadTime: 1700000000 },
  ]
  first.notices = [{ id: 'n1', sender: bot, text: 'notice', time: 1700000000, readBy: [20001], confirmRequired: true }]
  first.honors = { talkative: [{ id: 20001, description: 'talks', dayCount: 3 }], legend: [{ id: 20002 }] }
  const own = file.accounts.find(({ id }) => id === bot)
  Object.assign(own ?? {}, {
    likes: [{ by: 20001, count: 5, time: 1700000000 }],
    favourites: [{ id: 'c1', text: 'note', brief: 'n', time: 1700000000 }],
    customFaces: ['https://a.example/f.png'],
    devices: [{ id: 1, name: 'phone', platform: 'android' }],
  })
  file.friends?.push({ of: bot, id: 20101, oneWay: true })
  file.answers = cannedAnswers()
  return file
}

/** Of what only Tencent can do: the answers that the golden pairs have. */
function cannedAnswers(): Record<string, unknown> {
  const asked = goldenActions.flatMap(({ calls, result }) =>
    calls?.[0]?.name === 'server.ask' ? [[calls[0].params.kind, result] as const] : [],
  )
  return Object.fromEntries(asked.filter(([kind]) => kind !== 'group.extra' && !kind.startsWith('guild.')))
}

/** What the reference's examples call things, and what one client calls them. */
export type Names = Map<unknown, unknown>

export interface Client {
  call(action: string, params?: unknown): Promise<Frame>
  event(fits: (event: Frame) => boolean, what: string): Promise<Frame>
  close(): void
}

export async function connectClient(bridge: RunningBridge): Promise<Client> {
  await until(() => bridge.bots()[0]?.online, 'the bot')
  const client = connect(`ws://127.0.0.1:${bridge.onebotPort}/?access_token=${accessToken}`)
  const events: Frame[] = []
  const answers = new Map<unknown, Frame>()
  client.socket.removeAllListeners('message').on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Frame
    if ('post_type' in frame) events.push(frame)
    else answers.set(frame['echo'], frame)
  })
  await client.opened
  let calls = 0
  return {
    async call(action, params) {
      const echo = ++calls
      client.send({ action, params, echo })
      return until(() => answers.get(echo), `the answer of ${action}`)
    },
    event: (fits, what) => until(() => events.find(fits), what),
    close: client.close,
  }
}

/** Things happen in the world; the client hears of them and learns their names. */
export async function happen(inner: RunningBridge, client: Client): Promise<Names> {
  const world = inner.world()
  const captain = world.as(20001)
  const heard = (text: string) => client.event(({ raw_message: raw }) => String(raw).includes(text), text)
  captain.say(group(ship), 'first words')
  const first = await heard('first words')
  captain.react(world.state.conversations.get(`g${ship}`)?.at(-1)?.id as number, '181', true)
  captain.say(group(ship), [{ type: 'image', base64: picture }])
  const image = await heard('[CQ:image')
  captain.say(friend(bot), [{ type: 'voice', base64: 'AAAA' }])
  const voice = await heard('[CQ:record')
  const nodes = [
    { senderId: 20001 as never, senderName: 'c', time: 1700000000, segments: [{ type: 'text' as const, text: 'in' }] },
  ]
  captain.say(group(ship), [{ type: 'forward', nodes }])
  const forward = await heard('[CQ:forward')
  world.as(20301).requestFriend(bot, 'let me')
  world.as(20303).requestFriend(bot, 'me too', { filtered: true })
  world.as(20302).requestJoin(ship, 'open')
  const asked = (type: string) => client.event(({ request_type: is }) => is === type, `a ${type} request`)
  const [friendRequest, joinRequest] = [await asked('friend'), await asked('group')]
  const doubt = await client.call('get_doubt_friends_add_request', { count: 50 })
  const upload = { user_id: 20001, file: 'base64://AAAB', name: 'given.zip' }
  const given = await client.call('upload_private_file', upload)
  return new Map<unknown, unknown>([
    [501, first['message_id']],
    ['7', friendRequest['flag']],
    ['9', joinRequest['flag']],
    ['8', (doubt['data'] as Frame[] | null)?.[0]?.['flag']],
    ['226723D7B1EE3BF02E9CFD8236EE468B.jpg', dataOf(image)['file']],
    ['abc', dataOf(voice)['file']],
    ['f2', (given['data'] as Frame | null)?.['file_id']],
    ['7412345678901234567', dataOf(forward)['id']],
  ])
}

function dataOf({ message }: Frame): Frame {
  return (message as { data: Frame }[])[0]?.data ?? {}
}

/** Each value that has another name by it, at any depth. */
export function rename(value: unknown, names: Names): unknown {
  if (names.has(value)) return names.get(value)
  if (Array.isArray(value)) return value.map((entry) => rename(entry, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rename(inner, names)]))
}

const clock = /time|date|created_at|msgTime/i
const generated =
  /^(message_id|message_seq|real_id|real_seq|msgId|request_id|file_id|fileId|folderId|flag|id|res_id|forward_id)$/

/**
 * What differs from one run to the next becomes its kind: ports and generated names inside texts, the time of now, numbers
 * and names given out by chance. Times of the world file stay.
 */
export function normalise(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => normalise(entry, key))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normalise(inner, name)]))
  }
  if (typeof value !== 'number' && typeof value !== 'string') return value
  const text = String(value)
  if (clock.test(key) && Math.abs(Number(text) - Date.now() / 1000) < 60) return `now as ${typeof value}`
  if (generated.test(key) && /^-?\d{6,}$|^\/?[0-9a-f]{32}$/.test(text)) return `any ${typeof value}`
  if (typeof value === 'number') return value
  return value
    .replace(/ \(trace [0-9a-z-]+\)$/, '')
    .replace(/127\.0\.0\.1:\d+/g, 'here')
    .replace(/(forward|friend|join)-\d+-/g, '$1-any-')
}
