// Quick operations: what to do about an event, as one object. Carried out as the actions it stands for, in go-cqhttp's
// order: reply, delete, kick, ban; or approve.
import type { Action } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { parseJson } from '../../core/json.ts'
import { toBoolean, toInteger, toMessageId, toObject, toUserId, type WireObject } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { findAction, parseCalls } from '../../dialect/onebot11/action.ts'
import type { ActionContext } from '../../dialect/onebot11/action-special.ts'
import { withoutAbsent } from '../../dialect/onebot11/segment-parse.ts'

export interface QuickOperation {
  context: WireObject
  operation: WireObject
}

/** Throws `badParameter`. Both may come as JSON text, from a query for instance. */
export function readQuickOperation(params: WireObject): QuickOperation {
  return { context: readObject(params, 'context'), operation: readObject(params, 'operation') }
}

function readObject(params: WireObject, name: string): WireObject {
  const value = params[name]
  const object = toObject(typeof value === 'string' ? parseJson(value) : value)
  if (!object) throw new BridgeError('badParameter', `${name} must be an object`)
  return object
}

export function toActions({ context, operation }: QuickOperation, actionContext: ActionContext): Action[] {
  const postType = context['post_type']
  if (postType === 'request') return answerRequest(context, operation, actionContext)
  if (postType !== 'message' && postType !== 'message_sent') {
    throw new BridgeError('badParameter', 'context must be a message or request event')
  }
  const actions = reply(context, operation, actionContext)
  return context['message_type'] === 'group' ? [...actions, ...moderate(context, operation, actionContext)] : actions
}

function isTrue(value: unknown): boolean {
  return toBoolean(value) === true
}

/** In a group the reply quotes the message, as NapCat does, and mentions its author when asked to. */
function reply(context: WireObject, operation: WireObject, actionContext: ActionContext): Action[] {
  const message = operation['reply']
  if (message === undefined || message === null || message === '') return []
  const { message_type, group_id, user_id } = context
  const params = { message_type, group_id, user_id, message, auto_escape: operation['auto_escape'] }
  const inGroup = message_type === 'group'
  return parseCalls(findAction('send_msg'), params, actionContext).map((action) =>
    action.name === 'message.send' && inGroup
      ? {
          ...action,
          params: { ...action.params, segments: addressed(action.params.segments, context, operation, actionContext) },
        }
      : action,
  )
}

/** A forward stands alone. */
function addressed(
  segments: Segment[],
  context: WireObject,
  operation: WireObject,
  actionContext: ActionContext,
): Segment[] {
  if (segments.some((segment) => segment.type === 'forward')) return segments
  const out: Segment[] = []
  const messageId = toMessageId(context['message_id'])
  const quotes = segments.some((segment) => segment.type === 'reply')
  if (messageId !== undefined && !quotes && actionContext.peerOf(messageId)) out.push({ type: 'reply', messageId })
  const userId = toUserId(context['user_id'])
  if (userId !== undefined && isTrue(operation['at_sender'])) {
    out.push({ type: 'mention', userId }, { type: 'text', text: ' ' })
  }
  return [...out, ...segments]
}

function moderate(context: WireObject, operation: WireObject, actionContext: ActionContext): Action[] {
  const { group_id, user_id, message_id } = context
  const actions: Action[] = []
  const add = (name: string, params: WireObject) =>
    void actions.push(...parseCalls(findAction(name), params, actionContext))
  if (isTrue(operation['delete'])) add('delete_msg', { message_id })
  if (isTrue(operation['kick'])) {
    add('set_group_kick', { group_id, user_id, reject_add_request: operation['reject_add_request'] })
  }
  if (isTrue(operation['ban'])) {
    add('set_group_ban', withoutAbsent({ group_id, user_id, duration: toInteger(operation['ban_duration']) }))
  }
  return actions
}

/** Without approve nothing is decided. */
function answerRequest(context: WireObject, operation: WireObject, actionContext: ActionContext): Action[] {
  const approve = toBoolean(operation['approve'])
  if (approve === undefined || operation['approve'] === '') return []
  const { flag } = context
  return context['request_type'] === 'friend'
    ? parseCalls(findAction('set_friend_add_request'), { flag, approve, remark: operation['remark'] }, actionContext)
    : parseCalls(findAction('set_group_add_request'), { flag, approve, reason: operation['reason'] }, actionContext)
}
