// Every method that a client library has, by reflection, so that none is left out silently: called once, with the answer that
// it must get, or passed over for a written reason.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { group } from '../../src/world/index.ts'
import { captain, ship, startStage, type Scene, type Stage } from './stage.ts'

/** What earlier answers said. */
export type Known = Record<string, unknown>

export interface Driven {
  args?: unknown[] | ((known: Known) => unknown[])
  /** What the answer must be like. Default: mah's plain success. */
  answer?: unknown
  /** Over a WebSocket alone. */
  overWs?: { answer: unknown; because: string } | { skip: string }
  /** What later calls need of the answer. */
  keep?: (answer: never) => Known
}

export type Row = Driven | { skip: string }

export interface Library {
  script: string
  /** In the order in which they are called. */
  rows: Readonly<Record<string, Row>>
}

interface Cell {
  mode: string
  title: string
  start: () => Promise<Scene>
}

export function describeMethods({ script, rows }: Library, cells: readonly Cell[]): void {
  describe.each(cells)('every method over $mode before $title', ({ mode, start }) => {
    let stage: Stage
    const known: Known = {}
    beforeAll(async () => {
      stage = await startStage(start, script, mode)
      stage.world.as(captain).say(group(ship), 'for every method')
      const heard = (await stage.bot.heard({ type: 'GroupMessage', sender: { id: captain } })) as {
        messageChain?: { id: number }[]
      }
      Object.assign(known, { heard, heardId: heard.messageChain?.[0]?.id })
    })
    afterAll(() => stage.close())

    test('none is missing here', async () => {
      expect((await stage.bot.call<string[]>('names')).toSorted()).toEqual(Object.keys(rows).toSorted())
    })

    test.each(Object.entries(rows))('%s', async (name, row) => {
      if ('skip' in row) return expect(row.skip).not.toBe('')
      const alone = mode === 'ws' && script.startsWith('node') ? row.overWs : undefined
      if (alone && 'skip' in alone) return expect(alone.skip).not.toBe('')
      const { args = [] } = row
      const answer = 'answer' in row ? row.answer : success
      const given = typeof args === 'function' ? args(known) : args
      const said: unknown = await stage.bot
        .call('invoke', name, ...given)
        .catch((error: unknown) => ({ thrown: String(error).split('\n')[0] }))
      const wanted = alone ? alone.answer : answer
      if (Array.isArray(wanted) || typeof wanted !== 'object') expect(said).toEqual(wanted)
      else expect(said).toMatchObject(wanted ?? {})
      if (row.keep) Object.assign(known, row.keep(said as never))
    })
  })
}

export const success = { code: 0, msg: 'success' }
export const sent = { ...success, messageId: expect.any(Number) as number }
