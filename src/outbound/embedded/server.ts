// Questions for Tencent's servers: answered from the world file, from the state where that is the truth, else refused.
import { BridgeError } from '../../core/error.ts'
import { toGroupId, type WireObject } from '../../core/read.ts'
import { groupFor, ownerOf } from '../../world/look.ts'
import type { Handlers, Serving } from './serving.ts'

type Answerer = (serving: Serving, params: WireObject) => unknown

/** A world without guilds has an empty list of them, and nobody has a profile there. */
const fromState = new Map<string, Answerer>([
  ['guild.list', () => []],
  ['guild.profile', () => null],
  ['group.extra', describeGroup],
])

/** What is asked of Tencent's servers and known here all the same. */
export const answeredFromState: ReadonlySet<string> = new Set(fromState.keys())

export const serverHandlers: Pick<Handlers, 'server.ask'> = {
  'server.ask'(serving, { kind, params }) {
    const { answers } = serving.world.state
    if (answers.has(kind)) return structuredClone(answers.get(kind))
    const answerer = fromState.get(kind)
    if (answerer) return answerer(serving, params)
    const reason = `only Tencent's servers can answer ${kind}; give the world file an answer under "answers"`
    throw new BridgeError('notSupported', reason)
  },
}

/** In NapCat's words; fields without a counterpart here are left out. */
function describeGroup({ world, bot }: Serving, params: WireObject): unknown {
  const groupId = toGroupId(params['group_id'] ?? params['groupId'])
  if (groupId === undefined) throw new BridgeError('badParameter', 'group_id: must be a group number')
  const group = groupFor(world.state, groupId, bot)
  return {
    groupCode: String(groupId),
    resultCode: 0,
    extInfo: {
      hasGroupCustomPortrait: group.avatar ? 1 : 0,
      groupOwnerId: { memberUin: String(ownerOf(group).userId), memberUid: '', memberQid: '' },
      inviteRobotMemberSwitch: group.robotOption.memberSwitch,
      inviteRobotMemberExamine: group.robotOption.memberExamine,
    },
  }
}
