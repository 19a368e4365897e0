// What bots see of a kept world after a restart: everything as before, but under the addresses of now.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createBridge, type Bridge } from '../../../src/bridge.ts'
import type { GroupId, MessageId } from '../../../src/core/ids.ts'
import { group } from '../../../src/world/index.ts'

const png = 'iVBORw0KGgo='
const bot = 10001
const bridges: Bridge[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()))
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }))
})

async function start(data: string): Promise<Bridge> {
  const bridge = createBridge({
    data,
    backends: { lab: { dialect: 'embedded' } },
    inbounds: { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'access-token-of-tests' } },
    log: { level: 'silent' },
  })
  bridges.push(bridge)
  await bridge.start()
  return bridge
}

/** Every address in it. */
function urlsIn(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"url":"([^"]+)"/g)].map(([, url = '']) => url)
}

async function look(bridge: Bridge, messageId: MessageId) {
  const groupId = 30001 as GroupId
  const message = await bridge.call(bot, { name: 'message.get', params: { messageId } })
  const history = await bridge.call(bot, { name: 'message.history', params: { peer: group(groupId) } })
  const files = await bridge.call(bot, { name: 'file.list', params: { groupId } })
  const sent = files.find(({ name }) => name === 'sent.bin')
  const file = await bridge.call(bot, { name: 'file.url', params: { peer: group(groupId), fileId: sent?.id ?? '' } })
  return [...urlsIn(message), ...urlsIn(history), file.url]
}

test('addresses of own media name the port of now, others stay', async () => {
  const data = mkdtempSync(join(tmpdir(), 'restart-'))
  folders.push(data)
  const first = await start(data)
  const image = { type: 'image', base64: png } as const
  const { messageId } = await first.call(bot, {
    name: 'message.send',
    params: {
      peer: group(30001),
      segments: [
        image,
        { type: 'image', url: 'http://example.com/a.png' },
        { type: 'forward', nodes: [{ segments: [{ type: 'text', text: 'x' }, image] }] },
      ],
    },
  })
  first
    .world()
    .as(20001)
    .say(group(30001), [{ type: 'file', name: 'sent.bin', base64: png }])
  const before = await look(first, messageId)
  const oldPort = first.ports()['onebot']
  await first.stop()
  const second = await start(data)
  const port = second.ports()['onebot']
  expect(port).not.toBe(oldPort)
  const after = await look(second, messageId)
  expect(after).toEqual(before.map((url) => url.replace(`:${oldPort}/`, `:${port}/`)))
  const own = after.filter((url) => !url.startsWith('http://example.com/'))
  expect(own.length).toBeGreaterThan(4)
  for (const url of own) expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64')).toBe(png)
})
