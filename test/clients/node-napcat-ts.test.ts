// node-napcat-ts, unchanged, before each backend.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEvents } from './onebot11-events.ts'
import { describePeople, type Hop } from './onebot11-people.ts'
import { describeTalk } from './onebot11-talk.ts'
import { startBeforeMirai, startEmbedded, startStage, type Scene, type Stage } from './stage.ts'

const script = 'node-napcat-ts.ts'

const exact: Hop = {
  cardOf: () => '',
  nicknameOf: (nickname) => nickname,
  captain: { sex: 'male', age: 54, level: 64 },
  memberCount: 3,
}

const beforeMirai: Hop = {
  // mah's memberName is the card, or the nickname when there is no card: one field for both.
  cardOf: (nickname) => nickname,
  nicknameOf: (_, card) => card,
  // mah's friend list holds id, nickname and remark, its group list no numbers.
  captain: { sex: 'unknown', age: 0, level: 0 },
  memberCount: 0,
}

const cells: [title: string, start: () => Promise<Scene>, hop: Hop][] = [
  ['the embedded core', startEmbedded, exact],
  ['a mirai-api-http backend', startBeforeMirai, beforeMirai],
]

describe.each(cells)('before %s', (_, start, hop) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage(start, script, '')
  })
  afterAll(() => stage.close())
  describeTalk(() => stage, hop)
  describePeople(() => stage, hop)
  describeEvents(() => stage)
})

test('stops when its token is refused', async () => {
  const { bot, close } = await startStage(startEmbedded, script, 'wrong token')
  try {
    expect(await bot.heard({ socket: 'socket.error' })).toMatchObject({
      error_type: 'response_error',
      info: { errno: 1403 },
      reconnection: { enable: false },
    })
    await bot.heard({ socket: 'socket.close' })
    expect(bot.events.filter(({ socket }) => socket === 'socket.connecting')).toHaveLength(1)
    expect(bot.events.filter((event) => !('socket' in event))).toEqual([])
  } finally {
    await close()
  }
})
