// node-napcat-ts, unchanged, in a process of its own: every method that it has, before the embedded core.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClient, happen, rename, seedWorld } from '../end-to-end/seed-world.ts'
import { goldenActions, type GoldenAction } from '../golden/onebot11/actions.ts'
import { differencesFrom } from '../golden/onebot11/reference.ts'
import { startBridge } from '../support/bridge.ts'
import type { Heard } from './bot-process.ts'
import { startStage, type Stage } from './stage.ts'

/** Why the embedded core refuses a method. */
const refused: Record<string, string> = {
  clean_cache: 'the core has no cache of its own',
  set_group_todo: 'the world has no to-do marks',
  get_qun_album_list: 'the world has no albums',
  upload_image_to_qun_album: 'the world has no albums',
  get_group_album_media_list: 'the world has no albums',
  do_group_album_comment: 'the world has no albums',
  set_group_album_media_like: 'the world has no albums',
  del_group_album_media: 'the world has no albums',
}

const atAddress = 'the bytes are at the address; NapCat repeats them only where it is set to'

/** Why the answer has not every member of the golden pair's. */
const otherAnswer: Record<string, string> = {
  get_record: atAddress,
  get_image: atAddress,
  get_file: atAddress,
  get_group_info_ex: 'the core answers with what its world has of it',
  get_group_msg_history: 'the messages are not all text',
  get_friend_msg_history: 'the messages are not all text',
  get_recent_contact: 'the latest message is a private one',
}

const pairs = new Map(goldenActions.map((row) => [row.name, row]))
let stage: Stage
let names: string[]

beforeAll(async () => {
  const start = async () => {
    const front = await startBridge({ backends: { world: { dialect: 'embedded', world: seedWorld() } } })
    return { front, world: front.world(), close: () => front.stop() }
  }
  stage = await startStage(start, 'node-napcat-ts.ts', '')
  names = await stage.bot.call<string[]>('names')
})
afterAll(() => stage.close())

/** In a world that has just begun. */
async function ask(
  name: string,
  { params }: Pick<GoldenAction, 'params'>,
): Promise<{ data?: unknown; failure?: Heard }> {
  stage.world.reset()
  const client = await connectClient(stage.front)
  try {
    const given = rename(params, await happen(stage.front, client))
    return await stage.bot.call('api', name, given).then(
      (data) => ({ data }),
      (failure: Heard) => ({ failure }),
    )
  } finally {
    client.close()
  }
}

/** What is wrong with the outcome of a method. Nothing: undefined. */
async function faultOf(name: string): Promise<unknown> {
  const row = pairs.get(name)
  const { data, failure } = await ask(name, row ?? { params: { group_id: 30001 } })
  if (refused[name] !== undefined) {
    return failure?.['status'] === 'failed' && failure['message'] !== '' ? undefined : { data, failure }
  }
  if (failure || !row) return { failure }
  const differences = otherAnswer[name] === undefined ? differencesFrom(row.data, data) : []
  return differences.length === 0 ? undefined : differences
}

test('each method succeeds with the right answer, or is refused honestly', async () => {
  expect(names.length).toBeGreaterThan(100)
  const faults: Record<string, unknown> = {}
  for (const name of names) faults[name] = await faultOf(name)
  expect(Object.entries(faults).filter(([, fault]) => fault !== undefined)).toEqual([])
  expect(Object.keys(refused).filter((name) => !names.includes(name))).toEqual([])
}, 60_000)
