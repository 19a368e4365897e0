// What the bridge fetches for a client: only where the configuration lets it, and what came is a file like any other.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function start(...config: Parameters<typeof startBridge>): Promise<RunningBridge> {
  const bridge = await startBridge(...config)
  cleanUps.push(() => bridge.stop())
  return bridge
}

/** A site of somebody else; on loopback because tests stay there. */
async function serveFile(content: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(String(request.headers['x-key']))
    response.end(content)
  })
  cleanUps.push(() => server.close())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/docs/chart.txt`, asked }
}

async function act({ onebotPort }: RunningBridge, action: string, params: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${onebotPort}/${action}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return (await response.json()) as Record<string, unknown>
}

const allowed = { fetch: { allow: ['127.0.0.1'] } }

test('download_file: from an address to a handle to a file of a group', async () => {
  const { url, asked } = await serveFile('sea chart')
  const bridge = await start(allowed)
  const kept = await act(bridge, 'download_file', { url, headers: ['X-Key=a=b'] })
  expect(kept).toMatchObject({ status: 'ok', data: { file: expect.stringMatching(/^[0-9A-F]{32}\./i) as string } })
  expect(asked).toEqual(['a=b'])
  const { file } = kept['data'] as { file: string }
  const sent = await act(bridge, 'upload_group_file', { group_id: 30001, file, name: 'chart.txt' })
  expect(sent).toMatchObject({ status: 'ok' })
  const { file_id } = sent['data'] as { file_id: string }
  const found = await act(bridge, 'get_group_file_url', { group_id: 30001, file_id })
  const { url: served } = found['data'] as { url: string }
  expect(await (await fetch(served)).text()).toBe('sea chart')
})

test('download_file: an address inside is refused unless it is listed', async () => {
  const { url, asked } = await serveFile('inside')
  const bridge = await start()
  const refused = await act(bridge, 'download_file', { url })
  expect(refused).toMatchObject({ status: 'failed', retcode: 400, data: null })
  expect(refused['message']).toMatch(/127\.0\.0\.1 is not a public address; fetch\.allow/)
  expect(asked).toEqual([])
})

test('a file by its address reaches a mirai backend, which takes bytes only', async () => {
  const { url } = await serveFile('from afar')
  const inner = await start()
  const backends = {
    mah: { dialect: 'mirai' as const, ws: `ws://127.0.0.1:${inner.miraiPort}`, verifyKey, bots: [10001] },
  }
  const outer = await start({ backends, ...allowed })
  await until(() => outer.bots()[0]?.online, 'the bot')
  const sent = await act(outer, 'upload_group_file', { group_id: 30001, file: url, name: 'afar.txt' })
  expect(sent).toMatchObject({ status: 'ok' })
  const { files } = (await act(inner, 'get_group_root_files', { group_id: 30001 }))['data'] as { files: object[] }
  expect(files).toContainEqual(expect.objectContaining({ file_name: 'afar.txt', file_size: 9 }))

  const closed = await start({ backends })
  await until(() => closed.bots()[0]?.online, 'the bot')
  expect(await act(closed, 'upload_group_file', { group_id: 30001, file: url, name: 'x.txt' })).toMatchObject({
    status: 'failed',
    retcode: 400,
  })
})
