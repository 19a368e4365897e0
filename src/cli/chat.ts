// A prompt on the terminal: the user speaks as an account of the embedded world and sees what the bot answers.
import { createInterface } from 'node:readline'
import type { Bridge } from '../bridge.ts'
import { BridgeError } from '../core/error.ts'
import type { Peer } from '../core/ids.ts'
import { friend, group, type World } from '../world/index.ts'
import { describeHappening, nameOf, nameOfPlace } from './chat-words.ts'
import { createScreen } from './screen.ts'

const help = `Type a message and press Enter. Commands:
  /who             the accounts and groups of this world
  /as <account>    speak as this account
  /in <group>      speak in this group
  /to <account>    speak to this account in private
  /help            this text
`

interface Speaker {
  as: number
  to: Peer
}

/** undefined without an embedded world. Returns how to end it. */
export function startChat(bridge: Bridge): (() => void) | undefined {
  const world = findWorld(bridge)
  const speaker = world && chooseSpeaker(world)
  if (!world || !speaker) return undefined
  process.stdout.write(help)
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const screen = createScreen(lines)
  const prompt = (): void => {
    lines.setPrompt(`${nameOf(world, speaker.as)} ${nameOfPlace(world, speaker.to)}> `)
    lines.prompt()
  }
  let speaking = false
  const unwatch = world.watch((happening) => {
    const text = speaking ? undefined : describeHappening(world, happening)
    if (text !== undefined) screen.say(text)
  })
  lines.on('line', (line) => {
    speaking = true
    try {
      const answer = handle(world, speaker, line.trim())
      if (answer) screen.say(answer)
    } catch (error) {
      screen.say(`! ${(error as Error).message}`)
    }
    speaking = false
    prompt()
  })
  // Ctrl-C and Ctrl-D end the bridge, in order.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  let ended = false
  lines.on('close', () => {
    if (!ended) process.kill(process.pid, 'SIGINT')
  })
  prompt()
  return () => {
    ended = true
    unwatch()
    screen.close()
    lines.close()
    process.stdout.write('\n')
  }
}

function findWorld(bridge: Bridge): World | undefined {
  try {
    return bridge.world()
  } catch {
    return undefined
  }
}

/** The first account that is no bot and shares a group with one. */
function chooseSpeaker(world: World): Speaker | undefined {
  for (const { groupId, members } of world.state.groups.values()) {
    const people = [...members.keys()].filter((userId) => !world.state.accounts.get(userId)?.bot)
    if (people[0] !== undefined && people.length < members.size) return { as: people[0], to: group(groupId) }
  }
  return undefined
}

function handle(world: World, speaker: Speaker, line: string): string | undefined {
  if (line === '') return undefined
  const [, command, argument = ''] = /^\/(\w+)\s*(.*)$/.exec(line) ?? []
  if (command === undefined) {
    world.as(speaker.as).say(speaker.to, line)
    return undefined
  }
  if (command === 'as') speaker.as = world.as(toNumber(argument, 'account')).userId
  else if (command === 'in') speaker.to = group(findGroup(world, toNumber(argument, 'group')))
  else if (command === 'to') speaker.to = friend(world.as(toNumber(argument, 'account')).userId)
  else if (command === 'who') return listAll(world)
  else return command === 'help' ? help : `! unknown command /${command}\n${help}`
  return undefined
}

function toNumber(text: string, what: string): number {
  if (!/^[0-9]{1,15}$/.test(text))
    throw new BridgeError('badParameter', `give the number of the ${what}; /who lists them`)
  return Number(text)
}

function findGroup(world: World, id: number): number {
  const found = [...world.state.groups.keys()].find((groupId) => groupId === id)
  if (found === undefined) throw new BridgeError('notFound', `there is no group ${id}; /who lists them`)
  return found
}

function listAll(world: World): string {
  const accounts = [...world.state.accounts.values()].map(
    ({ userId, nickname, bot }) => `  ${userId} ${nickname}${bot ? ' (bot)' : ''}`,
  )
  const groups = [...world.state.groups.values()].map(({ groupId, name }) => `  ${groupId} ${name}`)
  return ['Accounts', ...accounts, 'Groups', ...groups].join('\n')
}
