// Sending: messages, forwards, messages once more.
import type { Params, Result } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import type { MessageId, Peer } from '../../core/ids.ts'
import { nowSeconds } from '../../core/read.ts'
import type { Segment } from '../../core/segment.ts'
import { printAction } from '../../dialect/onebot11/action-print.ts'
import { readSent } from '../../dialect/onebot11/result.ts'
import type { Call } from './call.ts'
import { fitMessage, withLiteralNodes } from './content.ts'
import type { Ending } from './own-sends.ts'
import { getForward, getHistory, getMessage } from './messages.ts'

/** A backend that forgot the messages that a forward names gets what they said: nothing was sent, so once more is safe. */
export async function sendMessage(call: Call, params: Params<'message.send'>): Promise<Result<'message.send'>> {
  try {
    return await sendOnce(call, params)
  } catch (error) {
    const isForgotten = error instanceof BridgeError && error.certain && error.kind === 'notFound'
    const literal = isForgotten ? withLiteralNodes(params.segments, call) : undefined
    if (!literal) throw error
    call.loss({ what: 'forward', fidelity: 'lossy', reason: 'the backend does not know its messages: sent anew' })
    return sendOnce(call, { ...params, segments: literal })
  }
}

async function sendOnce(call: Call, { peer, segments }: Params<'message.send'>): Promise<Result<'message.send'>> {
  const known = needsContent(segments, call) ? await withContent(segments, call) : segments
  const fitted = fitMessage(known, call, peer)
  const request = printAction({ name: 'message.send', params: { peer, segments: fitted } }, call.sendIds)
  const ended = call.intake.ownSends.begin(peer)
  let ending: Ending = {}
  try {
    const sent = readSent(await call.ask(request, hasFiles(fitted)))
    if (!sent) throw withoutId(request.action, call)
    const messageId = learnSent(call, peer, { native: sent.native, segments: withForwardId(segments, sent.forwardId) })
    ending = { id: messageId }
    return sent.forwardId === undefined ? { messageId } : { messageId, forwardId: sent.forwardId }
  } catch (error) {
    if (error instanceof BridgeError && !error.certain) ending = { lost: fitted }
    throw error
  } finally {
    ended(ending)
  }
}

/** It was sent: nobody may send it again, and nobody can name it. */
function withoutId(action: string, { backend }: Call): BridgeError {
  return new BridgeError('backend', `${action}: ${backend} gave no message_id`, { backend, certain: false })
}

function learnSent(call: Call, peer: Peer, { native, segments }: { native: string; segments: Segment[] }): MessageId {
  const content = { sender: { userId: call.bot, nickname: call.nickname }, time: nowSeconds(), segments }
  const { id } = call.services.messages.learn(call.bot, { native, peer }, content, true)
  call.intake.noteTold(id)
  return id
}

function withForwardId(segments: Segment[], id: string | undefined): Segment[] {
  if (id === undefined) return segments
  return segments.map((segment) => (segment.type === 'forward' ? { ...segment, id } : segment))
}

function needsContent(segments: readonly Segment[], { flavour }: Call): boolean {
  return !flavour.traits.resendForward && segments.some((segment) => segment.type === 'forward' && !segment.nodes)
}

/** NapCat does not take back the ids of the forwards that it reports: they are built anew. */
function withContent(segments: readonly Segment[], call: Call): Promise<Segment[]> {
  return Promise.all(
    segments.map(async (segment) => {
      if (segment.type !== 'forward' || segment.nodes || !segment.id) return segment
      const { nodes } = await getForward(call, { id: segment.id })
      return { ...segment, nodes }
    }),
  )
}

function hasFiles(segments: readonly Segment[]): boolean {
  return segments.some(
    (segment) =>
      segment.type === 'voice' ||
      segment.type === 'video' ||
      segment.type === 'file' ||
      (segment.type === 'forward' && segment.nodes?.some((node) => node.segments && hasFiles(node.segments))),
  )
}

/** NapCat repeats a message without telling the new id; go-cqhttp and Lagrange cannot, so it is sent anew there. */
export async function repeatMessage(call: Call, params: Params<'message.repeat'>): Promise<Result<'message.repeat'>> {
  const { peer, messageId } = params
  const ended = call.intake.ownSends.begin(peer)
  let repeated: MessageId | undefined
  try {
    const started = nowSeconds()
    const request = printAction({ name: 'message.repeat', params }, call.sendIds)
    const sent = readSent(await call.ask(request))
    repeated = sent
      ? call.services.messages.learn(call.bot, { native: sent.native, peer }, undefined, true).id
      : await findOwn(call, peer, started)
    if (repeated === undefined) throw withoutId(request.action, call)
    return { messageId: repeated }
  } catch (error) {
    if (!(error instanceof BridgeError) || error.kind !== 'notSupported') throw error
    const { segments } = call.services.messages.get(call.bot, messageId) ?? (await getMessage(call, { messageId }))
    call.loss({ what: 'message.repeat', fidelity: 'lossy', reason: 'sent anew from its content' })
    const anew = await sendMessage(call, { peer, segments })
    return { messageId: anew.messageId }
  } finally {
    ended({ id: repeated })
  }
}

/** The account's newest message there, if it was not there before. Clocks may differ a little. */
async function findOwn(call: Call, peer: Peer, started: number): Promise<MessageId | undefined> {
  try {
    const { messages } = await getHistory(call, { peer, count: 5 })
    return messages.findLast(({ sender, time }) => sender.userId === call.bot && time >= started - 5)?.id
  } catch {
    return undefined
  }
}
