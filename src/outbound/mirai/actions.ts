// Every canonical action by what serves it, and what a server of some version cannot do.
import { actionTable } from '../../../mappings/actions.ts'
import { segments as segmentTable } from '../../../mappings/segments.ts'
import type { ActionName, ActionOf, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { Fidelity } from '../../core/fidelity.ts'
import type { Capabilities } from '../../core/ports.ts'
import { findCommand, type CommandName } from '../../dialect/mirai/index.ts'
import type { Ask, Handlers } from './account.ts'
import { announcementHandlers } from './announcements.ts'
import { fileHandlers } from './files.ts'
import { groupHandlers } from './groups.ts'
import { memberHandlers } from './members.ts'
import { messageHandlers } from './messages.ts'
import { peopleHandlers } from './people.ts'
import { rememberedHandlers } from './remembered.ts'
import { sendHandlers } from './send.ts'
import { isAble } from './version.ts'

type Served = {
  [N in ActionName]: (typeof actionTable)[N]['mirai']['fidelity'] extends 'refused' ? never : N
}[ActionName]

/** What the table refuses needs no handler: see `serve`. */
const handlers: Handlers<Served> = {
  ...fileHandlers,
  ...announcementHandlers,
  ...rememberedHandlers,
  ...sendHandlers,
  ...messageHandlers,
  ...peopleHandlers,
  ...groupHandlers,
  ...memberHandlers,
  // Commands that this bridge does not know (plugins, forks) are tried all the same: the server decides.
  async raw(ask, { dialect, name, params }) {
    if (dialect !== 'mirai') throw new BridgeError('notSupported', `${name} is an action of ${dialect}, not of mirai`)
    const [command = name, sub] = name.split('.')
    const known = findCommand(command, sub)
    if (known?.multipart) throw new BridgeError('notSupported', `${name} takes a file, which cannot be passed through`)
    const answer = await ask.account.session.request(
      {
        command: command as CommandName,
        subCommand: sub === 'get' || sub === 'update' ? sub : null,
        content: params,
        method: known?.method ?? 'POST',
        path: known?.path ?? `/${command}`,
      },
      ask,
    )
    return answer.data
  },
}

/** Throws `notSupported` with the reason of the table for what mah cannot do. */
export function serve<N extends ActionName>(ask: Ask, { name, params }: ActionOf<N>): Promise<Result<N>> {
  const handler = (handlers as Partial<Record<ActionName, unknown>>)[name]
  if (handler) return (handler as (ask: Ask, params: unknown) => Promise<Result<N>>)(ask, params)
  const cell: Cell = actionTable[name].mirai
  throw new BridgeError('notSupported', `${name}: ${cell.reason ?? 'not in mirai-api-http'}`, {
    backend: ask.account.backend,
  })
}

type Cell = { fidelity: Fidelity; reason?: string }
type Entry = { fidelity: Fidelity; reason: string }

function imperfect<K extends string>(rows: readonly (readonly [K, Cell])[]): Partial<Record<K, Entry>> {
  const entries = rows.filter(([, { fidelity }]) => fidelity !== 'exact')
  return Object.fromEntries(
    entries.map(([name, { fidelity, reason = '' }]) => [name, { fidelity, reason }]),
  ) as Partial<Record<K, Entry>>
}

const actions = imperfect(
  Object.entries(actionTable).map(([name, { mirai }]): [ActionName, Cell] => [name as ActionName, mirai]),
)
type SegmentName = keyof typeof segmentTable
const segments = imperfect(
  Object.entries(segmentTable).map(([name, { mirai }]): [SegmentName, Cell] => [
    name as SegmentName,
    { fidelity: mirai.send, ...('reason' in mirai && { reason: mirai.reason }) },
  ]),
)

export function toCapabilities(version: string): Capabilities {
  const tooOld = { fidelity: 'refused', reason: `mirai-api-http ${version} has no such command` } as const
  return {
    implementation: 'mirai-api-http',
    version,
    mediaByHandle: true,
    segments,
    actions: {
      ...actions,
      ...(!isAble(version, 'roamingMessages') && { 'message.history': tooOld }),
      ...(!isAble(version, 'memberAdmin') && { 'group.member.admin': tooOld }),
      ...(!isAble(version, 'announcements') && {
        'group.notice.list': tooOld,
        'group.notice.publish': tooOld,
        'group.notice.delete': tooOld,
      }),
    },
  }
}
