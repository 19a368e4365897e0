// From the start of the process to the answer of the first send: the translator as it is, the bridge as people install it, with
// a configuration file and its ids on disk.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { bot, verifyKey } from './facts.ts'
import { askInLoop } from './loops.ts'
import { miraiSpeaker } from './speaker.ts'
import { launch, openStage, stop } from './stage.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const patienceMs = 30_000

export async function translatorStartUpMs(): Promise<number> {
  const stage = await openStage('mirai to OneBot', 'c')
  const { socket } = await stage.open()
  await sendOne(socket)
  const ended = performance.now()
  socket.close()
  await stage.close()
  return ended - stage.launchedAt
}

/** `npm run build` without declarations. */
export function buildPrograms(): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), '--programs'], { cwd: root, stdio: 'ignore' })
}

/** Of what was built. */
export async function bridgeStartUpMs(): Promise<number> {
  const backend = await launch('./backend.ts')
  const folder = mkdtempSync(join(tmpdir(), 'bridge-bench-'))
  const port = await freePort()
  const config = join(folder, 'bridge.config.json')
  const content = {
    data: join(folder, 'data'),
    backends: { bench: { dialect: 'onebot11', ws: `ws://127.0.0.1:${backend.ready.port}` } },
    inbounds: { mirai: { dialect: 'mirai', listen: `127.0.0.1:${port}`, verifyKey } },
    log: { level: 'error' },
  }
  writeFileSync(config, JSON.stringify(content))
  const started = performance.now()
  const child = spawn(process.execPath, [join(root, 'dist/src/main.js'), 'start', '--config', config])
  try {
    const socket = await openSession(`ws://127.0.0.1:${port}/all?verifyKey=${verifyKey}&qq=${bot}`, started)
    await sendOne(socket)
    const ended = performance.now()
    socket.close()
    return ended - started
  } finally {
    child.kill()
    await once(child, 'exit')
    await stop(backend)
    rmSync(folder, { recursive: true })
  }
}

function sendOne(socket: WebSocket): Promise<number[]> {
  const client = { socket, speaker: miraiSpeaker }
  return askInLoop(client, {
    parallel: 1,
    count: 1,
    print: (speaker, at) => speaker.send(at, { text: 'first' }),
    isGood: ({ messageId }) => typeof messageId === 'number',
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Again and again, as bots do, until the bridge listens and has the account. */
async function openSession(url: string, started: number): Promise<WebSocket> {
  while (performance.now() - started < patienceMs) {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    try {
      const [greeting] = (await once(socket, 'message')) as [Buffer]
      const { data } = JSON.parse(greeting.toString('utf8')) as { data: { code: number } }
      if (data.code === 0) return socket
    } catch {
      // Nobody listens yet.
    }
    socket.terminate()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error(`the bridge took no session in ${patienceMs / 1000} s`)
}
