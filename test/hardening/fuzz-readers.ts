// The fuzzer's plays without a bridge: readers of what people write and of what an earlier process left. What they refuse they
// refuse in words, and what they take is whole.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, parseConfig } from '../../src/config.ts'
import { BridgeError } from '../../src/core/error.ts'
import type { GroupId, MessageId, UserId } from '../../src/core/ids.ts'
import { parseJson } from '../../src/core/json.ts'
import { parseMiraiCode } from '../../src/dialect/mirai/mirai-code.ts'
import { parseCq, printCq } from '../../src/dialect/onebot11/cqcode.ts'
import { parseScenario } from '../../src/scenario/scenario.ts'
import { createState, type State } from '../../src/state/index.ts'
import { createWorld, demoWorld, parseWorld } from '../../src/world/index.ts'
import { checkDiscreet, Violation } from './fuzz-checks.ts'
import { breakJson, makeOneBotFrame, mutate, mutateBytes, type Dice } from './fuzz-input.ts'

/** Milliseconds that no text may take to read. */
const patienceMs = 1000

type Reader = (dice: Dice) => { input: string; read: () => void }

const config = JSON.stringify({
  data: './data',
  backends: {
    far: { dialect: 'onebot11', ws: 'ws://127.0.0.1:3001', accessToken: 'a-long-token', callTimeoutMs: 5000 },
    mah: { dialect: 'mirai', http: 'http://127.0.0.1:8080', verifyKey: 'a-long-key', bots: [10002] },
    world: { dialect: 'embedded' },
  },
  inbounds: {
    bots: { dialect: 'onebot11', listen: '127.0.0.1:5700', reverse: [{ url: 'ws://127.0.0.1:1/', bot: 10001 }] },
    old: { dialect: 'mirai', listen: '127.0.0.1:8081', verifyKey: 'a-long-key', adapters: ['http', 'ws'] },
  },
  routes: [{ from: 'bots', to: ['far', 'mah'], bots: [10001], events: { groups: [30001] } }],
  admin: { listen: '127.0.0.1:5800', token: 'an-admin-token' },
  limits: { segments: 10 },
  log: { level: 'warn' },
})
const world = JSON.stringify(demoWorld)
const scenario = JSON.stringify({
  steps: [
    { act: { kind: 'nickname', user: 20001, nickname: 'b' }, save: { said: 'messageId' }, name: 'one' },
    { expect: { type: 'message', text: 'hi' }, within: 100 },
    { call: { bot: 10001, name: 'message.get', params: { messageId: '$said' } }, result: { seq: 1 } },
    { act: { kind: 'mute', group: 30001, user: 20001, operator: 20002, seconds: 9 }, refused: 'cannot mute' },
    { wait: 10 },
  ],
})

function breakText(dice: Dice, text: string): string {
  return dice.chance(0.8) ? breakJson(dice, text) : mutate(dice, text)
}

/** A file of a person: JSON, then its meaning. */
function ofFile(text: string, mean: (input: unknown, text: string) => unknown): Reader {
  return (dice) => {
    const input = breakText(dice, text)
    return {
      input,
      read() {
        const value = parseJson(input)
        mean(value, input)
      },
    }
  }
}

/** Texts that hold codes, in full and in pieces. */
function codes(dice: Dice, open: string): string {
  const pieces = [
    open,
    'at',
    'image',
    ',qq=',
    ',file=',
    ':',
    ',',
    ']',
    '[',
    '&#91;',
    '&amp;',
    '&#44;',
    '\\',
    '\n',
    '1',
    '你',
  ]
  return Array.from({ length: dice.below(60) }, () => dice.pick(pieces)).join('')
}

