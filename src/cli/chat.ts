// A prompt on the terminal: the user speaks as an account of the embedded world and sees what the bot answers.
import { createInterface } from 'node:readline'
import type { Bridge } from '../bridge.ts'
import type { Peer } from '../core/ids.ts'
import type { Segment } from '../core/segment.ts'
import { toPlainText } from '../translate/plain-text.ts'
import type { Happening } from '../world/happening.ts'
import type { Chat } from '../world/state.ts'
import { friend, group } from '../world/target.ts'
import type { World } from '../world/index.ts'

const help = `Type a message and press Enter. Commands:
  /who             the accounts and groups of this world
  /as <account>    speak as this account
  /in <group>      speak in this group
  /to <bot>        speak to the bot in private
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
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const say = (text: string): void => {
    process.stdout.write(`\r\u001b[K${text}\n`)
    lines.prompt(true)
  }
  const prompt = (): void => {
    lines.setPrompt(`${nameOf(world, speaker.as)} ${where(world, speaker.to)}> `)
    lines.prompt()
  }
  const unwatch = world.watch((happening) => {
    const text = describe(world, happening, speaker)
    if (text !== undefined) say(text)
  })
  lines.on('line', (line) => {
    try {
      const answer = handle(world, speaker, line.trim())
      if (answer) say(answer)
    } catch (error) {
      say(`! ${(error as Error).message}`)
    }
    prompt()
  })
  // Ctrl-C belongs to the process: it stops the bridge in order.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  process.stdout.write(help)
  prompt()
  return () => {
    unwatch()
    lines.close()
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
  const id = Number(argument)
  if (command === 'as') speaker.as = world.as(id).userId
  else if (command === 'in') speaker.to = group(id)
  else if (command === 'to') speaker.to = friend(id)
  else return command === 'who' ? listAll(world) : help
  return undefined
}

function listAll(world: World): string {
  const accounts = [...world.state.accounts.values()].map(
    ({ userId, nickname, bot }) => `  ${userId} ${nickname}${bot ? ' (bot)' : ''}`,
  )
  const groups = [...world.state.groups.values()].map(({ groupId, name }) => `  ${groupId} ${name}`)
  return ['Accounts', ...accounts, 'Groups', ...groups].join('\n')
}

/** What the speaker would see on a phone; his own words are on the screen already. */
function describe(world: World, happening: Happening, speaker: Speaker): string | undefined {
  if (happening.type === 'message') {
    const { senderId, chat, segments } = happening.message
    if (senderId === speaker.as) return undefined
    return `${nameOf(world, senderId)} ${inChat(world, chat)}: ${show(segments)}`
  }
  if (happening.type === 'nudge' && happening.senderId !== speaker.as) {
    return `* ${nameOf(world, happening.senderId)} 戳了戳 ${nameOf(world, happening.targetId)}`
  }
  return happening.type === 'message.recall' ? `* ${nameOf(world, happening.operatorId)} recalled a message` : undefined
}

function show(segments: readonly Segment[]): string {
  return segments.map(toPlainText).join('')
}

function nameOf(world: World, userId: number): string {
  return [...world.state.accounts.values()].find((account) => account.userId === userId)?.nickname ?? String(userId)
}

function where(world: World, peer: Peer): string {
  if (peer.kind !== 'group') return `to ${nameOf(world, peer.userId)}`
  return `in ${world.state.groups.get(peer.groupId)?.name ?? peer.groupId}`
}

function inChat(world: World, chat: Chat): string {
  return 'groupId' in chat && chat.groupId !== undefined
    ? `in ${world.state.groups.get(chat.groupId)?.name ?? chat.groupId}`
    : 'in private'
}
