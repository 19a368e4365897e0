// Plain requests: one action each.
import type { ActionName, ActionOf, Params } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { toInteger, toObject, toText } from '../../core/read.ts'
import { printAction, type OneBotRequest } from '../../dialect/onebot11/action-print.ts'
import type { Call, Done } from './call.ts'

export function requestFor<N extends ActionName>(call: Call, name: N, params: Params<N>): OneBotRequest {
  return printAction({ name, params } as unknown as ActionOf<ActionName>, call.sendIds)
}

/** The data of the answer. `transfer`: it carries files, which takes longer. */
export function askFor<N extends ActionName>(
  call: Call,
  name: N,
  params: Params<N>,
  transfer = false,
): Promise<unknown> {
  return call.ask(requestFor(call, name, params), transfer)
}

/** One whose answer says nothing more than that it worked. */
export async function tell<N extends ActionName>(call: Call, action: ActionOf<N>, transfer = false): Promise<Done> {
  checkDone(await call.ask(printAction(action as unknown as ActionOf<ActionName>, call.sendIds), transfer), call)
  return {}
}

/** Some successes are none: NapCat answers ok with `valid: false`, or with the number of an error of QQ. */
export function checkDone(data: unknown, { backend }: Call): void {
  const wire = toObject(data)
  if (!wire) return
  const texts = ['errMsg', 'message', 'clientWording', 'retMsg'].map((name) => toText(wire[name]))
  const text = texts.find(Boolean) ?? 'the backend refused without a reason'
  if (wire['valid'] === false) throw new BridgeError('notFound', text, { backend })
  const codes = ['result', 'errCode', 'retCode'].map((name) => toInteger(wire[name]))
  const code = codes.find((number) => number !== undefined && number !== 0)
  if (code !== undefined || wire['ok'] === false) {
    throw new BridgeError('backend', code === undefined ? text : `${text} (${code})`, { backend })
  }
}

export function unreadable(action: string, { backend }: Call): BridgeError {
  return new BridgeError('backend', `${action}: the answer cannot be read`, { backend })
}

/** The answer, or what is left when the backend has no such action. */
export async function orElse<T>(asked: Promise<T>, otherwise: (error: BridgeError) => T | Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof BridgeError) || error.kind !== 'notSupported') throw error
    return otherwise(error)
  }
}
