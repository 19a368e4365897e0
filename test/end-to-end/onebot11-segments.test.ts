// Every segment of the facts with every field, from an implementation to a OneBot client and back, as segments and as CQ
// codes: what arrives says all of it.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printCq } from '../../src/dialect/onebot11/cqcode.ts'
import type { Frame } from '../inbound/onebot11/support.ts'
import { FakeOneBot } from '../outbound/onebot11/fake-onebot.ts'
import { groupMessage } from '../outbound/onebot11/set-up.ts'
import { startBridge, type RunningBridge } from '../support/bridge.ts'
import { connectClient, type Client } from './seed-world.ts'

interface Fact {
  type: string
  fields: { name: string; type: string; receive: boolean; send: boolean }[]
}
const { segments } = JSON.parse(readFileSync(new URL('../facts/onebot11-segments.json', import.meta.url), 'utf8')) as {
  segments: Fact[]
}

const address = 'https://a.example/x.png'
const samples: Record<string, unknown> = {
  file: address,
  url: address,
  qq: '20001',
  id: '14',
  'image type': 'flash',
  'contact type': 'group',
  'music type': 'custom',
  'music subtype': '163',
  'music id': undefined,
  'music voice': 'audio of it',
  'poke type': '126',
  'poke id': '2003',
  'rps result': '1',
  'rps value': '2',
  'dice value': '4',
  'poke name': '勾引',
  thumb: address,
  cover: address,
  'at target': '20001',
  'dice result': '4',
  'json data': '{"a":1}',
  'miniapp data': '{"app":"com.a"}',
  lat: '1.5',
  lon: '2.5',
  sub_type: 1,
  subType: 1,
  magic: '1',
  // A market face in disguise is told by these.
  'image key': undefined,
  'image emoji_id': undefined,
  'image emoji_package_id': undefined,
  emoji_package_id: 5,
  busid: '102',
  file_size: '3',
}

/** One of several fields that say where the bytes are is enough; a node and a forward hold messages, see the forwards. */
const elsewhere = new Set(['text', 'node', 'forward', 'reply', 'longmsg'])

function dataOf({ type, fields }: Fact, way: 'receive' | 'send'): Frame {
  const data: Frame = {}
  for (const { name, type: kind, [way]: used } of fields) {
    if (
      !used ||
      (way === 'send' && ['url', 'path'].includes(name) && fields.some((field) => field.name === 'file' && field.send))
    )
      continue
    const key = `${type} ${name}`
    const plain = kind.startsWith('number')
      ? 7
      : kind.startsWith('boolean')
        ? true
        : kind.startsWith('object')
          ? { a: [1] }
          : `${name} of it`
    const value = Object.hasOwn(samples, key) ? samples[key] : Object.hasOwn(samples, name) ? samples[name] : plain
    if (value !== undefined) data[name] = value
  }
  return data
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Numbers and objects are the same as their text. */
function missing(wanted: Frame, given: Frame | undefined): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => asText(given?.[name]) !== asText(value))
    .map(([name, value]) => `${name}: ${asText(value)} became ${asText(given?.[name])}`)
}

/** Fields that come in another way, and why. */
const otherwise: Record<string, readonly string[]> = {
  // The bridge's handle, which can be sent back; `path` is of the implementation's machine.
  image: ['file', 'path'],
  record: ['file', 'path'],
  video: ['file', 'path'],
  file: ['file', 'file_id', 'path'],
  // The same account as in qq.
  at: ['target'],
}

/** What a type is written as. */
const types: Record<string, string> = { shake: 'poke', 'miniapp sent': 'json' }

const fake = new FakeOneBot('some other')
  .on('get_group_list', [])
  .on('get_friend_list', [])
  .on('send_group_msg', () => ({ message_id: ++ids }))
let ids = 1000
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

const cases = segments.filter(({ type }) => !elsewhere.has(type)).map((fact) => [fact.type, fact] as const)
/** Some are received only. */
const sendable = cases.filter(
  ([type, fact]) => ['rps', 'dice', 'shake'].includes(type) || Object.keys(dataOf(fact, 'send')).length > 0,
)
const lost = (type: string, found: string[]): string[] =>
  found.filter((line) => !otherwise[type]?.includes(line.slice(0, line.indexOf(':'))))

describe.each(['segments', 'CQ codes'])('as %s', (form) => {
  test.each(cases)('%s is received', async (type, fact) => {
    const data = dataOf(fact, 'receive')
    const id = ++ids
    const message = [{ type, data }]
    const written = form === 'segments' ? message : printCq(message)
    fake.send(groupMessage({ message: written, message_id: id, message_seq: id, real_seq: String(id), time: id }))
    const event = await client.event(({ time }) => time === id, 'the message')
    const [first] = event['message'] as { type: string; data: Frame }[]
    expect({ type: first?.type, lost: lost(type, missing(data, first?.data)) }).toEqual({
      type: types[type] ?? type,
      lost: [],
    })
  })

  test.each(sendable)('%s is sent', async (type, fact) => {
    const data = dataOf(fact, 'send')
    const message = [{ type, data }]
    const answer = await client.call('send_group_msg', {
      group_id: 30001,
      message: form === 'segments' ? message : printCq(message),
    })
    expect(answer['message']).toBe('')
    const [first] = (fake.calls.at(-1)?.params['message'] ?? []) as { type: string; data: Frame }[]
    expect({ type: first?.type, lost: lost(type, missing(data, first?.data)) }).toEqual({
      type: types[`${type} sent`] ?? types[type] ?? type,
      lost: [],
    })
  })
})
