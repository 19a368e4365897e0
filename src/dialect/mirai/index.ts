// The mirai-api-http grammar: everything that its clients and servers say, in both directions, without I/O.
export { printAnnouncement, readAnnouncement } from './announcement.ts'
export { fromChain, parseChain, type WireIds } from './chain-parse.ts'
export { printChain } from './chain-print.ts'
export { toChain, type OutgoingChain } from './chain-send.ts'
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
export { memberUntil, printFriend, printGroup, printGroupConfig, printMember, printProfile } from './contact-print.ts'
export { readFriend, readGroup, readGroupConfig, readMember, readProfile } from './contact-read.ts'
export type { PrintContext } from './context.ts'
export { parseEvent } from './event-parse.ts'
export { printEvent, type PrintedEvent } from './event-print.ts'
export { printFile, printRootFolder } from './file-print.ts'
export { readFile } from './file-read.ts'
export { toImageId, toVoiceId } from './media-id.ts'
export { parseMessage } from './message-parse.ts'
export { printMessage } from './message-print.ts'
export {
  MissingFields,
  parseAnswer,
  printData,
  printSent,
  spliceData,
  successAnswer,
  toAnswerError,
  toErrorAnswer,
  type Answer,
  type Way,
} from './response.ts'
export { printV1Command, printV1Event, renameV1, v1Printer, v1Routes, type V1Route } from './v1.ts'
