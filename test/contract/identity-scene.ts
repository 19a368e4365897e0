// Bridges that can be stopped and started again between a client and the world: the embedded core itself, or a second
// bridge that plays a OneBot or a mirai-api-http backend with that core.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { World } from '../../src/world/index.ts'
import { botId } from '../clients/stage.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { createWire, type Wire } from './wire.ts'

export type BackendKind = 'embedded' | 'onebot11' | 'mirai'

export interface Scene {
  readonly kind: BackendKind
  readonly front: RunningBridge
  readonly world: World
  /** To the backend, which the bridge reaches through them alone: two are two links to the same bot. */
  readonly wires: readonly Wire[]
  /** Stops the bridge, the backend or both, and starts them again. An embedded backend always shares the bridge's fate. */
  restart(which: 'bridge' | 'backend' | 'both', options?: { forget?: boolean }): Promise<void>
  /** What happens while the bridge is off. An embedded world is off, too: then it happens before anybody looks. */
  away(task: (world: World) => void): Promise<void>
  close(): Promise<void>
}

type Config = NonNullable<Parameters<typeof startBridge>[0]>

export async function startScene(kind: BackendKind, links = 1): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'))
  const ports = { onebot: 0, mirai: 0 }
  let back = kind === 'embedded' ? undefined : await startBack()
  const wires = await Promise.all(
    Array.from({ length: back ? links : 0 }, () => createWire(() => (kind === 'mirai' ? ports.mirai : ports.onebot))),
  )
  const names = kind === 'embedded' ? ['back'] : wires.map((_wire, at) => `back${at}`)
  let front = await startFront()

  async function startBack(): Promise<RunningBridge> {
    const started = await startBridge({
      data: join(folder, 'back'),
      inbounds: {
        onebot: { dialect: 'onebot11', listen: `127.0.0.1:${ports.onebot}`, accessToken, reportSelf: true },
        mirai: { dialect: 'mirai', listen: `127.0.0.1:${ports.mirai}`, verifyKey },
      },
    })
    ports.onebot = started.onebotPort
    ports.mirai = started.miraiPort
    return started
  }

  function backends(): Config['backends'] {
    const reconnect = { firstMs: 20, maxMs: 20 }
    if (kind === 'embedded') return { back: { dialect: 'embedded' } }
    return Object.fromEntries(
      wires.map(({ port }, at) => {
        const ws = `ws://127.0.0.1:${port}`
        return kind === 'onebot11'
          ? [names[at], { dialect: kind, ws, accessToken, reconnect }]
          : [names[at], { dialect: kind, ws, verifyKey, bots: [botId], reconnect }]
      }),
    )
  }

  async function startFront(): Promise<RunningBridge> {
    const started = await startBridge({
      data: join(folder, 'front'),
      backends: backends()!,
      inbounds: {
        onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken, reportSelf: true },
        mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
      },
      routes: ['onebot', 'mirai'].map((from) => ({ from, to: names })),
    })
    await until(() => started.backends().every(({ bots }) => bots.some(({ online }) => online)), 'the backend')
    return started
  }

  async function restart(which: 'bridge' | 'backend' | 'both', { forget = false } = {}): Promise<void> {
    const bridgeToo = which !== 'backend' || !back
    if (bridgeToo) await front.stop()
    if (which !== 'bridge' && back) {
      await back.stop()
      if (!bridgeToo) await until(() => front.bots().every(({ online }) => !online), 'the loss', 15_000)
      if (forget) forgetIds(join(folder, 'back'))
      back = await startBack()
    }
    if (bridgeToo) front = await startFront()
    else await until(() => front.bots().some(({ online }) => online), 'the backend')
  }

  return {
    kind,
    wires,
    get front() {
      return front
    },
    get world() {
      return (back ?? front).world()
    },
    restart,
    async away(task) {
      if (!back) task(front.world())
      await front.stop()
      if (back) task(back.world())
      front = await startFront()
    },
    async close() {
      await front.stop()
      await back?.stop()
      for (const wire of wires) wire.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As NapCat does when it starts: what happened stays, under which numbers it was told is gone. */
function forgetIds(folder: string): void {
  const db = new DatabaseSync(join(folder, 'bridge.db'))
  db.exec('DELETE FROM message_batches')
  db.close()
}
