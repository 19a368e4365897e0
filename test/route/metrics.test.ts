// What a Prometheus server reads, line by line.
import { expect, test } from 'vitest'
import { limitNames } from '../../src/core/limit.ts'
import { createMetrics } from '../../src/route/metrics.ts'

const nothing = { backends: () => [], connections: () => [], queues: () => [], heldBodies: () => 0 }
const loss = { at: 0, where: 'w', bot: undefined, direction: 'in', fidelity: 'lossy', reason: '' } as const

test('counters, buckets and gauges in the text form', async () => {
  const metrics = createMetrics({
    backends: () => [{ backend: 'a "b"\\c\nd', bots: 3, online: 1 }],
    connections: () => [{ place: 'inbounds.x', open: 4 }],
    queues: () => [{ kind: 'outbox', entries: 7, bytes: 900 }],
    heldBodies: () => 12,
  })
  metrics.event('lab', 'message')
  metrics.event('lab', 'message')
  for (const seconds of [0.001, 0.005, 0.3, 99]) {
    metrics.call({ inbound: 'x', action: 'message.send', outcome: 'ok', seconds })
  }
  metrics.call({ inbound: 'x', action: 'raw', outcome: 'made up', seconds: 1 })
  metrics.limit('outbox')
  metrics.loss({ ...loss, what: 'image' })
  metrics.loss({ ...loss, what: 'words of a client' })
  metrics.dropped('lab', 'late')
  const printed = await metrics.print()
  const [text = '', ofProcess = ''] = printed.split(/\n(?=# HELP process_cpu_seconds)/)
  expect(text.split('\n').filter((line) => !line.startsWith('# HELP'))).toEqual([
    '# TYPE bridge_events_total counter',
    'bridge_events_total{backend="lab",type="message"} 2',
    '',
    '# TYPE bridge_calls_total counter',
    'bridge_calls_total{inbound="x",action="message.send",outcome="ok"} 4',
    'bridge_calls_total{inbound="x",action="raw",outcome="internal"} 1',
    '',
    '# TYPE bridge_losses_total counter',
    'bridge_losses_total{where="w",direction="in",what="image",fidelity="lossy"} 1',
    'bridge_losses_total{where="w",direction="in",what="other",fidelity="lossy"} 1',
    '',
    '# TYPE bridge_dropped_total counter',
    'bridge_dropped_total{backend="lab",what="late"} 1',
    '',
    '# TYPE bridge_limits_total counter',
    ...limitNames.map((name) => `bridge_limits_total{limit="${name}"} ${name === 'outbox' ? 1 : 0}`),
    '',
    '# TYPE bridge_call_seconds histogram',
    ...[0.005, 0.01, 0.025, 0.05, 0.1, 0.25].map((le) => `bridge_call_seconds_bucket{inbound="x",le="${le}"} 2`),
    'bridge_call_seconds_bucket{inbound="x",le="0.5"} 3',
    ...[1, 2.5, 5, 10, 30].map((le) => `bridge_call_seconds_bucket{inbound="x",le="${le}"} 4`),
    'bridge_call_seconds_bucket{inbound="x",le="+Inf"} 5',
    `bridge_call_seconds_sum{inbound="x"} ${0.001 + 0.005 + 0.3 + 99 + 1}`,
    'bridge_call_seconds_count{inbound="x"} 5',
    '',
    '# TYPE bridge_bots gauge',
    'bridge_bots{backend="a \\"b\\"\\\\c\\nd",online="true"} 1',
    'bridge_bots{backend="a \\"b\\"\\\\c\\nd",online="false"} 2',
    '',
    '# TYPE bridge_connections gauge',
    'bridge_connections{place="inbounds.x"} 4',
    '',
    '# TYPE bridge_queue_entries gauge',
    'bridge_queue_entries{queue="outbox"} 7',
    '',
    '# TYPE bridge_queue_bytes gauge',
    'bridge_queue_bytes{queue="outbox"} 900',
    '',
    '# TYPE bridge_body_bytes gauge',
    'bridge_body_bytes 12',
    '',
  ])
  expect(ofProcess.split('\n').filter((line) => /^[a-z]/.test(line))).toEqual([
    expect.stringMatching(/^process_cpu_seconds \d+\.\d+$/),
    expect.stringMatching(/^process_resident_memory_bytes [1-9]\d{7,}$/),
    expect.stringMatching(/^process_start_time_seconds 1[0-9]{9}/),
    expect.stringMatching(/^nodejs_heap_used_bytes [1-9]\d{6,}$/),
    expect.stringMatching(/^nodejs_external_memory_bytes \d+$/),
    expect.stringMatching(/^nodejs_eventloop_utilization [01]/),
  ])
  // Looking changes nothing.
  expect((await metrics.print()).split(/\n(?=# HELP process_cpu_seconds)/)[0]).toBe(text)
})

test('two bridges of one process count for themselves', async () => {
  const [one, other] = [createMetrics(nothing), createMetrics(nothing)]
  one.event('lab', 'message')
  expect(await one.print()).toContain('bridge_events_total{backend="lab",type="message"} 1')
  expect(await other.print()).not.toContain('bridge_events_total{')
})
