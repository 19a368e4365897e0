// Groups: what they are, their settings, leaving them.
import type { Params } from '../../core/action.ts'
import type { Group } from '../../core/contact.ts'
import { BridgeError } from '../../core/error.ts'
import type { GroupId } from '../../core/ids.ts'
import { readGroup, readGroupConfig } from '../../dialect/mirai/index.ts'
import { order, readList, request, type Ask, type Handlers } from './account.ts'

type Name = 'group.list' | 'group.get' | 'group.leave' | 'group.muteAll' | 'group.config.get' | 'group.config.set'

export const groupHandlers: Handlers<Name> = {
  'group.list': readGroups,
  'group.get': getGroup,
  async 'group.leave'(ask, { groupId, dismiss }) {
    if (dismiss) throw new BridgeError('notSupported', 'mirai-api-http cannot dissolve a group')
    return order(ask, 'quit', { groupId })
  },
  'group.muteAll': muteAll,
  'group.config.get': async (ask, { groupId }) =>
    readGroupConfig((await request(ask, 'groupConfig', { groupId }, { sub: 'get' })).data),
  'group.config.set': setConfig,
}

async function readGroups(ask: Ask): Promise<Group[]> {
  return readList(ask, await request(ask, 'groupList'), readGroup)
}

/** The list has the name; the number of members and the whole-group mute are asked for beside it. */
async function getGroup(ask: Ask, { groupId }: Params<'group.get'>): Promise<Group> {
  const [groups, memberCount, muteAllOn] = await Promise.all([
    readGroups(ask),
    countMembers(ask, groupId),
    request(ask, 'groupConfig', { groupId }, { sub: 'get' }).then(
      ({ data }) => readGroupConfig(data).muteAll,
      () => undefined,
    ),
  ])
  const group = groups.find((one) => one.groupId === groupId)
  if (!group) throw new BridgeError('notFound', `the bot is not in group ${groupId}`)
  return {
    ...group,
    ...(memberCount !== undefined && { memberCount }),
    ...(muteAllOn !== undefined && { muteAll: muteAllOn }),
  }
}

/** The bot itself is not in mah's list. */
async function countMembers(ask: Ask, groupId: GroupId): Promise<number | undefined> {
  try {
    const { data } = await request(ask, 'memberList', { groupId })
    return Array.isArray(data) ? data.length + 1 : undefined
  } catch {
    return undefined
  }
}

function muteAll(ask: Ask, { groupId, on }: Params<'group.muteAll'>): Promise<object> {
  return order(ask, on ? 'muteAll' : 'unmuteAll', { groupId })
}

/** mah reads all keys of a configuration and applies two of them. */
async function setConfig(ask: Ask, params: Params<'group.config.set'>): Promise<object> {
  const { groupId, name, allowMemberInvite, muteAll: on, ...others } = params
  const ignored = Object.entries(others).filter(([, value]) => value !== undefined)
  const config = { ...(name !== undefined && { name }), ...(allowMemberInvite !== undefined && { allowMemberInvite }) }
  const hasConfig = Object.keys(config).length > 0
  const names = ignored.map(([key]) => key).join(', ')
  if (ignored.length > 0 && !hasConfig && on === undefined) {
    throw new BridgeError('notSupported', `mirai-api-http cannot set ${names} of a group`)
  }
  if (ignored.length > 0) {
    ask.account.loss('in', {
      what: 'group.config.set',
      fidelity: 'lossy',
      reason: `mirai-api-http cannot set ${names}`,
    })
  }
  if (hasConfig) await request(ask, 'groupConfig', { groupId }, { sub: 'update', extra: { config } })
  if (on !== undefined) await muteAll(ask, { groupId, on })
  return {}
}
