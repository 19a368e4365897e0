// What only Tencent's servers can do.
import type { Params } from '../../core/action.ts'
import { toGroupId, toObject } from '../../core/read.ts'
import { readAsked } from '../../dialect/onebot11/ask-models.ts'
import { textOf } from '../../dialect/onebot11/segment-parse.ts'
import type { Call } from './call.ts'
import { askFor, orElse } from './tell.ts'

export async function askServer(call: Call, params: Params<'server.ask'>): Promise<unknown> {
  const { kind } = params
  const asked = askFor(call, 'server.ask', params, kind.startsWith('ai.') || kind === 'ocr')
  if (kind !== 'rkey') {
    const answer = readAsked(kind, await asked)
    return kind === 'ai.record.send' ? { message_id: learnSent(call, params.params, answer) } : answer
  }
  return readAsked(kind, await orElse(asked, () => call.ask({ action: 'nc_get_rkey', params: {} })))
}

/** NapCat says 0: the message is reported like any other. */
function learnSent({ services, bot }: Call, params: Params<'server.ask'>['params'], answer: unknown): number {
  const native = textOf(toObject(answer)?.['message_id'])
  const groupId = toGroupId(params['group_id'])
  if (native === undefined || native === '0' || groupId === undefined) return 0
  return services.messages.learn(bot, { native, peer: { kind: 'group', groupId } }, undefined, true).id
}
