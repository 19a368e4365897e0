import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BridgeEvent } from '../../../src/core/event.ts'
import type { Peer } from '../../../src/core/ids.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { bot, group, mio, nico, time } from '../../dialect/mirai/fixtures.ts'
import { connect, key, startInbound, stored, type Client, type Harness } from './setup.ts'

const inLab: Peer = { kind: 'group', groupId: group.groupId }
const withNico: Peer = { kind: 'friend', userId: nico }

function said(content: string | Segment[], peer: Peer = inLab, given: { origin?: 'self' | 'sync' } = {}): BridgeEvent {
  const segments: Segment[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const sender = peer.kind === 'friend' ? { userId: nico, nickname: 'Nico' } : { userId: mio, nickname: 'Mio' }
  return { type: 'message', bot, time, origin: 'received', message: { ...stored, peer, sender, segments }, ...given }
}

let harness: Harness
let client: Client
async function start(options: Parameters<typeof startInbound>[0] = {}): Promise<void> {
  harness = await startInbound(options)
  client = connect(harness, `/all?verifyKey=${encodeURIComponent(key)}&qq=${bot}`)
  await client.frame(0)
  await client.ask({ syncId: '1', command: 'cmd_register', content: { name: 'Login', alias: ['lg', '登录'] } })
}
beforeEach(() => start())
afterEach(() => harness.close())

/** Types of what was pushed, up to the marker that closes the row. */
async function pushes(): Promise<Record<string, unknown>[]> {
  harness.inbound.push({ type: 'bot.online', bot, time, again: false })
  for (let at = 2; ; at++) {
    const { data } = JSON.parse(await client.frame(at)) as { data: { type: string } }
    if (data.type === 'BotOnlineEvent') break
  }
  return client.frames.slice(2, -1).map((text) => (JSON.parse(text) as { data: Record<string, unknown> }).data)
}

test('in a group: after the message, with the member and what follows the name', async () => {
  harness.inbound.push(
    said([
      { type: 'text', text: '/LG  123 pwd' },
      { type: 'mention', userId: mio },
    ]),
  )
  const [message, command] = await pushes()
  expect(message?.['type']).toBe('GroupMessage')
  expect(JSON.stringify(command)).toBe(
    `{"type":"CommandExecutedEvent","name":"Login","friend":null,"member":${JSON.stringify(message?.['sender'])},` +
      '"args":[{"type":"Plain","text":"123"},{"type":"Plain","text":"pwd"},{"type":"At","target":40004,"display":""}]}',
  )
})

test('from a friend: with the friend', async () => {
  harness.inbound.push(said('/登录', withNico))
  const [, command] = await pushes()
  expect(JSON.stringify(command)).toBe(
    '{"type":"CommandExecutedEvent","name":"Login","friend":{"id":20002,"nickname":"Nico","remark":""},"member":null,"args":[]}',
  )
})

test.each(['login 1', '/loginx', 'please /login', '/', ''])('%j runs nothing', async (text) => {
  harness.inbound.push(said(text))
  expect((await pushes()).map(({ type }) => type)).toEqual(['GroupMessage'])
})

test('neither do messages of the bot itself', async () => {
  harness.inbound.push(said('/login', inLab, { origin: 'self' }))
  harness.inbound.push(said('/login', inLab, { origin: 'sync' }))
  expect((await pushes()).map(({ type }) => type)).toEqual(['GroupSyncMessage'])
})

test('a prefix of one’s own, or none', async () => {
  await harness.close()
  await start({ commandPrefix: '' })
  harness.inbound.push(said('login 1'))
  expect((await pushes()).map(({ type }) => type)).toEqual(['GroupMessage', 'CommandExecutedEvent'])
})

test('registering a name again takes it over', async () => {
  await client.ask({ syncId: '2', command: 'cmd_register', content: { name: 'other', alias: ['LG'] } })
  harness.inbound.push(said('/lg'))
  const frames = await pushes()
  expect(frames.at(-1)).toMatchObject({ type: 'CommandExecutedEvent', name: 'other' })
})

test('execute tells every bot, without friend and member', async () => {
  const other = connect(harness, `/event?verifyKey=${encodeURIComponent(key)}&qq=10002`)
  await other.frame(0)
  const command = [{ type: 'Plain', text: '/login 1' }, { type: 'AtAll' }]
  client.socket.send(JSON.stringify({ syncId: '3', command: 'cmd_execute', content: { command } }))
  const wanted =
    '{"syncId":"-1","data":{"type":"CommandExecutedEvent","name":"Login","friend":null,"member":null,' +
    '"args":[{"type":"Plain","text":"1"},{"type":"AtAll","target":0}]}}'
  expect(await other.frame(1)).toBe(wanted)
  expect([await client.frame(2), await client.frame(3)].toSorted()).toEqual(
    [wanted, '{"syncId":"3","data":{"code":0,"msg":"success"}}'].toSorted(),
  )
})

test.each([{ name: '' }, { name: 'a b' }, { name: 'a', alias: [[]] }])('%j is no command', async (content) => {
  expect(await client.ask({ syncId: '4', command: 'cmd_register', content })).toContain('"code":400')
})
