// A scenario: steps in which people act and something is expected of the world, read from plain data and played.
import * as v from 'valibot'
import { parseAction } from '../core/action.ts'
import type { Bridge } from '../bridge.ts'
import { BridgeError } from '../core/error.ts'
import { describeFault } from '../core/issue.ts'
import { addLines } from '../core/json-lines.ts'
import type { World } from '../world/index.ts'
import { act } from '../world/control/acts.ts'
import { differences } from '../world/match.ts'
import { recordWorld, type Recorder } from './recorder.ts'
import { findStepFaults } from './step-faults.ts'

const plain = v.record(v.string(), v.unknown())
/** Looked into by step-faults.ts; schemas for editors say more of them. */
export const ActPart = v.record(v.string(), v.unknown())
export const ExpectedPart = v.record(v.string(), v.unknown())
export const CalledName = v.string()
const milliseconds = v.pipe(v.number(), v.minValue(0))

const Step = v.pipe(
  v.strictObject({
    $comment: v.optional(v.string()),
    /** Shown when the step fails. */
    name: v.optional(v.string()),
    /** An act of world control: `kind` and its fields. */
    act: v.optional(ActPart),
    /** The act must be refused, with a text in which this occurs. */
    refused: v.optional(v.string()),
    /** Keeps fields of the act's answer: `{"id": "messageId"}`; later texts `$id` mean that value. */
    save: v.optional(v.record(v.string(), v.string())),
    /** An action of a bot, as if a client had asked for it; `result`: a part of the answer. */
    call: v.optional(v.strictObject({ bot: v.number(), name: CalledName, params: v.optional(plain) })),
    result: v.optional(v.unknown()),
    /** A part of something that happens after what was expected last. */
    expect: v.optional(ExpectedPart),
    /** Milliseconds for `expect`. Default 5000. */
    within: v.optional(milliseconds),
    /** The act is repeated so often, in milliseconds, until `expect` is there: for bots that connect later. */
    every: v.optional(v.pipe(v.number(), v.minValue(10))),
    /** Milliseconds to wait first. */
    wait: v.optional(milliseconds),
  }),
  v.check(
    (step) => [step.act, step.call, step.expect, step.wait].some((part) => part !== undefined),
    'a step needs act, call, expect or wait',
  ),
)

export const Scenario = v.strictObject({
  $schema: v.optional(v.string()),
  $comment: v.optional(v.string()),
  /** Path of a world file, from the folder of the scenario, or the world itself. Default: the demo world. */
  world: v.optional(v.union([v.string(), plain])),
  steps: v.array(Step),
})
export type Scenario = v.InferOutput<typeof Scenario>
export type ScenarioInput = v.InferInput<typeof Scenario>
type Step = Scenario['steps'][number]

/** Types a scenario literal. */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario
}

/** Throws `badParameter` with one line for each fault; `text`: the JSON that it was read from, for the lines of the faults. */
export function parseScenario(input: unknown, text?: string): Scenario {
  const result = v.safeParse(Scenario, input)
  const found = result.success
    ? findStepFaults(result.output.steps)
    : result.issues.map((issue) => `${v.getDotPath(issue) ?? '(whole file)'}: ${describe(issue)}`)
  if (result.success && found.length === 0) return result.output
  const faults = text === undefined ? found : addLines(found, text)
  throw new BridgeError('badParameter', `the scenario has faults:\n${faults.map((line) => `- ${line}`).join('\n')}`)
}

function describe(issue: v.BaseIssue<unknown>): string {
  if (issue.expected !== 'never') return describeFault(issue)
  const known = issue.path && issue.path.length > 1 ? Object.keys(Step.pipe[0].entries) : Object.keys(Scenario.entries)
  return `unknown key, allowed are: ${known.join(', ')}`
}

export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure'
}

export interface Playing {
  bridge: Pick<Bridge, 'call'>
  world: World
  /** Told of each step that is done. */
  onStep?: (text: string) => void
}

/** Throws ScenarioFailure at the first step that does not come true. */
export async function playScenario({ steps }: Scenario, playing: Playing): Promise<void> {
  const recorder = recordWorld(playing.world)
  const saved = new Map<string, unknown>()
  try {
    for (const [at, step] of steps.entries()) {
      const title = `step ${at + 1}${step.name === undefined ? '' : ` (${step.name})`}`
      try {
        await playStep(withSaved(step, saved) as Step, { ...playing, recorder, saved })
      } catch (error) {
        throw new ScenarioFailure(`${title}: ${(error as Error).message}`, { cause: error })
      }
      playing.onStep?.(`${title}: ${summary(step)}`)
    }
  } finally {
    recorder.stop()
  }
}

function summary(step: Step): string {
  return Object.keys(step)
    .filter((key) => key !== 'name' && key !== '$comment')
    .join(', ')
}

interface Scene extends Playing {
  recorder: Recorder
  saved: Map<string, unknown>
}

async function playStep(step: Step, scene: Scene): Promise<void> {
  if (step.wait !== undefined) await new Promise((resolve) => setTimeout(resolve, step.wait))
  // A reply may come before the act has returned: what is expected is looked for from here on.
  if (step.act) playAct(step, step.act, scene)
  if (step.call) await playCall(step, step.call, scene)
  if (step.expect) await playExpect(step, step.expect, scene)
}

function playAct({ refused, save = {} }: Step, given: object, { world, saved }: Scene): void {
  let answer: object
  try {
    answer = act(world, given)
  } catch (error) {
    const { message } = error as Error
    if (refused !== undefined && message.includes(refused)) return
    throw error
  }
  if (refused !== undefined) throw new Error(`the act was not refused with "${refused}" but done`)
  for (const [name, field] of Object.entries(save)) saved.set(name, (answer as Record<string, unknown>)[field])
}

async function playCall(
  { result, save = {} }: Step,
  { bot, name, params }: NonNullable<Step['call']>,
  { bridge, saved }: Scene,
): Promise<void> {
  const answer: unknown = await bridge.call(bot, parseAction(name, params))
  if (result !== undefined) {
    const lines = differences(result, answer)
    if (lines.length > 0)
      throw new Error(`${name} answered otherwise:\n${lines.map((one) => `    - ${one}`).join('\n')}`)
  }
  for (const [key, field] of Object.entries(save)) saved.set(key, (answer as Record<string, unknown>)[field])
}

async function playExpect({ within, every, act: given }: Step, expected: Record<string, unknown>, scene: Scene) {
  const { promise: refused, reject } = Promise.withResolvers<never>()
  const repeat =
    every === undefined || !given ? undefined : setInterval(() => attempt(() => act(scene.world, given), reject), every)
  try {
    await Promise.race([scene.recorder.expect(expected, { timeoutMs: within }), refused])
  } finally {
    clearInterval(repeat)
  }
}

/** For timers, which have nobody who could catch. */
function attempt(task: () => void, fail: (error: unknown) => void): void {
  try {
    task()
  } catch (error) {
    fail(error)
  }
}

/** Texts that are `$name` become what was saved under that name. */
function withSaved(value: unknown, saved: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string' && value.startsWith('$') && saved.has(value.slice(1))) return saved.get(value.slice(1))
  if (Array.isArray(value)) return value.map((inner) => withSaved(inner, saved))
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSaved(inner, saved)]))
}
