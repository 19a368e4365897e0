// The 131 actions of the reference on their way to a backend: what it is asked, and what its answer means.
import { describe, expect, test } from 'vitest'
import type { ActionName, ActionOf } from '../../../src/core/action.ts'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import { filteredMark } from '../../../src/dialect/onebot11/request.ts'
import { goldenActions } from '../../golden/onebot11/actions.ts'
import { bot, setUpForward, time, type Rig } from './set-up.ts'

const userId = 20001 as UserId
const groupId = 30001 as GroupId

/** The golden numbers of requests, and what the bridge calls them in this run. */
function learnRequests({ services: { requests } }: Rig): Map<number, number> {
  return new Map([
    [7, requests.learn(bot, { kind: 'friend', native: '7', userId })],
    [8, requests.learn(bot, { kind: 'friend', native: `${filteredMark}8`, userId })],
    [9, requests.learn(bot, { kind: 'join', native: '9', userId, groupId })],
    [10, requests.learn(bot, { kind: 'invite', native: '10', userId, groupId })],
  ])
}

function withRequests<T>(value: T, ids: ReadonlyMap<number, number>): T {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'requestId' ? (ids.get(inner as number) ?? inner) : inner,
  )
  return (text === undefined ? undefined : JSON.parse(text)) as T
}

function learnMessage({ services }: Rig): void {
  const segments = [{ type: 'text' as const, text: '你好' }]
  const content = { sender: { userId, nickname: '老船长' }, time, segments }
  services.messages.learn(bot, { native: '501', peer: { kind: 'group', groupId } }, content, true)
}

const asked = goldenActions.filter((row) => row.asks && !row.local)

describe('what a backend is asked', () => {
  test.each(asked)('$name', async ({ calls = [], asks = [], answers, data, result, more }) => {
    const rig = await setUpForward()
    learnMessage(rig)
    const ids = learnRequests(rig)
    const scripts = answers ?? { [asks[0]?.action as string]: data }
    for (const [action, answer] of Object.entries(scripts)) rig.fake.on(action, answer)
    const action = withRequests(calls.at(-1), ids) as ActionOf<'raw'>
    const got: unknown = await rig.call<ActionName>(action)
    const frames = rig.fake.calls
    expect(more ? frames.slice(0, asks.length) : frames).toEqual(expect.arrayContaining(asks))
    if (!more) expect(frames).toHaveLength(asks.length)
    expect(got).toEqual(withRequests(result, ids))
  })
})

test('only what the bridge answers itself is not among them', () => {
  const own = goldenActions.filter((row) => !asked.includes(row)).map(({ name }) => name)
  const local = 'get_status can_send_image can_send_record get_version_info .handle_quick_operation clean_cache'
  expect(own.toSorted()).toEqual([...local.split(' '), 'download_file', 'unknown'].toSorted())
})
