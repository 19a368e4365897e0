// What happens in a world, in a line for a person at a terminal.
import type { Peer } from '../core/ids.ts'
import type { Segment } from '../core/segment.ts'
import { toPlainText } from '../translate/plain-text.ts'
import type { Happening, World } from '../world/index.ts'

type Chat = Extract<Happening, { type: 'message' }>['message']['chat']

/** undefined for what nobody sees on a phone. */
export function describeHappening(world: World, happening: Happening): string | undefined {
  switch (happening.type) {
    case 'message': {
      const { senderId, chat, segments } = happening.message
      return `${nameOf(world, senderId)} ${nameOfChat(world, chat, senderId)}: ${show(world, segments)}`
    }
    case 'nudge':
      return `* ${nameOf(world, happening.senderId)} 戳了戳 ${nameOf(world, happening.targetId)}`
    case 'message.recall': {
      const message = world.state.messages.get(happening.id)
      const text = message ? `: ${show(world, message.segments)}` : ''
      return `* ${nameOf(world, happening.operatorId)} recalled a message${text}`
    }
    case 'group.member.mute': {
      const { operatorId, userId, durationSeconds } = happening
      const what =
        durationSeconds > 0
          ? `muted ${nameOf(world, userId)} for ${durationSeconds} s`
          : `unmuted ${nameOf(world, userId)}`
      return `* ${nameOf(world, operatorId)} ${what}`
    }
    case 'group.member.leave':
      return `* ${nameOf(world, happening.userId)} ${happening.how === 'kick' ? 'was removed' : 'left'}`
    case 'group.member.join':
      return `* ${nameOf(world, happening.userId)} joined`
    default:
      return undefined
  }
}

function show(world: World, segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.type === 'mention') return `@${nameOf(world, segment.userId)} `
      if (segment.type !== 'reply') return toPlainText(segment)
      const quoted = world.state.messages.get(segment.messageId)
      return quoted ? `[↩ ${show(world, quoted.segments)}] ` : '[↩] '
    })
    .join('')
}

export function nameOf(world: World, userId: number): string {
  return [...world.state.accounts.values()].find((account) => account.userId === userId)?.nickname ?? String(userId)
}

export function nameOfPlace(world: World, peer: Peer): string {
  if (peer.kind !== 'group') return `to ${nameOf(world, peer.userId)}`
  return `in ${world.state.groups.get(peer.groupId)?.name ?? peer.groupId}`
}

function nameOfChat(world: World, chat: Chat, senderId: number): string {
  if (chat.kind === 'group') return `in ${world.state.groups.get(chat.groupId)?.name ?? chat.groupId}`
  const other = chat.users.find((userId) => userId !== senderId)
  return `to ${other === undefined ? 'itself' : nameOf(world, other)}`
}
