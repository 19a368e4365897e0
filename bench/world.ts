// A large world that was kept starts again, and answers; each start is a process of its own. A part of `npm run bench`, and
// alone `npm run bench:world`.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bridge } from '../src/bridge.ts'
import type { UserId } from '../src/core/ids.ts'
import type { WorldFileInput } from '../src/world/index.ts'

const smoke = process.argv.includes('--smoke')
const size = smoke
  ? { groups: 20, members: 100, messages: 10_000 }
  : { groups: 500, members: 1000, messages: 1_000_000 }
const bot = 10001 as UserId
const bigGroup = 40001
const bigMembers = 5000
const people = 20_000
const started = performance.now()

function toFile(): WorldFileInput {
  const accounts = Array.from({ length: people }, (_, at) => ({ id: 100_000 + at, nickname: `person ${at}` }))
  const toMembers = (count: number, from: number) => [
    { id: bot, role: 'owner' as const },
    ...Array.from({ length: count - 1 }, (_, at) => ({ id: 100_000 + ((from + at) % people), card: `card ${at}` })),
  ]
  const groups = Array.from({ length: size.groups }, (_, at) => ({
    id: 30_001 + at,
    name: `group ${at}`,
    members: toMembers(size.members, at * 37),
  }))
  return {
    accounts: [{ id: bot, bot: true, nickname: 'bot' }, ...accounts],
    groups: [...groups, { id: bigGroup, name: 'big', maxMemberCount: bigMembers, members: toMembers(bigMembers, 0) }],
  }
}

/** The file, and a stored world that began with it and in which much was said. */
async function prepare(folder: string): Promise<void> {
  const { createBridge } = await import('../src/bridge.ts')
  const { createState } = await import('../src/state/index.ts')
  const { freeze } = await import('../src/world/freeze.ts')
  const { freezeMessages } = await import('../src/world/freeze-messages.ts')
  writeFileSync(join(folder, 'world.json'), JSON.stringify(toFile()))
  const bridge = createBridge(toConfig(folder))
  await bridge.start()
  const world = bridge.world()
  const lines = [...freeze({ ...world.state, nextMessageId: size.messages + 1 })]
  await bridge.stop()
  const state = createState({ folder })
  state.openWorldStore?.('world', '').compact(lines, freezeMessages(said()))
  state.close()
}

/** One message in each group after the other. */
function* said() {
  const time = Math.floor(Date.now() / 1000) - 86_400
  for (let at = 0; at < size.messages; at++) {
    const groupAt = at % size.groups
    const senderId = (100_000 + ((groupAt * 37 + (at % (size.members - 1))) % people)) as UserId
    yield {
      id: at + 1,
      chat: { kind: 'group' as const, groupId: (30_001 + groupAt) as never },
      seq: Math.floor(at / size.groups) + 1,
      time: time + Math.floor(at / 20),
      senderId,
      device: 'client' as const,
      segments: [{ type: 'text' as const, text: `message ${at} of some people, as long as most messages are` }],
    }
  }
}

function toConfig(folder: string) {
  return {
    data: folder,
    backends: { world: { dialect: 'embedded' as const, world: join(folder, 'world.json') } },
    inbounds: {
      bots: { dialect: 'onebot11' as const, listen: '127.0.0.1:0', accessToken: 'a-token-for-measuring' },
    },
    log: { level: 'error' as const },
  }
}

/** What a start said, the median one when this is forked. */
export interface Figures {
  startMs: number
  /** Of all threads, until it had started. */
  startCpuMs: number
  peakMiB: number
  messages: number
  membersMs: number
  membersOverHttpMs: number
  historyMs: number
}

async function measure(folder: string): Promise<Figures> {
  const { createBridge } = await import('../src/bridge.ts')
  const bridge = createBridge(toConfig(folder))
  await bridge.start()
  const startMs = performance.now() - started
  const cpu = process.cpuUsage()
  const startCpuMs = (cpu.user + cpu.system) / 1000
  const membersMs = await medianMs(() =>
    bridge.call(bot, { name: 'group.member.list', params: { groupId: bigGroup as never } }),
  )
  const agent = new Agent({ keepAlive: true })
  const membersOverHttpMs = await medianMs(() => askMembers(bridge, agent))
  agent.destroy()
  const historyMs = await medianMs(() =>
    bridge.call(bot, {
      name: 'message.history',
      params: { peer: { kind: 'group', groupId: 30_001 as never }, count: 20 },
    }),
  )
  const peakMiB = process.resourceUsage().maxRSS / 1024
  const messages = bridge.world().state.messages.size
  await bridge.stop()
  return { startMs, startCpuMs, peakMiB, messages, membersMs, membersOverHttpMs, historyMs }
}

/** The client counts bytes only: it shares the process with what is measured. */
async function askMembers(bridge: Bridge, agent: Agent): Promise<void> {
  const asked = request(`http://127.0.0.1:${bridge.ports()['bots']}/get_group_member_list`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-for-measuring' },
  })
  asked.end(JSON.stringify({ group_id: bigGroup }))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let bytes = 0
  response.on('data', (part: Buffer) => (bytes += part.length))
  await once(response, 'end')
  if (bytes < bigMembers * 200) throw new Error(`${bytes} bytes are too few for ${bigMembers} members`)
}

async function medianMs(task: () => Promise<unknown>): Promise<number> {
  const all: number[] = []
  for (let round = 0; round < 15; round++) {
    const before = performance.now()
    await task()
    all.push(performance.now() - before)
  }
  return all.toSorted((one, other) => one - other)[7] ?? 0
}

async function inProcess(role: string, folder: string): Promise<unknown> {
  const child = fork(fileURLToPath(import.meta.url), [role, folder, ...(smoke ? ['--smoke'] : [])])
  let answer: unknown
  child.on('message', (message) => (answer = message))
  const [code] = (await once(child, 'exit')) as [number]
  if (code !== 0) throw new Error(`${role} ended with ${code}`)
  return answer
}

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-world-'))
  try {
    await inProcess('prepare', folder)
    const print = (line: string): void => void process.stdout.write(`${line}\n`)
    print(`${size.groups} groups of ${size.members}, ${size.messages} messages`)
    print(`world file ${mibOf(join(folder, 'world.json'))} MiB`)
    const all: Figures[] = []
    for (let round = 0; round < (smoke ? 1 : 3); round++) {
      const figures = (await inProcess('measure', folder)) as Figures
      all.push(figures)
      print(
        JSON.stringify(figures, (_, value: unknown) =>
          typeof value === 'number' ? Math.round(value * 10) / 10 : value,
        ),
      )
    }
    process.send?.(all.toSorted((one, other) => one.startMs - other.startMs)[Math.floor(all.length / 2)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function mibOf(path: string): string {
  return (statSync(path).size / 1024 / 1024).toFixed(0)
}

const [, , role, folder = ''] = process.argv
if (role === 'prepare') await prepare(folder)
else if (role === 'measure') process.send?.(await measure(folder))
else await run()
