// Commands that clients registered: recognised in messages the way mirai's console does it, and run by /cmd/execute.
import { BridgeError } from '../../core/error.ts'
import type { CommandEvent, MessageEvent } from '../../core/event.ts'
import type { Segment } from '../../core/segment.ts'

export interface RegisteredCommand {
  name: string
  aliases: readonly string[]
  usage: string
  description: string
}

/** A command as it runs: by its own name, whichever alias was written. */
export interface CommandRun {
  name: string
  args: Segment[]
}

export interface Console {
  /** Takes the names over from whatever had them. Throws `badParameter`, `busy`. */
  register(command: RegisteredCommand): void
  /** The event of the command that a message runs. */
  match(event: MessageEvent): CommandEvent | undefined
  /** The command that such content names; the prefix may be left out. */
  find(content: readonly Segment[]): CommandRun | undefined
  /** 1.x sockets that listen for commands. Returns how to stop. */
  watch(watcher: (command: CommandRun & { event?: CommandEvent }) => void): () => void
  tell(event: CommandEvent | CommandRun): void
}

const mostCommands = 1000

/** `prefix` in front of the name in messages; console's own is a slash. */
export function createConsole(prefix: string): Console {
  const byName = new Map<string, RegisteredCommand>()
  const watchers = new Set<Parameters<Console['watch']>[0]>()

  function find(content: readonly Segment[], needsPrefix: boolean): CommandRun | undefined {
    const [head, ...args] = toWords(content)
    if (head?.type !== 'text') return undefined
    const hasPrefix = prefix !== '' && head.text.startsWith(prefix)
    if (needsPrefix && !hasPrefix && prefix !== '') return undefined
    const command = byName.get((hasPrefix ? head.text.slice(prefix.length) : head.text).toLowerCase())
    return command && { name: command.name, args }
  }

  return {
    register(command) {
      const names = [command.name, ...command.aliases].map((name) => name.toLowerCase())
      if (names.some((name) => name === '' || /\s/.test(name))) {
        throw new BridgeError('badParameter', 'names of commands must not be empty and hold no spaces')
      }
      if (byName.size + names.length > mostCommands) {
        throw new BridgeError('busy', `there are ${byName.size} names of commands already`)
      }
      for (const name of names) byName.set(name, command)
    },
    match({ bot, time, origin, message }) {
      if (byName.size === 0 || origin !== 'received') return undefined
      const run = find(message.segments, true)
      return run && { type: 'command', bot, time, peer: message.peer, senderId: message.sender.userId, ...run }
    },
    find: (content) => find(content, false),
    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    tell(command) {
      if (watchers.size === 0) return
      const { name, args } = command
      for (const watcher of watchers) watcher({ name, args, ...('type' in command && { event: command }) })
    },
  }
}

/** Text falls apart at spaces, everything else is a word of its own. A quote is none. */
function toWords(content: readonly Segment[]): Segment[] {
  return content.flatMap((segment): Segment[] => {
    if (segment.type === 'reply') return []
    if (segment.type !== 'text') return [segment]
    return segment.text.split(' ').flatMap((text) => (text.trim() === '' ? [] : [{ type: 'text', text }]))
  })
}
