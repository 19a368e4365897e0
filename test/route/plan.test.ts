// Who is handed what, and with whom it is shared.
import { expect, test } from 'vitest'
import type { BridgeEvent } from '../../src/core/event.ts'
import type { Share } from '../../src/core/share.ts'
import { sharedIn } from '../../src/core/share.ts'
import { createPlan, type Reader } from '../../src/route/plan.ts'
import { emptyView } from '../dialect/onebot11/fakes.ts'

const event = { type: 'bot.online', bot: 10001, time: 1, again: false } as BridgeEvent
const changed = { ...event, time: 2 } as BridgeEvent

function deliver(readers: readonly Reader[]) {
  const handed: { inbound: string; event: BridgeEvent; share: Share | undefined }[] = []
  const plan = createPlan(readers)
  plan(event, { view: emptyView, hand: (inbound, given, share) => void handed.push({ inbound, event: given, share }) })
  return handed
}

test('inbounds that get the same form of an event share what they make of it, others do not', () => {
  let judged = 0
  const rewrite = (): BridgeEvent => {
    judged++
    return changed
  }
  const handed = deliver([
    { inbound: 'a', filters: [undefined] },
    { inbound: 'b', filters: [rewrite] },
    { inbound: 'c', filters: [rewrite] },
    { inbound: 'd', filters: [() => undefined] },
    { inbound: 'e', filters: [() => undefined, (given) => given] },
    { inbound: 'f', filters: [rewrite, undefined] },
  ])
  expect(handed.map(({ inbound, event: given }) => `${inbound} ${given.time}`)).toEqual([
    'a 1',
    'f 1',
    'b 2',
    'c 2',
    'e 1',
  ])
  expect(judged).toBe(1)
  const [a, f, b, c, e] = handed.map(({ share }) => share)
  expect([a === f, a === e, b === c, a === b]).toEqual([true, true, true, false])
  expect([1, 2].map((value) => sharedIn(a, 'x', () => value))).toEqual([1, 1])
  expect(sharedIn(b, 'x', () => 3)).toBe(3)
})

test('the only one shares with nobody', () => {
  const [{ share } = {}] = deliver([{ inbound: 'a', filters: [undefined] }])
  expect(share).toBeUndefined()
  expect([1, 2].map((value) => sharedIn(share, 'x', () => value))).toEqual([1, 2])
})
