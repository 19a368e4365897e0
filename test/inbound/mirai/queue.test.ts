// The queue of an HTTP session against a plain list of texts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createQueue } from '../../../src/inbound/mirai/queue.ts'

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('add' as const), text: fc.string({ maxLength: 8, unit: 'grapheme' }) }),
  },
  fc.record({ do: fc.constantFrom('fetch', 'fetchLatest', 'peek', 'peekLatest'), count: fc.nat(6) }),
)

test.each(['oldest', 'newest'] as const)('what comes and goes, where the %s are dropped', (drops) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const limits = { events: 7, bytes: 60, drops }
      const queue = createQueue(limits)
      const model: string[] = []
      const isFull = (): boolean =>
        model.length > limits.events || model.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > limits.bytes
      for (const one of steps) {
        if (one.do === 'add') {
          model.push(one.text)
          const fits = !isFull()
          if (!fits && drops === 'newest') model.pop()
          while (isFull()) model.shift()
          expect(queue.add({ text: one.text, bytes: Buffer.byteLength(one.text), holders: 0 })).toBe(fits)
        } else {
          const { count } = one
          const newest = model.slice(Math.max(0, model.length - count)).toReversed()
          const expected = one.do.endsWith('Latest') ? newest : model.slice(0, count)
          expect(queue[one.do](count)).toEqual(expected)
          if (one.do === 'fetch') model.splice(0, count)
          if (one.do === 'fetchLatest') model.splice(Math.max(0, model.length - count))
        }
        expect(queue.size).toBe(model.length)
      }
    }),
  )
})
