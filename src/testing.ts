// The kit for authors of bots: a world with both kinds of servers on free ports, and waiting for what a bot does in it.
import { createBridge, type Bridge } from './bridge.ts'
import { BridgeError } from './core/error.ts'
import { recordWorld } from './scenario/recorder.ts'
import { createSecret } from './transport/secret.ts'
import { act, type ActAnswer } from './world/control/acts.ts'
import type { Expected, Recorded } from './world/expectation.ts'
import type { World, WorldFileInput } from './world/index.ts'
import { differences } from './world/match.ts'

export { defineScenario, parseScenario, playScenario, ScenarioFailure } from './scenario/scenario.ts'
export { friend, group, temp, demoWorld } from './world/index.ts'
export type { Expected, Happening, Recorded, World, WorldFileInput } from './world/index.ts'

export interface TestBridgeOptions {
  /** The world, or the path of a world file. Default: the demo world. */
  world?: WorldFileInput | string
}

export interface TestBridge {
  readonly world: World
  readonly bridge: Bridge
  /** The first bot account of the world. */
  readonly bot: number
  readonly mirai: { url: string; wsUrl: string; host: string; port: number; verifyKey: string }
  readonly onebot: { url: string; wsUrl: string; host: string; port: number; accessToken: string }
  readonly admin: { url: string; port: number; token: string }
  /** All that happened so far. */
  readonly happenings: readonly Recorded[]
  /** An act of world control: `kind` and its fields. */
  act(input: Record<string, unknown>): ActAnswer
  /**
   * The first happening after the last one that was expected, or one to come, of which `expected` is a part. Rejects
   * after `timeoutMs` (default 4000) with what came nearest.
   */
  expect(expected: Expected, options?: { timeoutMs?: number | undefined }): Promise<Recorded>
  /** What the bot says next, as text; in one group or to one person when that is named. */
  reply(options?: ReplyOptions): Promise<string>
  /** Resolves when nothing happened for `quietMs` (default 200). */
  quiet(quietMs?: number): Promise<void>
  /** Back to the world file; what happened before is not looked at any more. */
  reset(): void
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface ReplyOptions {
  group?: number | undefined
  /** In the private chat with this account. */
  user?: number | undefined
  bot?: number | undefined
  timeoutMs?: number | undefined
}

const host = '127.0.0.1'
/** Below the 5 s after which test runners give up, so that they show what came nearest. */
const expectMs = 4000

export async function startTestBridge({ world: file }: TestBridgeOptions = {}): Promise<TestBridge> {
  const [verifyKey, accessToken, token] = [createSecret(), createSecret(), createSecret()]
  const bridge = createBridge({
    backends: { world: { dialect: 'embedded', ...(file !== undefined && { world: file }) } },
    inbounds: {
      mirai: { dialect: 'mirai', listen: `${host}:0`, verifyKey },
      onebot: { dialect: 'onebot11', listen: `${host}:0`, accessToken },
    },
    admin: { listen: `${host}:0`, token },
    log: { level: 'silent' },
  })
  await bridge.start()
  const { mirai = 0, onebot = 0, admin = 0 } = bridge.ports()
  const world = bridge.world()
  const recorder = recordWorld(world, { timeoutMs: expectMs })
  const [bot] = world.state.bots

  async function stop(): Promise<void> {
    recorder.stop()
    await bridge.stop()
  }

  if (bot === undefined) {
    await stop()
    throw new BridgeError('badParameter', 'the world has no account with "bot": true')
  }

  return {
    world,
    bridge,
    bot,
    mirai: { url: `http://${host}:${mirai}`, wsUrl: `ws://${host}:${mirai}`, host, port: mirai, verifyKey },
    onebot: { url: `http://${host}:${onebot}`, wsUrl: `ws://${host}:${onebot}`, host, port: onebot, accessToken },
    admin: { url: `http://${host}:${admin}`, port: admin, token },
    happenings: recorder.happenings,
    act: (input) => act(world, input),
    expect: recorder.expect,
    async reply({ timeoutMs, ...where } = {}) {
      const said = await recorder.expect(toReply({ bot, ...where }), { timeoutMs })
      return said.text ?? ''
    },
    async quiet(quietMs = 200) {
      for (let before = -1; before !== recorder.happenings.length;) {
        before = recorder.happenings.length
        await new Promise((resolve) => setTimeout(resolve, quietMs))
      }
    },
    reset() {
      world.reset()
      recorder.skip()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function toReply({ bot, group, user }: ReplyOptions): Expected {
  const chat = group !== undefined ? { kind: 'group', groupId: group } : toPrivateChat(bot, user)
  return { type: 'message', message: { senderId: bot, ...(chat && { chat }) } }
}

function toPrivateChat(bot: number | undefined, user: number | undefined): object | undefined {
  if (user === undefined || bot === undefined) return undefined
  return { kind: 'private', users: [Math.min(bot, user), Math.max(bot, user)] }
}

interface Verdict {
  pass: boolean
  message: () => string
}

/** For `expect.extend(worldMatchers)` of vitest or jest; each takes what `startTestBridge` returned. */
export const worldMatchers = {
  /** Something happened of which `expected` is a part. Does not wait. */
  toHaveHappened(received: TestBridge, expected: Record<string, unknown>): Verdict {
    const pass = received.happenings.some((happening) => differences(expected, happening).length === 0)
    const types = received.happenings.map(({ type }) => type).join(', ') || 'nothing'
    return {
      pass,
      message: () => `${JSON.stringify(expected)} ${pass ? 'happened' : 'did not happen'}; there was: ${types}`,
    }
  },
  /** The bot said this text, or one that the pattern finds. Does not wait. */
  toHaveSaid(received: TestBridge, text: string | RegExp): Verdict {
    const said = received.happenings.flatMap((happening) =>
      happening.type === 'message' && happening.message.senderId === received.bot ? [happening.text ?? ''] : [],
    )
    const pass = said.some((one) => (typeof text === 'string' ? one === text : text.test(one)))
    return {
      pass,
      message: () => `the bot ${pass ? 'said' : 'did not say'} ${String(text)}; it said: ${JSON.stringify(said)}`,
    }
  },
}
