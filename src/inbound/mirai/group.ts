// A group as members, files and announcements show it: with the bot's rank, asked for when a list does not say it.
import type { Group, Role } from '../../core/contact.ts'
import type { GroupId } from '../../core/ids.ts'
import type { WireObject } from '../../core/read.ts'
import { printGroup } from '../../dialect/mirai/index.ts'
import { aside, callBot, type Ask } from './ask.ts'

/** `botRole` from a list that holds the bot beats what is known of the group. Throws `notFound`. */
export async function groupOf(ask: Ask, groupId: GroupId, botRole?: Role): Promise<WireObject> {
  const known = ask.host.view.group(ask.bot, groupId)
  const group = known ?? (await callBot(aside(ask), { name: 'group.get', params: { groupId } }))
  return printGroup(botRole === undefined ? await withBotRole(group, ask) : { ...group, botRole })
}

/** A backend that does not say it leaves the bot a member. */
export async function withBotRole(group: Group, ask: Ask): Promise<Group> {
  if (group.botRole !== undefined) return group
  const { bot, host } = ask
  const { groupId } = group
  const known = host.view.member(bot, groupId, bot)
  const self =
    known ?? (await callBot(aside(ask), { name: 'group.member.get', params: { groupId, userId: bot } }).catch(none))
  return self ? { ...group, botRole: self.role } : group
}

function none(): undefined {
  return undefined
}
