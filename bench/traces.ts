// What following a message costs, alone: nanoseconds of CPU for the steps that the router and the adapters take for one call.
// The clock that the metrics read anyway is left out. `npx node bench/traces.ts`
import { endStep } from '../src/core/trace.ts'
import { createTracer } from '../src/route/tracer.ts'

const rounds = 7
const count = 300_000
const text = JSON.stringify({ action: 'send_group_msg', params: { group_id: 30001, message: 'x'.repeat(40) }, echo: 1 })
const action = { name: 'message.send', params: {} }

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function measure(sample: number, keep: number): number {
  const tracer = createTracer({ sample, keep, chars: 16 * 1024 * 1024, onEnd: () => {} })
  const began = cpuMicros()
  for (let at = 0; at < count; at++) {
    const trace = tracer.begin({ kind: 'call', where: 'a', source: text })
    const call = trace?.step('action', 'far', action)
    const asked = trace?.step('asked', 'far', text)
    endStep(asked, action)
    endStep(call, action, 0)
    trace?.end(text)
  }
  return ((cpuMicros() - began) * 1000) / count
}

for (const [name, sample, keep] of [
  ['off', 1, 0],
  ['not sampled', 0, 1000],
  ['all', 1, 1000],
] as const) {
  const figures = Array.from({ length: rounds }, () => measure(sample, keep)).toSorted((a, b) => a - b)
  console.log(`${name}: ${Math.round(figures[Math.floor(rounds / 2)] ?? 0)} ns a call`)
}
