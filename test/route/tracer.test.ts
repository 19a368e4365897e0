// The ring of traces: bounded by number and size; what went wrong is kept whatever the sample says.
import { expect, test } from 'vitest'
import { BridgeError } from '../../src/core/error.ts'
import type { Trace } from '../../src/core/trace.ts'
import { createTracer, type TracerOptions } from '../../src/route/tracer.ts'
import { viewTrace } from '../../src/route/trace-view.ts'

function setUp(options: Partial<TracerOptions> = {}) {
  const ended: Trace[] = []
  const tracer = createTracer({ sample: 1, keep: 3, chars: 1_000_000, onEnd: (trace) => ended.push(trace), ...options })
  const begin = (source: string): Trace => {
    const trace = tracer.begin({ kind: 'call', where: 'a', source })
    if (!trace) throw new Error('nothing is traced')
    return trace
  }
  return { tracer, begin, ended, sources: () => tracer.recent().map(({ source }) => source) }
}

const verbatim = (text: string): string => text

test('the latest are there, oldest first, those under way too; each is found by its id', () => {
  const { tracer, begin, sources } = setUp()
  const traces = ['1', '2', '3', '4'].map(begin)
  traces[3]?.end('done')
  expect(sources()).toEqual(['2', '3', '4'])
  expect(traces.map(({ id }) => tracer.find(id))).toEqual([undefined, ...traces.slice(1)])
  expect(new Set(traces.map(({ id }) => id)).size).toBe(4)
})

test('without room nothing is traced', () => {
  expect(setUp({ keep: 0 }).tracer.begin({ kind: 'call', where: 'a', source: '' })).toBeUndefined()
})

test('a sample of nothing keeps what failed or lost something, and only that', () => {
  const { begin, ended, sources } = setUp({ sample: 0 })
  begin('well').end('ok')
  const failed = begin('failed')
  failed.error = new BridgeError('offline', 'away')
  failed.end('no')
  const lossy = begin('lossy')
  lossy.lost({ what: 'image', fidelity: 'asText', reason: 'none here' })
  lossy.end()
  expect(sources()).toEqual(['failed', 'lossy'])
  expect(ended).toEqual([failed, lossy])
})

test('all texts together are bounded: the oldest go', () => {
  const { begin, sources } = setUp({ chars: 25, keep: 100 })
  for (const name of ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc']) begin(name).end()
  expect(sources()).toEqual(['bbbbbbbbbb', 'cccccccccc'])
})

test('of a very large one the beginnings stay', () => {
  const { begin } = setUp()
  const trace = begin('x'.repeat(2_000_000))
  trace.step('action', 'far', { name: 'message.send' })
  trace.step('asked', 'far', 'y'.repeat(5000))
  trace.end('z')
  const { source, steps, answer } = viewTrace(trace, verbatim)
  expect(source).toBe(`${'x'.repeat(4096)}… (2000000 characters)`)
  expect(steps.map(({ value }) => value.length)).toEqual([
    'too large to keep'.length,
    4096 + '… (5000 characters)'.length,
  ])
  expect(answer).toBe('z')
})

test('ended once, however often it is said', () => {
  const { begin, ended } = setUp()
  const trace = begin('a')
  trace.end('first')
  trace.end('second')
  expect(ended).toEqual([trace])
  expect(trace.answer).toBe('first')
})
