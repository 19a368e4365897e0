// Actions about messages, served by a world.
import { BridgeError } from '../../core/error.ts'
import type { GroupId, MessageId, Peer, UserId } from '../../core/ids.ts'
import type { Message } from '../../core/message.ts'
import { toMessageId } from '../../core/read.ts'
import type { ForwardNode, Segment } from '../../core/segment.ts'
import { groupMessageFor, isVisible, keyOfPeer, messageFor, seenMessage } from '../../world/look.ts'
import { rewriteIds } from '../../world/rewrite.ts'
import type { WorldMessage } from '../../world/state.ts'
import { toMessage } from '../../world/views.ts'
import { nicknameOf } from './account.ts'
import type { Handlers, Serving } from './serving.ts'

type MessageAction = Extract<keyof Handlers, `message.${string}` | 'nudge.send' | 'group.essence.set'>

/** Messages that a history without a count holds; OneBot's own default. */
const defaultCount = 20

/** Messages of a span of time without a count. */
const mostInTime = 1000

/** Conversations of a list without a count. */
const defaultRecent = 10

/** A typing error of a bot shows here, as it would at an implementation. */
function refuseUnknown(segments: readonly Segment[]): void {
  for (const segment of segments) {
    if (segment.type === 'unknown') {
      throw new BridgeError('notSupported', `content of type ${segment.name.slice(0, 40)} is not known`)
    }
    if (segment.type === 'forward') for (const node of segment.nodes ?? []) refuseUnknown(node.segments ?? [])
  }
}

export const messageHandlers: Pick<Handlers, MessageAction> = {
  'message.send'({ host, world, actor, bot }, { peer, segments }) {
    refuseUnknown(segments)
    const content = rewriteIds(segments, (id) => host.toWorldId(bot, id) as MessageId | undefined)
    return toSent({ host, world, bot }, actor.say(peer, content))
  },
  'message.recall'(serving, { messageId }) {
    serving.actor.recall(worldIdOf(serving, messageId))
    return {}
  },
  'message.get': (serving, { messageId }) => {
    const { world, bot } = serving
    return show(serving, messageFor(world.state, worldIdOf(serving, messageId), bot))
  },
  'message.history'(serving, { peer, before, timeStart, timeEnd, ...params }) {
    const { world, bot } = serving
    const { count = timeStart === undefined && timeEnd === undefined ? defaultCount : mostInTime } = params
    const end = before === undefined ? Infinity : seenMessage(world.state, worldIdOf(serving, before), bot).seq
    const fits = ({ seq, time }: WorldMessage): boolean =>
      seq < end && time >= (timeStart ?? 0) && time <= (timeEnd ?? Infinity)
    return { messages: readBack(serving, peer, Math.max(0, count), fits).map((message) => show(serving, message)) }
  },
  'message.recent': (serving, { count = defaultRecent }) => recentOf(serving, Math.max(0, count)),
  'message.react'(serving, { messageId, emojiId, on }) {
    serving.actor.react(worldIdOf(serving, messageId), emojiId, on)
    return {}
  },
  'message.reactions'(serving, { messageId, emojiId, count = defaultCount }) {
    const { state } = serving.world
    const { message } = groupMessageFor(state, worldIdOf(serving, messageId), serving.bot)
    const users = [...(message.reactions?.get(emojiId) ?? [])].slice(0, Math.max(0, count))
    return users.map((userId) => ({ userId, nickname: nicknameOf(state, userId) }))
  },
  'message.forward.get'(serving, { id }) {
    const nodes = serving.world.state.forwards.get(id) ?? forwardIn(serving, id)
    return { nodes: nodes.map((node) => showNode(serving, node)) }
  },
  'message.repeat'(serving, { messageId, peer }) {
    const message = messageFor(serving.world.state, worldIdOf(serving, messageId), serving.bot)
    // A quote points into the conversation that is left.
    const content = message.segments.filter((segment) => segment.type !== 'reply')
    return { messageId: toSent(serving, serving.actor.say(peer, content)).messageId }
  },
  'message.markRead'({ actor }, { peer }) {
    actor.markRead(peer)
    return {}
  },
  'nudge.send'({ actor }, { peer, targetId }) {
    actor.nudge(peer, targetId)
    return {}
  },
  'group.essence.set'(serving, { messageId, on }) {
    const id = worldIdOf(serving, messageId)
    groupMessageFor(serving.world.state, id, serving.bot)
    serving.actor.setEssence(id, on)
    return {}
  },
}

function worldIdOf({ host, bot }: Serving, id: MessageId): number {
  const worldId = host.toWorldId(bot, id)
  if (worldId === undefined) throw new BridgeError('notFound', `there is no message ${id}`)
  return worldId
}

function toSent({ host, world, bot }: Pick<Serving, 'host' | 'world' | 'bot'>, worldId: number) {
  const message = world.state.messages.get(worldId) as WorldMessage
  const messageId = host.toMessageId(bot, message)
  const forward = message.segments.find((segment) => segment.type === 'forward')
  return forward?.id === undefined ? { messageId } : { messageId, forwardId: forward.id }
}

/** With the ids that the bot knows. */
function show({ host, world, bot }: Serving, message: WorldMessage): Message {
  const id = host.toMessageId(bot, message)
  return { ...toMessage(world.state, message, bot), id, segments: host.toSegments(bot, message.segments) }
}

function showNode({ host, bot }: Serving, node: ForwardNode): ForwardNode {
  return node.segments ? { ...node, segments: host.toSegments(bot, node.segments) } : node
}

/** The newest that fit, oldest first; walks back only as far as it must. */
function readBack(
  { world, bot }: Serving,
  peer: Peer,
  count: number,
  fits: (message: WorldMessage) => boolean,
): WorldMessage[] {
  const messages = world.state.conversations.get(keyOfPeer(world.state, bot, peer)) ?? []
  const found: WorldMessage[] = []
  const since = peer.kind === 'group' ? joinSeqOf(world.state.groups, peer.groupId, bot) : 0
  for (let at = messages.length - 1; at >= since && found.length < count; at--) {
    const message = messages[at] as WorldMessage
    if (!message.recalled && fits(message)) found.push(message)
  }
  return found.toReversed()
}

/** The last message of each conversation that the bot can read, the latest conversation first. */
function recentOf(serving: Serving, count: number): Message[] {
  const { world, bot } = serving
  const last: WorldMessage[] = []
  for (const messages of world.state.conversations.values()) {
    const message = messages.findLast((one) => !one.recalled)
    if (message && isVisible(world.state, message, bot)) last.push(message)
  }
  // Ids count up, so they order what was said in the same second.
  last.sort((one, other) => other.time - one.time || other.id - one.id)
  return last.slice(0, count).map((message) => show(serving, message))
}

function joinSeqOf(groups: Serving['world']['state']['groups'], groupId: GroupId, userId: UserId): number {
  return groups.get(groupId)?.members.get(userId)?.joinSeq ?? 0
}

/** The first forward in the message of that id. */
function forwardIn(serving: Serving, id: string): ForwardNode[] {
  const messageId = toMessageId(id)
  const worldId = messageId === undefined ? undefined : serving.host.toWorldId(serving.bot, messageId)
  const segments = worldId === undefined ? [] : messageFor(serving.world.state, worldId, serving.bot).segments
  const forward = segments.find((segment) => segment.type === 'forward')
  if (!forward?.nodes) throw new BridgeError('notFound', `there is no forward ${id}`)
  return forward.nodes
}
