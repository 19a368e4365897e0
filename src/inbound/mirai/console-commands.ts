// cmd_register and cmd_execute. There is no console: what was not registered through this inbound is not known.
import { BridgeError } from '../../core/error.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { parseChain } from '../../dialect/mirai/index.ts'
import type { Handler } from './ask.ts'
import type { CommandRun, Console, RegisteredCommand } from './console.ts'

/** `run`: what happens to a command that nobody typed. */
export function consoleCommands(console: Console, run: (command: CommandRun) => void): Record<string, Handler> {
  return {
    cmd_register({ params }) {
      console.register(readCommand(params))
      return Promise.resolve(undefined)
    },
    cmd_execute({ params, host, bot }) {
      const { segments, losses } = parseChain(params['command'])
      for (const loss of losses) host.loss(bot, 'in', loss)
      const command = console.find(segments)
      if (!command) throw new BridgeError('badParameter', 'Execute command error')
      run(command)
      return Promise.resolve(undefined)
    },
  }
}

/** Throws `badParameter`. */
export function readCommand(params: WireObject): RegisteredCommand {
  const aliases = Array.isArray(params['alias']) ? params['alias'].map(toText) : []
  const name = toText(params['name'])
  if (name === undefined || aliases.includes(undefined)) {
    throw new BridgeError('badParameter', 'name must be text and alias a list of texts')
  }
  return {
    name,
    aliases: aliases.filter((alias) => alias !== undefined),
    usage: toText(params['usage']) ?? '',
    description: toText(params['description']) ?? '',
  }
}
