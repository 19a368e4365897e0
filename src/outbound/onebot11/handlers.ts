// Every canonical action and who serves it.
import type { Params } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { printAction } from '../../dialect/onebot11/action-print.ts'
import { dialectName } from '../../dialect/onebot11/wire.ts'
import type { Call, Done, Handlers } from './call.ts'
import { affairHandlers } from './affairs.ts'
import { contactHandlers } from './contacts.ts'
import { fileHandlers } from './files.ts'
import { getForward, getHistory, getMessage, markRead, recallMessage } from './messages.ts'
import { peopleHandlers } from './people.ts'
import { repeatMessage, sendMessage } from './send.ts'
import { askServer } from './server.ts'

/** go-cqhttp has no action for it and takes a segment instead, which makes no message and so has no id. */
async function nudge(call: Call, params: Params<'nudge.send'>): Promise<Done> {
  const { peer, targetId } = params
  if (call.flavour.traits.nudge === 'action') {
    await call.ask(printAction({ name: 'nudge.send', params }, call.sendIds))
    return {}
  }
  const message = [{ type: 'poke', data: { qq: String(targetId) } }]
  if (peer.kind === 'group') {
    await call.ask({ action: 'send_group_msg', params: { group_id: peer.groupId, message } })
  } else await call.ask({ action: 'send_private_msg', params: { user_id: peer.userId, message } })
  return {}
}

async function passOn(call: Call, params: Params<'raw'>): Promise<unknown> {
  if (params.dialect !== dialectName) {
    const text = `${params.name} of ${params.dialect} has no counterpart in OneBot 11`
    throw new BridgeError('notSupported', text, { backend: call.backend })
  }
  return call.ask(printAction({ name: 'raw', params }, call.sendIds))
}

export const handlers: Handlers = {
  'message.send': sendMessage,
  'message.recall': recallMessage,
  'message.get': getMessage,
  'message.history': getHistory,
  'message.forward.get': getForward,
  'message.repeat': repeatMessage,
  'message.markRead': markRead,
  'nudge.send': nudge,
  'server.ask': askServer,
  raw: passOn,
  ...contactHandlers,
  ...peopleHandlers,
  ...affairHandlers,
  ...fileHandlers,
}
