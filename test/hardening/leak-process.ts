// Runs each cycle often, in a process that can collect its garbage, and prints what a cycle leaves behind, a line of JSON each.
// `node --expose-gc test/hardening/leak-process.ts 2000`: twice so many cycles of each kind; a word behind it: of those kinds.
import { WebSocket } from 'ws'
import { cycles, openStage, type Cycle, type Stage } from './leak-cycles.ts'

export interface Left {
  kind: string
  cycles: number
  /** Of one cycle. */
  bytes: number
  /** Sockets and servers that are open, more than before. */
  handles: number
}

const quietMs = 60

async function settle(): Promise<{ bytes: number; handles: number }> {
  // Farewells and what waits for them end.
  await new Promise((resolve) => setTimeout(resolve, quietMs))
  for (let at = 0; at < 3; at++) {
    globalThis.gc?.()
    await new Promise(setImmediate)
  }
  const handles = process.getActiveResourcesInfo().filter((name) => /TCP|Server/.test(name)).length
  return { bytes: process.memoryUsage().heapUsed, handles }
}

async function measure(kind: string, cycle: Cycle, stage: Stage, count: number): Promise<Left> {
  const run = async (times: number): Promise<{ bytes: number; handles: number }> => {
    for (let at = 0; at < times; at++) await cycle(stage, at)
    return settle()
  }
  const first = await run(Math.ceil(count / 2))
  const second = await run(count)
  const third = await run(count)
  // What is kept on purpose grows until it is full; a leak grows on.
  const bytes = Math.round(Math.min(second.bytes - first.bytes, third.bytes - second.bytes) / count)
  return { kind, cycles: count, bytes, handles: third.handles - first.handles }
}

const count = Number(process.argv[2] ?? 100)
const chosen = process.argv[3]
const stage = await openStage()
for (const [kind, cycle] of Object.entries(cycles)) {
  if (chosen !== undefined && !kind.includes(chosen)) continue
  console.log(JSON.stringify(await measure(kind, cycle, stage, count)))
}
if (stage.bystander.readyState !== WebSocket.OPEN) throw new Error('somebody else was cut off')
stage.bystander.terminate()
await stage.bridge.stop()
