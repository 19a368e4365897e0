// One request of a client or one event of a backend on its way. It only keeps references and times: texts are put together when
// somebody looks, so that following everything costs next to nothing.
import type { BridgeError } from './error.ts'
import type { Loss } from './fidelity.ts'
import type { UserId } from './ids.ts'
import type { WireText } from './json-text.ts'

/**
 * action: what a client wants, in canonical form, and its result. asked: what a backend was sent, and its answer.
 * delivered: what a client was sent. waiting: what was put aside for a client that is away.
 */
export type StepKind = 'action' | 'asked' | 'delivered' | 'waiting'

export interface Step {
  readonly kind: StepKind
  /** Name of the backend, or the client. */
  readonly place: string
  /** Text as it went out, or an object. */
  value: unknown
  /** On the clock of `performance.now()`. */
  readonly at: number
  answer: unknown
  /** When the answer came; 0: not yet. */
  until: number
  /** How many clients of this place were sent the same. */
  times: number
}

export type TraceKind = 'call' | 'event'

/** What a new trace is told. */
export interface TraceOrigin {
  kind: TraceKind
  /** Name of the inbound of a call, of the backend of an event. */
  where: string
  /** As it came: text, or an object when the text is gone. */
  source: unknown
}

export interface TraceOwner {
  /** Told once. */
  ended(trace: Trace): void
}

/** Tells this process from others in `Trace.id`, since numbers begin anew with each. */
const run = Math.floor(Math.random() * 36 ** 4)
  .toString(36)
  .padStart(4, '0')

export class Trace {
  readonly number: number
  readonly kind: TraceKind
  readonly where: string
  /** Let go when it is too large to keep. */
  source: unknown
  /** On the clock of `performance.now()`. */
  readonly began: number
  readonly steps: Step[] = []
  bot: UserId | undefined = undefined
  /** The canonical action or event. */
  name = ''
  /** What the client was answered; of a long list the beginning. */
  answer: string | undefined = undefined
  error: BridgeError | undefined = undefined
  losses: Loss[] | undefined = undefined
  /** 0: under way. */
  ended = 0
  /** Characters of the texts that it holds. */
  size: number
  /** Whether its owner has it. */
  kept = false
  readonly #owner: TraceOwner

  constructor(number: number, { kind, where, source }: TraceOrigin, owner: TraceOwner) {
    this.number = number
    this.kind = kind
    this.where = where
    this.source = source
    this.began = performance.now()
    this.size = typeof source === 'string' ? source.length : 0
    this.#owner = owner
  }

  /** What logs and error texts name it by. */
  get id(): string {
    return `${run}-${this.number.toString(36)}`
  }

  step(kind: StepKind, place: string, value: unknown): Step {
    const step: Step = { kind, place, value, at: performance.now(), answer: undefined, until: 0, times: 1 }
    if (typeof value === 'string') this.size += value.length
    this.steps.push(step)
    return step
  }

  /** A text on its way to one more client. There may be a thousand of them at one place: they are one step. */
  told(kind: 'delivered' | 'waiting', place: string, text: string): void {
    const last = this.steps.at(-1)
    if (last !== undefined && last.value === text && last.place === place && last.kind === kind) last.times++
    else this.step(kind, place, text)
  }

  lost(loss: Loss): void {
    if (this.losses) this.losses.push(loss)
    else this.losses = [loss]
  }

  end(answer?: WireText): void {
    if (this.ended !== 0) return
    this.ended = performance.now()
    this.answer = typeof answer === 'object' ? answer.head + answer.body.glimpse + answer.tail : answer
    this.size += answer?.length ?? 0
    this.#owner.ended(this)
  }
}

/** `now`: for whoever has looked at the clock already, which costs more than the rest. */
export function endStep(step: Step | undefined, answer: unknown, now?: number): void {
  if (!step) return
  step.answer = answer
  step.until = now ?? performance.now()
}
