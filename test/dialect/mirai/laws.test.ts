// Whatever comes in, the grammar answers with a value or a BridgeError.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BridgeError } from '../../../src/core/error.ts'
import type { Peer } from '../../../src/core/ids.ts'
import { allCommands, fromChain, parseChain, parseEvent, readParams } from '../../../src/dialect/mirai/index.ts'
import { bot, createIds, lab, time } from './fixtures.ts'
import { spec } from './spec.ts'

const group: Peer = { kind: 'group', groupId: lab }
const scalar = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(0, -1, '', '5', null, 30003))

function objectOf(rows: readonly { type: string; fields: readonly { name: string }[] }[]) {
  return fc.constantFrom(...rows).chain(({ type, fields }) => {
    const members = Object.fromEntries(fields.map(({ name }) => [name, scalar]))
    return fc.record({ type: fc.constant(type), ...members }, { requiredKeys: ['type'] })
  })
}

test('chains of clients', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(objectOf(spec.messages), scalar)), (chain) => {
      try {
        expect(parseChain(chain).segments).toBeInstanceOf(Array)
      } catch (error) {
        expect(error).toBeInstanceOf(BridgeError)
      }
    }),
  )
})

test('chains and events of a backend never throw', () => {
  const contact = fc.record(
    { id: scalar, group: fc.record({ id: scalar, name: scalar }, { requiredKeys: [] }), kind: scalar },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(objectOf(spec.messages)), objectOf(spec.events), contact, (chain, event, someone) => {
      expect(fromChain(chain, group, createIds()).segments).toBeInstanceOf(Array)
      const context = { bot, now: time, ids: createIds() }
      const wire = { member: someone, operator: someone, subject: someone, sender: someone, friend: someone, ...event }
      expect(parseEvent(wire, context)?.event.bot).toBe(bot)
    }),
  )
})

test('parameters of commands', () => {
  fc.assert(
    fc.property(fc.constantFrom(...allCommands), fc.dictionary(fc.string(), scalar), scalar, (command, wire, value) => {
      for (const [name] of command.fields ?? []) wire[name.split('|')[0] as string] = value
      try {
        expect(readParams(command, wire)).toBeTypeOf('object')
      } catch (error) {
        expect(error).toBeInstanceOf(BridgeError)
      }
    }),
  )
})

test('mirai code keeps its text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const code = text.replace(/[[\]:,\\]/g, (character) => `\\${character}`)
      const { segments } = parseChain([{ type: 'MiraiCode', code }])
      expect(segments).toEqual(text === '' ? [] : [{ type: 'text', text }])
    }),
  )
})
