// Packets of mah, byte for byte. Each case names where its shape was read.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseEvent, printEvent } from '../../../src/dialect/mirai/index.ts'
import { bot, createIds, createView, time } from '../../dialect/mirai/fixtures.ts'
import { samples } from '../../dialect/mirai/samples.ts'
import { spec } from '../../dialect/mirai/spec.ts'

interface Case {
  source: string
  sample: string
  wire: Record<string, unknown>
}

const cases = JSON.parse(readFileSync(new URL('events.json', import.meta.url), 'utf8')) as Case[]

test.each(cases)('$sample', ({ sample, wire }) => {
  const event = samples[sample]
  if (!event) throw new Error(`no sample ${sample}`)
  const printed = printEvent(event, { view: createView(), loss: () => {} })
  expect(JSON.stringify(printed?.body)).toBe(JSON.stringify(wire))
  expect(printed?.text()).toBe(JSON.stringify(wire))
  expect(parseEvent(wire, { bot, now: time, ids: createIds() })?.event.type).toBe(event.type)
})

test('every packet of mah is here', () => {
  const here = new Set(cases.map(({ wire }) => wire['type']))
  // Another device's messages have no canonical form: they are handed on as they are.
  expect(spec.events.map(({ type }) => type).filter((type) => !here.has(type))).toEqual(['OtherClientMessage'])
})
