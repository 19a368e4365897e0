// What a mirai-api-http client connects to, or is connected to: four adapters, sessions and queues behind them.
import type { BridgeEvent } from '../../core/event.ts'
import type { UserId } from '../../core/ids.ts'
import type { Inbound, InboundHost } from '../../core/ports.ts'
import { nowSeconds } from '../../core/read.ts'
import { printChain } from '../../dialect/mirai/index.ts'
import type { Mount } from '../../transport/mount.ts'
import type { QueueMemory } from '../../transport/queue-memory.ts'
import { defaultSocketLimits, type SocketLimits } from '../../transport/socket.ts'
import type { Turn } from '../../transport/turn.ts'
import { printingFor } from './ask.ts'
import { consoleCommands } from './console-commands.ts'
import { createConsole, type CommandRun } from './console.ts'
import { createFeed, type Feed } from './feed.ts'
import { createGate } from './gate.ts'
import { mountHttp } from './http.ts'
import type { MiraiInboundOptions } from './options.ts'
import type { Parts } from './parts.ts'
import { createReverseWs } from './reverse-ws.ts'
import { createRunner } from './run.ts'
import { createWebhooks } from './webhook.ts'
import { createUpgrader } from './ws.ts'

export interface MiraiInboundSetup {
  name: string
  options: MiraiInboundOptions
  host: InboundHost
  listener: Mount
  turn: Turn
  /** Of connections that the bridge opens. */
  socket?: SocketLimits
  /** Where what waits for clients is counted. */
  queues?: QueueMemory
}

/** Mounts its routes on the listener at once; nobody is served before the listener listens. */
export function createMiraiInbound({
  name,
  options,
  host,
  listener,
  turn,
  socket,
  queues,
}: MiraiInboundSetup): Inbound {
  const { limits: port } = listener
  const gate = createGate({ options, host, port, queues })
  const console = createConsole(options.commandPrefix)
  const runner = createRunner(options, host, consoleCommands(console, runCommand))
  const webhooks = createWebhooks({ options, host, runner, queues })
  const feed: Feed = createFeed({ options, host, gate, console, webhooks })
  const parts: Parts = { options, host, port, gate, runner, console, runCommand }
  const reverse = createReverseWs(parts, { turn, limits: socket ?? defaultSocketLimits, account: queues?.of('socket') })
  if (options.adapters.includes('http')) mountHttp(listener, parts)
  if (options.adapters.includes('ws')) listener.onUpgrade(createUpgrader(parts))

  /** Every bot hears of it. */
  function runCommand(command: CommandRun): void {
    console.tell(command)
    for (const { bot } of host.bots()) feed.push(toEvent(command, bot, host))
  }

  return {
    name,
    dialect: 'mirai',
    start() {
      reverse.start()
      return Promise.resolve()
    },
    push: feed.push,
    addresses: () => describe(options, listener),
    stop() {
      reverse.stop()
      webhooks.stop()
      gate.sessions.close()
      return Promise.resolve()
    },
  }
}

/** Nobody typed it, so it has neither friend nor member: an event that only mah has. */
function toEvent({ name, args }: CommandRun, bot: UserId, host: InboundHost): BridgeEvent {
  const printed = printChain(args, { kind: 'friend', userId: bot }, printingFor({ host, bot }))
  return {
    type: 'raw',
    bot,
    time: nowSeconds(),
    dialect: 'mirai',
    name: 'CommandExecutedEvent',
    payload: { name, friend: null, member: null, args: printed },
  }
}

function describe({ adapters, reverse, webhooks }: MiraiInboundOptions, { address }: Mount): string[] {
  const lines = {
    http: [`http://${address}`],
    ws: [`ws://${address}`],
    'reverse-ws': reverse.map(({ url }) => `to ${withoutQuery(url)}`),
    webhook: webhooks.map(({ url }) => `to ${withoutQuery(url)}`),
  }
  return adapters.flatMap((adapter) => lines[adapter].map((line) => `mirai-api-http ${adapter}: ${line}`))
}

/** Queries may hold secrets. */
function withoutQuery(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
