// Each canonical action: its reply, its effect, and what every bot of the world is told, also the one who must not be.
import { describe, expect, test } from 'vitest'
import { actionTable } from '../../../mappings/actions.ts'
import type { MessageId } from '../../../src/core/ids.ts'
import { group } from '../../../src/world/index.ts'
import { asked, type Case, of30002, present, stranger, text, where, worldOfThreeBots } from './everyone.ts'
import { acts } from './everyone-acts.ts'
import { reads } from './everyone-reads.ts'
import { startLab } from './support.ts'

/** What a world cannot do, tried in honest-refusals.test.ts. */
const refused = new Set(['raw', 'server.ask'])

test('every canonical action has a case, or is refused with a reason', () => {
  const tried = [...acts, ...reads].map(({ call: [name] }) => name as string)
  expect([...new Set([...tried, ...refused])].toSorted()).toEqual(Object.keys(actionTable).toSorted())
})

const named = ({ call: [name, params] }: Case): string =>
  `${name} ${typeof params === 'function' ? '' : JSON.stringify(params).slice(0, 60)}`

describe.each([
  ['changes', acts],
  ['looks', reads],
])('%s', (_, cases) => {
  test.each(cases.map((one) => [named(one), one] as const))(
    '%s',
    async (_name, { before, reply = {}, seen, ...one }) => {
      const lab = await startLab(worldOfThreeBots())
      const given = before?.(lab) as never
      lab.told()
      const world = JSON.stringify(lab.world.export())
      const [name, params] = one.call
      expect(await lab.call(name, typeof params === 'function' ? params(given) : params)).toEqual(reply)
      if (one.state) expect(one.state[0](lab.world)).toEqual(one.state[1])
      else expect(JSON.stringify(lab.world.export())).toBe(world)
      const told = lab.told()
      const typesFor = (bot: number): string[] => told.filter((event) => event.bot === bot).map(({ type }) => type)
      expect([typesFor(asked), typesFor(present), typesFor(stranger)]).toEqual([...seen, []])
    },
  )
})

test('the same message: one id for each bot, readable by those who were there, for the others it is not there', async () => {
  const lab = await startLab(worldOfThreeBots())
  const { messageId } = await lab.call('message.send', { peer: group(where), segments: text })
  for (const bot of [asked, present]) {
    const message = await lab.call('message.get', { messageId: messageId satisfies MessageId }, bot)
    expect(message.segments).toEqual(text)
  }
  await expect(lab.call('message.get', { messageId }, stranger)).rejects.toMatchObject({ kind: 'notFound' })
  await expect(lab.call('message.history', { peer: group(where) }, stranger)).rejects.toMatchObject({
    kind: 'notFound',
  })
  await expect(lab.call('group.member.list', of30002, stranger)).rejects.toMatchObject({ kind: 'notFound' })
})
