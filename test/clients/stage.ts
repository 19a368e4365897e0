// Where a bot is tried: before the embedded core itself, or before a second bridge that plays a backend with that core.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { World } from '../../src/world/index.ts'
import type { WorldMessage } from '../../src/world/state.ts'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { startBot, type Bot } from './bot-process.ts'

export const botId = 10001
export const captain = 20001
export const nemo = 20002
export const bob = 20003
export const mate = 20005
/** Admin of the first, owner of the second, member of the third. */
export const ship = 30001
export const owned = 30002
export const visited = 30003

/** A red dot: the smallest picture that every reader takes for one. */
export const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

/** Handles of pictures are made from their bytes. */
export const imageId = `${createHash('md5').update(Buffer.from(picture, 'base64')).digest('hex').toUpperCase()}.png`

/** What is served at an address, as base64. */
export async function bytesAt(url: unknown): Promise<string> {
  if (typeof url !== 'string') throw new Error(`not an address: ${String(url)}`)
  return Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64')
}

export interface Scene {
  /** What the bot connects to. */
  front: RunningBridge
  world: World
  close(): Promise<void>
}

export async function startEmbedded(): Promise<Scene> {
  const front = await startBridge()
  return { front, world: front.world(), close: () => front.stop() }
}

/** mirai bot, OneBot backend that is connected to. */
export async function startBeforeOneBot(): Promise<Scene> {
  const back = await startBridge()
  const ws = `ws://127.0.0.1:${back.onebotPort}`
  const front = await startFront({ dialect: 'onebot11', ws, accessToken })
  return joined(front, back)
}

/** mirai bot, OneBot backend that dials. */
export async function startBeforeDiallingOneBot(): Promise<Scene> {
  const front = await startFront({ dialect: 'onebot11', listen: '127.0.0.1:0', accessToken })
  const url = `ws://127.0.0.1:${front.ports()['backends.back'] ?? 0}`
  const back = await startBridge({ inbounds: { onebot: { dialect: 'onebot11', accessToken, reverse: [{ url }] } } })
  return joined(front, back)
}

/** OneBot bot, mirai-api-http backend. */
export async function startBeforeMirai(): Promise<Scene> {
  const back = await startBridge()
  const ws = `ws://127.0.0.1:${back.miraiPort}`
  const front = await startFront({ dialect: 'mirai', ws, verifyKey, bots: [botId] })
  return joined(front, back)
}

type Backend = NonNullable<Parameters<typeof startBridge>[0]>['backends']

function startFront(backend: NonNullable<Backend>[string]): Promise<RunningBridge> {
  return startBridge({ backends: { back: backend } })
}

async function joined(front: RunningBridge, back: RunningBridge): Promise<Scene> {
  await until(() => front.bots().some(({ online }) => online), 'the backend')
  async function close(): Promise<void> {
    await front.stop()
    await back.stop()
  }
  return { front, world: back.world(), close }
}

/** One bot before one scene. */
export interface Stage extends Scene {
  bot: Bot
}

export async function startStage(start: () => Promise<Scene>, script: string, mode: string): Promise<Stage> {
  const scene = await start()
  try {
    const port = script.includes('napcat') ? scene.front.onebotPort : scene.front.miraiPort
    const bot = await startBot(script, { port, verifyKey, accessToken, qq: botId, mode })
    return { ...scene, bot, close: () => bot[Symbol.asyncDispose]().then(scene.close) }
  } catch (error) {
    await scene.close()
    throw error
  }
}

/** One test for each; they share the stage and come in this order. */
export function testSteps(stage: () => Stage, steps: Record<string, (stage: Stage) => Promise<void>>): void {
  test.each(Object.entries(steps))('%s', async (_, run) => {
    expect.hasAssertions()
    await run(stage())
  })
}

/** The newest message of the bot in a conversation. */
export function lastOf(world: World, key: string): WorldMessage {
  const message = world.state.conversations.get(key)?.findLast(({ senderId }) => senderId === botId)
  if (!message) throw new Error(`the bot said nothing in ${key}`)
  return message
}

export function memberIn(world: World, group: number, user: number) {
  return groupIn(world, group).members.get(user as never)
}

export function groupIn(world: World, group: number) {
  const found = world.state.groups.get(group as never)
  if (!found) throw new Error(`no group ${group}`)
  return found
}
