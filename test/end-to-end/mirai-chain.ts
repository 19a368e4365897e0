// A mirai client before one bridge, and before three in a row with both protocols between them: both lead to equal worlds.
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { dial, open, type Client } from '../hardening/support.ts'
import type { World } from '../../src/world/index.ts'
import { bot, seedWorld } from './seed-world.ts'

export interface Road {
  world: World
  client: Client
  ask(command: string, content?: object, sub?: string): Promise<unknown>
  /** The next pushed event. */
  hear(): Promise<unknown>
  /** Events that came so far count no more. */
  forget(): void
  close(): Promise<void>
}

const mirai = { dialect: 'mirai' as const, listen: '127.0.0.1:0', verifyKey }

async function startWorld(): Promise<RunningBridge> {
  return startBridge({ backends: { world: { dialect: 'embedded', world: seedWorld() } }, inbounds: { mirai } })
}

export async function direct(): Promise<Road> {
  const bridge = await startWorld()
  return take([bridge], bridge)
}

/** client -> mirai | OneBot -> OneBot | mirai -> mirai | world */
export async function chained(): Promise<Road> {
  const third = await startWorld()
  const mah = { dialect: 'mirai' as const, ws: `ws://127.0.0.1:${third.miraiPort}`, verifyKey, bots: [bot] }
  const onebot = { dialect: 'onebot11' as const, listen: '127.0.0.1:0', accessToken }
  const second = await startBridge({ backends: { mah }, inbounds: { onebot } })
  await until(() => second.bots()[0]?.online, 'the bot of the second')
  const back = { dialect: 'onebot11' as const, ws: `ws://127.0.0.1:${second.onebotPort}`, accessToken }
  const first = await startBridge({ backends: { back }, inbounds: { mirai } })
  await until(() => first.bots()[0]?.online, 'the bot of the first')
  return take([first, second, third], third)
}

async function take(bridges: RunningBridge[], last: RunningBridge): Promise<Road> {
  const [first] = bridges as [RunningBridge]
  const client = await open(dial(`ws://127.0.0.1:${first.miraiPort}/all`, { verifyKey, qq: String(bot) }))
  const answers = new Map<string, unknown>()
  const events: unknown[] = []
  client.raw.on('message', (text: Buffer) => {
    const { syncId, data } = JSON.parse(text.toString()) as { syncId: string; data: unknown }
    if (syncId === '-1') events.push(data)
    else answers.set(syncId, data)
  })
  await until(() => answers.has('') || client.frames.length > 0, 'the greeting')
  let asked = 0
  return {
    world: last.world(),
    client,
    async ask(command, content = {}, subCommand) {
      const syncId = `ask-${++asked}`
      client.send({ syncId, command, subCommand: subCommand ?? null, content })
      return until(() => answers.get(syncId), `the answer of ${command}`)
    },
    forget: () => void events.splice(0),
    hear: () => until(() => events.shift(), 'an event'),
    async close() {
      client.raw.terminate()
      for (const bridge of bridges) await bridge.stop()
    },
  }
}
