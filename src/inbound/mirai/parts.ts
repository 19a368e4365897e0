// What the adapters of one inbound share.
import type { InboundHost } from '../../core/ports.ts'
import type { HttpLimits } from '../../transport/mount.ts'
import type { CommandRun, Console } from './console.ts'
import type { Gate } from './gate.ts'
import type { MiraiInboundOptions } from './options.ts'
import type { Runner } from './run.ts'

export interface Parts {
  options: MiraiInboundOptions
  host: InboundHost
  /** What holds for the whole port. */
  port: HttpLimits
  gate: Gate
  runner: Runner
  console: Console
  /** Tells all clients that a command ran which nobody typed. */
  runCommand: (command: CommandRun) => void
}
