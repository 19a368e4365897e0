// `npm run bench`: the bridge beside the least that does its work. Every subject is a process of its own with a backend of its
// own; they take turns in short rounds, so that other load hits all alike. A message that is lost, doubled or malformed fails
// the run. `--smoke`: all of it once, small. `--only <part of a name>`. `--rounds <n>`. `--micro`: without sockets.
// A full run writes bench/RESULTS.md.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runMicro } from './micro.ts'
import { renderHead, renderOutcomes, renderSingles, type Outcome } from './report.ts'
import { measure, type Figure, type Scenario } from './scenario.ts'
import { eventScenarios } from './scenarios/events.ts'
import { listScenarios } from './scenarios/lists.ts'
import { sendScenarios } from './scenarios/sends.ts'
import { singles, type Row } from './scenarios/singles.ts'
import { openStage, subjectsOf, type Pair, type Stage, type Subject } from './stage.ts'

const { values: given } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    micro: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
  },
})
const rounds = Number(given.rounds ?? (given.smoke ? 1 : 7))
const isWanted = ({ name }: { name: string }): boolean => name.includes(given.only)

/** Opened once: the scenarios of a pair share them. */
const open = new Map<string, Stage>()

async function stageFor(pair: Pair, subject: Subject): Promise<Stage> {
  const key = `${pair}/${subject}`
  const stage = open.get(key) ?? (await openStage(pair, subject))
  open.set(key, stage)
  return stage
}

/** All subjects stand at the same time; the others wait while one is measured. */
async function runScenario(scenario: Scenario): Promise<Outcome> {
  const count = given.smoke ? scenario.smokeCount : scenario.count
  const { pair, yardstick, subjects = subjectsOf(pair) } = scenario
  const wanted = given.smoke ? [yardstick, 'bridge' as const] : subjects
  const stages = await Promise.all(wanted.map((subject) => stageFor(pair, subject)))
  const figures = new Map<Subject, Figure[]>(wanted.map((subject) => [subject, []]))
  try {
    // Code is compiled in steps: figures of the first seconds are those of another program.
    for (let warm = given.smoke ? 0 : 3; warm > 0; warm--) await runRound(stages, (stage) => scenario.run(stage, count))
    for (let round = 0; round < rounds; round++) await runRound(stages, (stage) => keep(stage, scenario, count))
  } catch (error) {
    throw new Error(`${scenario.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return { scenario, figures }

  async function keep(stage: Stage, one: Scenario, size: number): Promise<void> {
    figures.get(stage.subject)?.push(await measure(stage, one, size))
  }
}

async function runRound(stages: readonly Stage[], task: (stage: Stage) => Promise<unknown>): Promise<void> {
  for (const stage of stages) await task(stage)
}

async function runMain(): Promise<string> {
  const outcomes: Outcome[] = []
  for (const scenario of [...sendScenarios, ...eventScenarios, ...listScenarios].filter(isWanted)) {
    const outcome = await runScenario(scenario)
    outcomes.push(outcome)
    process.stderr.write(renderOutcomes([outcome]).split('\n').slice(2).join('\n'))
  }
  await Promise.all([...open.values()].map((stage) => stage.close()))
  const rows: Row[] = []
  for (const single of singles.filter(isWanted)) {
    rows.push(...(await single.run(given.smoke)))
    process.stderr.write(renderSingles(rows.slice(-1)).split('\n').slice(2).join('\n'))
  }
  return `${renderHead(rounds)}${renderOutcomes(outcomes)}\n${renderSingles(rows)}`
}

async function runAlone(): Promise<string> {
  const lines = await runMicro(given.smoke)
  return ['| alone | ns | /s |', '| --- | --- | --- |', ...lines, ''].join('\n')
}

const text = given.micro ? await runAlone() : `${await runMain()}\n${given.only === '' ? await runAlone() : ''}`
process.stdout.write(text)
if (!given.smoke && !given.micro && given.only === '') {
  const day = new Date().toISOString().slice(0, 10)
  writeFileSync(new URL('./RESULTS.md', import.meta.url), `# Benchmark, ${day}\n\n${text}`)
}
