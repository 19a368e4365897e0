// `world export` as a program of its own: from a data folder, from a bridge that runs, and refusals.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { createBridge, type Bridge } from '../../src/bridge.ts'
import { createWorld, parseWorld } from '../../src/world/index.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const token = 'admin-token-of-tests'
const folders: string[] = []
const bridges: Bridge[] = []
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()))
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true }))
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'export-'))
  folders.push(folder)
  return folder
}

async function startBridge(data?: string, names = ['lab']): Promise<Bridge> {
  const bridge = createBridge({
    ...(data !== undefined && { data }),
    backends: Object.fromEntries(
      names.map((name, at) => [
        name,
        {
          dialect: 'embedded',
          ...(at > 0 && { world: { accounts: [{ id: at, bot: true, nickname: name }] } }),
        } as const,
      ]),
    ),
    inbounds: { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'access-token-of-tests' } },
    admin: { listen: '127.0.0.1:0', token },
    log: { level: 'silent' },
  })
  bridges.push(bridge)
  await bridge.start()
  return bridge
}

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { BRIDGE_DATA: _, ...rest } = process.env
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, 'world', 'export', ...args],
      { env: { ...rest, ADMIN_TOKEN: token } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

test('what a stopped bridge kept, uploads with their bytes, begins the same world elsewhere', async () => {
  const data = newFolder()
  const bridge = await startBridge(data)
  const world = bridge.world()
  world.as(20001).setCard(30001, 20001, 'changed')
  world.as(20001).upload(30001, { name: 'up.bin', base64: 'AAEC' })
  const before = world.export()
  await bridge.stop()
  const file = join(newFolder(), 'seed.json')
  expect(await run(file, '--bridge-data', data)).toEqual({ code: 0, out: '', err: '' })
  const text = readFileSync(file, 'utf8')
  const again = createWorld(parseWorld(JSON.parse(text), text), { now: world.now }).export()
  expect(again.groups[0]?.members).toEqual(before.groups[0]?.members)
  expect(again.groups[0]?.files.at(-1)).toMatchObject({ name: 'up.bin', base64: 'AAEC' })
  expect(again.groups[0]?.files.at(-1)).not.toHaveProperty('mediaId')
  expect({ ...again, groups: again.groups.slice(1) }).toEqual({ ...before, groups: before.groups.slice(1) })
})

test('a bridge that runs, by its folder and by its address', async () => {
  const data = newFolder()
  const bridge = await startBridge(data)
  const { admin } = bridge.ports()
  const url = `http://127.0.0.1:${admin}`
  const act = { kind: 'nickname', user: 20001, nickname: 'changed' }
  await fetch(`${url}/world/act`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(act),
  })
  for (const args of [
    ['--bridge-data', data],
    ['--url', url],
  ]) {
    const { code, out, err } = await run(...args)
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(bridge.world().export())))
  }
})

test('one of several, and what is refused', async () => {
  const data = newFolder()
  const bridge = await startBridge(data, ['lab', 'second'])
  await bridge.stop()
  const stored = await run('--bridge-data', data, '--backend', 'second')
  expect((JSON.parse(stored.out) as { accounts: { nickname: string }[] }).accounts[0]?.nickname).toBe('second')
  const refusals: [string[], string][] = [
    [['--bridge-data', data], 'which world is meant? --backend; there are: lab, second'],
    [['--bridge-data', data, '--backend', 'x'], 'no world x; there are: lab, second'],
    [['--bridge-data', newFolder()], 'is no data folder'],
    [['--url', 'nonsense'], '--url: expected http:// or https://'],
    [['--url', 'http://127.0.0.1:9'], 'cannot be reached'],
    [[main, '--bridge-data', data], 'is there already; --force overwrites it'],
  ]
  const ended = await Promise.all(refusals.map(([args]) => run(...args)))
  for (const [at, { code, out, err }] of ended.entries()) {
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(refusals[at]?.[1])
  }
})

test('a bridge that takes its time: what is waited for, beside the world', async () => {
  const world = JSON.stringify(createWorld(parseWorld({ accounts: [] })).export())
  const server = createServer((_, response) => void setTimeout(() => response.end(world), 1500)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const { code, out, err } = await run('--url', `http://127.0.0.1:${port}`)
  server.close()
  expect([code, JSON.parse(out), err]).toEqual([0, JSON.parse(world), 'waiting for the world (1 s)\n'])
})