const readers: Readonly<Record<string, Reader>> = {
  config: ofFile(config, (input) => parseConfig(input, { variable: () => undefined })),
  world: ofFile(world, (input, text) => createWorld(parseWorld(input, text))),
  scenario: ofFile(scenario, (input, text) => parseScenario(input, text)),
  cq(dice) {
    const input = codes(dice, '[CQ:')
    return {
      input,
      read() {
        // Values of nothing are left out once.
        const once = printCq(parseCq(input))
        if (printCq(parseCq(once)) !== once) throw new Violation('a CQ code reads otherwise again', [input])
      },
    }
  },
  miraiCode: (dice) => {
    const input = codes(dice, '[mirai:')
    return { input, read: () => parseMiraiCode(input) }
  },
  json(dice) {
    const input = mutate(dice, mutate(dice, makeOneBotFrame(dice, 'x')))
    return {
      input,
      read() {
        const ours = parseJson(input)
        // What it drops on purpose, and integers that it keeps as text, are not JavaScript's.
        if (/__proto__|\d{16}/.test(input)) return
        if (JSON.stringify(ours) !== JSON.stringify(JSON.parse(input)))
          throw new Violation('JSON reads otherwise', [input])
      },
    }
  },
}

const refusals: readonly (abstract new (...args: never[]) => Error)[] = [BridgeError, ConfigError]

/** Returns what was read, and how it ended. */
export function readSomething(dice: Dice): string {
  const [name, reader] = dice.pick(Object.entries(readers))
  const { input, read } = reader(dice)
  const started = performance.now()
  let end = 'taken'
  try {
    read()
  } catch (thrown) {
    if (thrown instanceof Violation) throw thrown
    if (!refusals.some((refusal) => thrown instanceof refusal)) {
      throw new Violation(`${name}: ${(thrown as Error).stack}`, [input])
    }
    checkDiscreet((thrown as Error).message, [input])
    end = 'refused'
  }
  if (performance.now() - started > patienceMs) throw new Violation(`${name}: it took too long`, [input])
  return `read ${name} ${end}`
}

const bot = 10001 as UserId
const groupId = 30001 as GroupId

function learn(state: State, at: number): MessageId {
  const native = { native: `n${at}`, peer: { kind: 'group', groupId } as const, backend: 'far' }
  const sender = { userId: 20001 as UserId, nickname: 'n' }
  const content = { sender, time: at, segments: [{ type: 'text' as const, text: `text ${at}` }], seq: at }
  return state.messages.learn(bot, native, content).id
}

/** The files of a process that was killed while it ran. */
function leaveFiles(folder: string, dice: Dice): MessageId[] {
  const live = join(folder, 'live')
  const state = createState({ folder: live })
  const ids: MessageId[] = []
  for (let turn = 0; turn < 20; turn++) {
    for (let at = 0; at < dice.below(12); at++) ids.push(learn(state, ids.length))
    state.commit()
  }
  mkdirSync(join(folder, 'left'))
  for (const name of readdirSync(live)) {
    if (/^bridge\.(db|journal)/.test(name)) copyFileSync(join(live, name), join(folder, 'left', name))
  }
  state.close()
  return ids
}

function damage(folder: string, dice: Dice): string[] {
  const damaged = readdirSync(folder).filter(() => dice.chance(0.5))
  for (const name of damaged) {
    const bytes = readFileSync(join(folder, name))
    if (bytes.length > 0) writeFileSync(join(folder, name), mutateBytes(dice, bytes))
  }
  return damaged
}

/** Whatever was damaged, the next process starts, keeps what it learns, and shows nothing that cannot be read. */
export function openDamaged(dice: Dice): string {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-state-'))
  const left = join(folder, 'left')
  let input: string[] = []
  try {
    const ids = leaveFiles(folder, dice)
    input = damage(left, dice)
    const told: string[] = []
    const state = createState({ folder: left, onDamage: (text) => told.push(text) })
    const found = ids.filter((id) => state.messages.get(bot, id) !== undefined)
    if (input.length === 0 && found.length < ids.length) throw new Violation('something was lost', input)
    const id = learn(state, 1_000_000)
    state.commit()
    state.close()
    const again = createState({ folder: left })
    const kept = again.messages.get(bot, id)
    again.close()
    if (kept === undefined) throw new Violation('what was learnt after the damage is gone', input)
    return `state ${found.length === ids.length ? 'whole' : told.length > 0 ? 'damaged and told' : 'damaged'}`
  } catch (thrown) {
    throw thrown instanceof Violation ? thrown : new Violation(`state: ${(thrown as Error).stack}`, input)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
