// Where an act of world control takes place: which bot it concerns, which conversation, and ids as that bot knows them.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, MessageId, Peer, UserId } from '../../core/ids.ts'
import { groupOf } from '../look.ts'
import type { WorldMessage } from '../state.ts'
import { friend, group as inGroup, temp } from '../target.ts'
import type { World } from '../world.ts'

export interface Scene {
  readonly world: World
  readonly named: UserId | undefined
  /** The bot that was named, or the only one. Throws when that is not clear. */
  bot(): UserId
  /** A bot that sees this group; undefined when none does. */
  botIn(groupId: GroupId): UserId | undefined
}

export interface Where {
  chat: 'friend' | 'group' | 'temp'
  group?: GroupId | undefined
}

export function createScene(world: World, named: UserId | undefined): Scene {
  const { state } = world
  if (named !== undefined && !state.bots.includes(named)) {
    throw new BridgeError('notFound', `bot: ${named} is not a bot of this world`)
  }
  return {
    world,
    named,
    bot() {
      const [only, ...others] = state.bots
      if (named !== undefined) return named
      if (only !== undefined && others.length === 0) return only
      throw new BridgeError('badParameter', `bot: name one of ${state.bots.join(', ')}`)
    },
    botIn(groupId) {
      const members = state.groups.get(groupId)?.members
      const bots = named === undefined ? state.bots : [named]
      return bots.find((bot) => members?.has(bot))
    },
  }
}

/** Private chats are with the bot. */
export function peerOf(scene: Scene, where: Where, sender: UserId): Peer {
  if (where.chat === 'group') return inGroup(groupIn(where))
  const bot = scene.bot()
  if (bot !== sender) return privatePeer(where, bot)
  throw new BridgeError('badParameter', 'sender: is the bot itself, which has no private chat with itself')
}

/** A bot may nudge from its other client too: then the chat is with the target. */
export function nudgePeer(scene: Scene, where: Where, { sender, target }: { sender: UserId; target: UserId }): Peer {
  const isFromBot = where.chat !== 'group' && scene.named === undefined && scene.world.state.bots.includes(sender)
  return isFromBot ? privatePeer(where, target) : peerOf(scene, where, sender)
}

function privatePeer(where: Where, other: UserId): Peer {
  if (where.chat === 'temp') return temp(other, groupIn(where))
  if (where.group !== undefined) throw new BridgeError('badParameter', 'group: not with chat friend')
  return friend(other)
}

function groupIn({ chat, group }: Where): GroupId {
  if (group === undefined) throw new BridgeError('badParameter', `group: is missing, chat ${chat} needs it`)
  return group
}

/** The bot whose ids are meant. */
export function viewerOf(scene: Scene, where: Where, sender: UserId): UserId | undefined {
  if (where.chat === 'group') return scene.botIn(groupOf(scene.world.state, groupIn(where)).groupId)
  return scene.world.state.bots.includes(sender) && scene.named === undefined ? sender : scene.bot()
}

/** The id by which bots know a message of the world. */
export function shownId(world: World, viewer: UserId | undefined, id: number): number {
  const message = world.state.messages.get(id)
  return message && viewer !== undefined ? world.host.toMessageId(viewer, message) : id
}

/** The message of the world behind an id that bots see. */
export function worldId({ world }: Scene, viewer: UserId | undefined, id: MessageId): MessageId {
  const found = (viewer === undefined ? undefined : world.host.toWorldId(viewer, id)) ?? id
  if (world.state.messages.has(found)) return found as MessageId
  throw new BridgeError('notFound', `there is no message ${id}`)
}

/** The message by that sender in that conversation. */
export function messageIn(scene: Scene, where: Where, { sender, id }: { sender: UserId; id: MessageId }): WorldMessage {
  const viewer = viewerOf(scene, where, sender)
  const message = scene.world.state.messages.get(worldId(scene, viewer, id))
  const kind = where.chat === 'group' ? 'group' : 'private'
  const isThere = message?.chat.kind === kind && (kind === 'private' || message.chat.groupId === where.group)
  if (message && isThere && message.senderId === sender) return message
  throw new BridgeError('notFound', `there is no message ${id} of ${sender} in that conversation`)
}

/** World id of a message of that group. */
export function groupMessage(scene: Scene, groupId: GroupId, id: MessageId): number {
  groupOf(scene.world.state, groupId)
  const found = worldId(scene, scene.botIn(groupId), id)
  const chat = scene.world.state.messages.get(found)?.chat
  if (chat?.kind === 'group' && chat.groupId === groupId) return found
  throw new BridgeError('notFound', `there is no message ${id} in group ${groupId}`)
}

export function shownFlag({ world }: Scene, bot: UserId | undefined, native: string): { flag: string } {
  return { flag: bot === undefined ? native : world.host.toFlag(bot, native) }
}
