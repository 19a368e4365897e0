// A conversation in the words of world control, as its members see it.
import * as v from 'valibot'
import { BridgeError } from '../../core/error.ts'
import type { UserId } from '../../core/ids.ts'
import type { Segment } from '../../core/segment.ts'
import { accountOf, groupOf } from '../look.ts'
import { pairKey, type WorldMessage } from '../state.ts'
import { shownName } from '../views.ts'
import type { World } from '../world.ts'
import { chat, form, user, wholeNumber } from './fields.ts'
import { createScene, shownId } from './scene.ts'
import { printSegment } from './segments.ts'

const Query = form({ chat, id: user, limit: v.optional(wholeNumber), bot: v.optional(user) })

const defaultLimit = 100

/** The last messages, oldest first. Private chats are those of the bot that is named or the only one. */
export function readConversation(world: World, query: Record<string, string>): unknown[] {
  const result = v.safeParse(Query, query)
  if (!result.success) {
    const [issue] = result.issues
    throw new BridgeError('badParameter', `${v.getDotPath(issue) ?? 'query'}: ${issue.message}`)
  }
  const { id, limit = defaultLimit } = result.output
  const scene = createScene(world, result.output.bot)
  const isGroup = result.output.chat === 'group'
  const groupId = isGroup ? groupOf(world.state, id as number as never).groupId : undefined
  const viewer = groupId === undefined ? scene.bot() : scene.botIn(groupId)
  const key = groupId === undefined ? pairKey(viewer as UserId, accountOf(world.state, id).userId) : `g${groupId}`
  const messages = world.state.conversations.get(key) ?? []
  return (limit === 0 ? [] : messages.slice(-limit)).map((message) => printMessage(world, message, viewer))
}

function printMessage(world: World, message: WorldMessage, viewer: UserId | undefined): unknown {
  const { chat: place, seq, time, senderId, recalled } = message
  const toShown = (segment: Segment): unknown =>
    segment.type === 'reply'
      ? { ...segment, messageId: shownId(world, viewer, segment.messageId) }
      : printSegment(segment)
  return {
    id: shownId(world, viewer, message.id),
    chat: place.kind === 'group' ? 'group' : place.groupId === undefined ? 'friend' : 'temp',
    ...(place.groupId === undefined ? {} : { group: place.groupId }),
    seq,
    time,
    sender: senderId,
    name: shownName(world.state, place, senderId),
    segments: world.host.freshen(message.segments).map(toShown),
    recalled: recalled !== undefined,
  }
}
