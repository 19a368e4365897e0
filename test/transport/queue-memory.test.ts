// The bound that all queues have together.
import { expect, test } from 'vitest'
import { createBacklog } from '../../src/transport/backlog.ts'
import { createOutbox } from '../../src/transport/outbox.ts'
import { createQueueMemory } from '../../src/transport/queue-memory.ts'

const limits = { items: 1000, bytes: 1_000_000, ageMs: 60_000 }
const ofHundred = { text: 'x'.repeat(100) }

function bytesOf(memory: ReturnType<typeof createQueueMemory>): number {
  return [...memory.totals()].reduce((sum, { bytes }) => sum + bytes, 0)
}

test('who has most gives first; those with little keep what they have', () => {
  const limitsReached: string[] = []
  const memory = createQueueMemory({ bytes: 2000, onLimit: (limit) => limitsReached.push(limit) })
  let dropped = 0
  const rich = createBacklog<{ text: string }>((count) => (dropped += count), limits, memory.of('outbox'))
  const poor = Array.from({ length: 4 }, () =>
    createBacklog<{ text: string }>(() => expect.fail('it has little'), limits, memory.of('webhook')),
  )
  for (let at = 0; at < 18; at++) rich.add(ofHundred)
  for (const queue of poor) queue.add(ofHundred)
  expect([rich.size, dropped, ...poor.map(({ size }) => size)]).toEqual([16, 2, 1, 1, 1, 1])
  for (const queue of poor) queue.add(ofHundred)
  expect([rich.size, dropped, ...poor.map(({ size }) => size)]).toEqual([12, 6, 2, 2, 2, 2])
  expect(bytesOf(memory)).toBe(2000)
  expect(new Set(limitsReached)).toEqual(new Set(['queueMemoryBytes']))
  for (let at = 0; at < 100; at++) rich.add(ofHundred)
  expect([rich.size, bytesOf(memory)]).toEqual([12, 2000])
})

test('what is taken, cleared or of an ended queue is given back', () => {
  const memory = createQueueMemory({ bytes: 10_000 })
  const backlog = createBacklog<{ text: string }>(() => {}, limits, memory.of('stream'))
  const outbox = createOutbox(() => {}, limits, memory.of('outbox'))
  for (let at = 0; at < 3; at++) {
    backlog.add(ofHundred)
    outbox.send(ofHundred.text)
  }
  backlog.take()
  expect([...memory.totals()].filter(({ bytes }) => bytes > 0)).toEqual([
    { kind: 'outbox', entries: 3, bytes: 300 },
    { kind: 'stream', entries: 2, bytes: 200 },
  ])
  backlog.clear()
  outbox.clear()
  expect(bytesOf(memory)).toBe(0)
})

test('a thousand queues beyond the bound cost no more than the events', () => {
  const memory = createQueueMemory({ bytes: 1_000_000 })
  const queues = Array.from({ length: 1000 }, () =>
    createBacklog<{ text: string }>(() => {}, limits, memory.of('session')),
  )
  for (let round = 0; round < 30; round++) for (const queue of queues) queue.add(ofHundred)
  expect(bytesOf(memory)).toBe(1_000_000)
  expect(Math.min(...queues.map(({ size }) => size))).toBeGreaterThanOrEqual(9)
})
