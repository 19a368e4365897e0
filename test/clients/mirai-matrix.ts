// The backends that a mirai bot is tried before.
import { afterAll, beforeAll, describe } from 'vitest'
import { describeEvents } from './mirai-events.ts'
import { describePeople, type Hop } from './mirai-people.ts'
import { describeTalk } from './mirai-talk.ts'
import {
  startBeforeDiallingOneBot,
  startBeforeOneBot,
  startEmbedded,
  startStage,
  type Scene,
  type Stage,
} from './stage.ts'

interface Place {
  title: string
  start: () => Promise<Scene>
  hop: Hop
}

// OneBot's profiles have no e-mail address.
const beforeOneBot: Hop = { email: '' }

export const embedded: Place = {
  title: 'the embedded core',
  start: startEmbedded,
  hop: { email: '10001@example.invalid' },
}
export const oneBot: Place = { title: 'a OneBot backend', start: startBeforeOneBot, hop: beforeOneBot }
export const diallingOneBot: Place = {
  title: 'a OneBot backend that dials',
  start: startBeforeDiallingOneBot,
  hop: beforeOneBot,
}

/** One bot process in one place, through everything. */
export function describeMiraiBot(script: string, cells: [mode: string, place: Place][]): void {
  describe.each(cells)(`over %s`, (mode, { title, start, hop }) => {
    describe(`before ${title}`, () => {
      let stage: Stage
      beforeAll(async () => {
        stage = await startStage(start, script, mode)
      })
      afterAll(() => stage.close())
      describeTalk(() => stage, script === 'mirai-ts.ts' || mode !== 'ws')
      describePeople(() => stage, hop)
      describeEvents(() => stage)
    })
  })
}
