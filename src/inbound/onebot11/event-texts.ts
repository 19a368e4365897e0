// An event as text, printed at most once in each format, however many connections hear it.
import type { BridgeEvent } from '../../core/event.ts'
import type { InboundHost } from '../../core/ports.ts'
import { printExtra } from '../../dialect/onebot11/event-extra.ts'
import { eventLoss, printEvent } from '../../dialect/onebot11/event-print.ts'
import type { MessageFormat } from '../../dialect/onebot11/wire.ts'
import { prepareSegments } from '../../translate/prepare.ts'

export interface EventTexts {
  /** undefined: OneBot has no such event, which has been told. */
  in(format: MessageFormat): string | undefined
}

export function createEventTexts(event: BridgeEvent, host: InboundHost): EventTexts {
  const texts = new Map<MessageFormat, string>()
  let fitted: BridgeEvent | undefined

  function print(format: MessageFormat): string | undefined {
    fitted ??= fit(event, host)
    const wire = printEvent(fitted, { view: host.view, format })
    if (wire) return JSON.stringify(printExtra(event, wire))
    const loss = eventLoss(event)
    if (loss) host.loss(event.bot, 'out', loss)
    return undefined
  }

  return {
    in(wanted) {
      // Only messages look different.
      const format = event.type === 'message' ? wanted : 'array'
      const known = texts.get(format)
      if (known !== undefined) return known
      const text = print(format)
      if (text !== undefined) texts.set(format, text)
      return text
    },
  }
}

function fit(event: BridgeEvent, host: InboundHost): BridgeEvent {
  if (event.type !== 'message') return event
  const { message } = event
  const { segments, losses } = prepareSegments(message.segments, {
    dialect: 'onebot11',
    way: 'event',
    peer: message.peer,
  })
  for (const loss of losses) host.loss(event.bot, 'out', loss)
  return segments === message.segments ? event : { ...event, message: { ...message, segments } }
}
