// The stage of "each action, seen by everyone": three bots, and what a case says about one action.
import type { ActionName } from '../../../src/core/action.ts'
import type { GroupId, UserId } from '../../../src/core/ids.ts'
import { demoWorld, group, type World } from '../../../src/world/index.ts'
import type { Lab } from './support.ts'

export const asked = 10001
export const present = 10002
export const stranger = 10003
export const where = 30002
export const of30002 = { groupId: where }
export const text = [{ type: 'text', text: 'x' }] as const
export const time = 1_700_000_000

/** The asked bot owns 30002, a second bot is a member and its friend, a third one knows nobody. */
export function worldOfThreeBots(): unknown {
  const file = structuredClone(demoWorld)
  file.accounts.push({ id: present, bot: true, nickname: 'present' }, { id: stranger, bot: true, nickname: 'stranger' })
  file.friends?.push({ of: asked, id: present })
  file.groups?.[1]?.members.push({ id: present })
  const [account] = file.accounts
  if (account) account.customFaces = ['https://example.org/face.png']
  return file
}

export const memberOf = (world: World, userId: number = present) =>
  world.state.groups.get(where as GroupId)?.members.get(userId as UserId)
export const groupOf = (world: World) => world.state.groups.get(where as GroupId)
export const accountOf = (world: World, userId: number = asked) => world.state.accounts.get(userId as UserId)

export interface Case {
  /** What it returns is given to the parameters. */
  before?: (lab: Lab) => unknown
  call: [ActionName, object | ((given: never) => object)]
  reply?: unknown
  /** What is looked at, and how it is afterwards. Absent: nothing has changed. */
  state?: [(world: World) => unknown, unknown]
  /** Types of the events: of the bot that was asked, of the one that is there. The stranger sees none. */
  seen: [string[], string[]]
}

export const both = (type: string): Case['seen'] => [[type], [type]]
export const nobody: Case['seen'] = [[], []]
export const said = ({ world }: Lab): number => world.as(present).say(group(where), 'before')

/** The id under which a bot knows the request that was made last. */
export function askedFor({ told }: Lab): number {
  for (const event of told().toReversed())
    if (event.type === 'request.friend' || event.type === 'request.group') return event.requestId
  throw new Error('no bot was asked')
}
