// The mirai-api-http grammar: everything that its clients and servers say, in both directions, without I/O.
export { fromChain, parseChain, type WireIds } from './chain-parse.ts'
export { printChain } from './chain-print.ts'
export { toChain, type OutgoingChain, type SendContext } from './chain-send.ts'
export {
  allCommands,
  findCommand,
  findRoute,
  printCommand,
  readParams,
  type Command,
  type CommandName,
  type PrintedCommand,
} from './command.ts'
export { printFriend, printGroup, printGroupConfig, printMember, printProfile } from './contact-print.ts'
export { readFriend, readGroup, readGroupConfig, readMember, readProfile, type SeenContact } from './contact-read.ts'
export type { PrintContext } from './context.ts'
export { parseEvent, type ParsedEvent } from './event-parse.ts'
export { printEvent, type EventPrinting, type PrintedEvent } from './event-print.ts'
export { toImageId, toVoiceId } from './media-id.ts'
export { parseMessage, type ParseContext, type ParsedMessage } from './message-parse.ts'
export { printMessage } from './message-print.ts'
export {
  MissingFields,
  parseAnswer,
  printData,
  printSent,
  successAnswer,
  toAnswerError,
  toErrorAnswer,
  type Answer,
  type Way,
} from './response.ts'
