// What docs/compatibility.md says of each of the 235 actions, held against the backends themselves: an action is refused
// where its cell says so, and nowhere else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onebot11Actions, type OneBot11ActionRow } from '../../mappings/onebot11-actions.ts'
import { printCompatibility } from '../../scripts/compatibility.ts'
import { goldenActions } from '../golden/onebot11/actions.ts'
import type { Frame } from '../inbound/onebot11/support.ts'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { startBridge, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { connectClient, happen, rename, seedWorld, type Client } from './seed-world.ts'

const [, calls = ''] = printCompatibility().split('\n## ')
const cells = new Map(
  calls
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '))
    .map(([name = '', , embedded = '', onebot11 = '', mirai = '']) => [
      name.replaceAll('`', ''),
      { embedded, onebot11, mirai },
    ]),
)
const rows = Object.entries<OneBot11ActionRow>(onebot11Actions)

/** For the other names of what the reference knows: parameters that these want. */
const ownParams: Record<string, object> = {
  '.handle_quick_operation': {
    context: {
      self_id: 10001,
      post_type: 'message',
      message_type: 'group',
      group_id: 30001,
      user_id: 20001,
      message_id: 501,
    },
    operation: { reply: 'r' },
  },
  get_profile_like_me: {},
  get_file: { file: '226723D7B1EE3BF02E9CFD8236EE468B.jpg' },
  upload_group_file: { group_id: 30001, file: 'base64://AAAB', name: 'a.bin' },
  unset_msg_emoji_like: { message_id: 501, emoji_id: '181' },
  set_group_reaction: { group_id: 30001, message_id: 501, code: '181', is_add: true },
  get_emoji_likes: { message_id: 501, emoji_id: '181' },
}

/** As a client writes it that knows the action by one of its names. */
function paramsOf(name: string, { to, ask, special }: OneBot11ActionRow): object {
  const own = ownParams[name] ?? goldenActions.find((row) => row.name === name)?.params
  if (own) return own
  const twin = rows.find(
    ([other, row]) =>
      to !== undefined &&
      row.to === to &&
      row.ask === ask &&
      row.special === special &&
      goldenActions.some((golden) => golden.name === other),
  )
  return goldenActions.find((golden) => golden.name === twin?.[0])?.params ?? {}
}

/** What is lossy, and here asked for just what is lost. */
const lostHere: Record<string, string> = {
  'mirai set_group_leave': 'the bot owns the group, which mah cannot dissolve',
}

test('every action has its row', () => {
  expect([...cells.keys()]).toEqual(rows.map(([name]) => name))
})

describe.each(['embedded', 'mirai'] as const)('%s', (kind) => {
  /** Has the world, which is the backend itself or stands behind a mah server. */
  let bridge: RunningBridge
  let front: RunningBridge
  beforeAll(async () => {
    bridge = await startBridge({ backends: { world: { dialect: 'embedded', world: seedWorld() } } })
    const ws = `ws://127.0.0.1:${bridge.miraiPort}`
    front =
      kind === 'embedded'
        ? bridge
        : await startBridge({ backends: { mah: { dialect: 'mirai', ws, verifyKey, bots: [10001] } } })
  })
  afterAll(async () => {
    if (front !== bridge) await front?.stop()
    await bridge.stop()
  })

  async function ask(name: string, params: object): Promise<Frame> {
    bridge.world().reset()
    const client: Client = await connectClient(front)
    try {
      return await client.call(name, rename(params, await happen(bridge, client)))
    } finally {
      client.close()
    }
  }

  test.each(rows)('%s', async (name, row) => {
    const cell = cells.get(name)?.[kind] ?? ''
    const isRefused = cell.startsWith('refused') || lostHere[`${kind} ${name}`] !== undefined
    const { status, message } = await ask(name, paramsOf(name, row))
    expect({ [String(status)]: message }).toEqual({ [isRefused ? 'failed' : 'ok']: message })
    expect(message === '').toBe(!isRefused)
  })
})

describe('a OneBot backend gets what is passed on', () => {
  const fake = new FakeOneBot().on('get_group_list', []).on('get_friend_list', [])
  let bridge: RunningBridge
  let client: Client
  beforeAll(async () => {
    await fake.listen()
    bridge = await startBridge({ backends: { back: { dialect: 'onebot11', ws: fake.url } } })
    client = await connectClient(bridge)
  })
  afterAll(async () => {
    client.close()
    await bridge.stop()
    await fake.close()
  })

  const passed = rows.filter(([name]) => cells.get(name)?.onebot11 === 'exact: passed on as it is')
  test('about a hundred of them', () => expect(passed.length).toBeGreaterThan(80))
  test.each(passed)('%s', async (name) => {
    const data = { made: ['up'], n: 1 }
    fake.on(name, data)
    expect(await client.call(name, { odd: name, list: [1] })).toMatchObject({ status: 'ok', data })
    expect(fake.calls.at(-1)).toEqual({ action: name, params: { odd: name, list: [1] } })
  })
})
