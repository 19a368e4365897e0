// Writes docs/compatibility.md from the mappings: `npm run docs`. A test fails when the file is older than the mappings.
import { writeFileSync } from 'node:fs'
import { actionTable } from '../mappings/actions.ts'
import { events } from '../mappings/events.ts'
import { commands, type CommandRow } from '../mappings/mirai-commands.ts'
import { onebot11Actions, type OneBot11ActionRow } from '../mappings/onebot11-actions.ts'
import { chainElements, segments } from '../mappings/segments.ts'
import type { ActionName } from '../src/core/action.ts'
import type { Fidelity } from '../src/core/fidelity.ts'
import type { Capabilities } from '../src/core/ports.ts'
import type { SegmentType } from '../src/core/segment.ts'
import { embeddedCapabilities } from '../src/outbound/embedded/capabilities.ts'
import { answeredFromState } from '../src/outbound/embedded/server.ts'

interface Cell {
  names: readonly string[]
  fidelity: Fidelity
  reason?: string
}

function code(names: readonly string[]): string {
  return names.length === 0 ? '-' : names.map((name) => `\`${name}\``).join(' ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function level({ fidelity, reason }: { fidelity: Fidelity; reason?: string }): string {
  return reason ? `${fidelity}: ${reason}` : fidelity
}

type Backends = readonly [embedded: string, onebot11: string, mirai: string]

const byBridge: Backends = ['exact: by the bridge', 'exact: by the bridge', 'exact: by the bridge']

/** How well each kind of backend does a canonical action. `ask`: what is asked of Tencent's servers. */
function backends(action: ActionName, ask?: string): Backends {
  const { onebot11, mirai }: { onebot11: Cell; mirai: Cell } = actionTable[action]
  const limits: Capabilities['actions'] = embeddedCapabilities.actions
  const limit = ask !== undefined && answeredFromState.has(ask) ? undefined : limits[action]
  return [limit ? level(limit) : 'exact', level(onebot11), level(mirai)]
}

/** Names that are passed on as they are, or have no counterpart anywhere else. */
const passedOn: Backends = [
  level(embeddedCapabilities.actions.raw),
  'exact: passed on as it is',
  'refused: mah has nothing like it',
]

/** The placeholder is an unknown name in its implementation, too; a cache has only another implementation. */
const special = new Map<string, Backends>([
  ['unknown', ['refused: a placeholder', 'refused: a placeholder', 'refused: a placeholder']],
  ['download_file', byBridge],
  ['clean_cache', ['refused: it has no cache', 'exact: passed on as it is', 'refused: it has no cache']],
])

function oneBotRows(): string[][] {
  const rows = Object.entries<OneBot11ActionRow>(onebot11Actions)
  return rows.map(([name, { to, ask, local, otherwise, mirai: own }]) => {
    const [embedded, onebot11, general] = special.get(name) ?? (local ? byBridge : to ? backends(to, ask) : passedOn)
    const mirai = own ? level(own) : otherwise === undefined ? general : 'lossy: answered as empty'
    const cells = [embedded, onebot11, mirai]
    return [code([name]), to ? `${code([to])}${ask ? ` ${ask}` : ''}` : '-', ...cells]
  })
}

const refusedByBridge = 'refused: bots have no other clients here'

function miraiRows(): string[][] {
  return (commands as readonly CommandRow[]).map(({ name, sub, action }) => {
    const none = name === 'sendOtherClientMessage' ? [refusedByBridge, refusedByBridge, refusedByBridge] : byBridge
    return [
      `${code([name])}${sub ? ` ${sub}` : ''}`,
      action ? code([action]) : '-',
      ...(action ? backends(action) : none),
    ]
  })
}

/** What mirai clients send and get, element by element. */
function elementRows(): string[][] {
  return Object.entries<{ content?: SegmentType; note?: string }>(chainElements).map(([element, { content, note }]) => {
    const row = content && segments[content]
    const cells = row ? ['exact', row.onebot11.send, row.mirai.send, row.mirai.event] : ['-', '-', '-', '-']
    return [code([element]), content ? code([content]) : '-', ...cells, note ?? '']
  })
}

export function printCompatibility(): string {
  const head = ['means', 'embedded', 'OneBot backend', 'mah backend']
  const events11 = table(
    ['event', 'OneBot', 'for OneBot clients', 'mah', 'for mah clients'],
    Object.entries(events).map(([name, { onebot11, mirai }]: [string, { onebot11: Cell; mirai: Cell }]) => [
      `\`${name}\``,
      code(onebot11.names),
      level(onebot11),
      code(mirai.names),
      level(mirai),
    ]),
  )
  const content = table(
    ['content', 'OneBot', 'to a OneBot backend', 'mah', 'to a mah backend', 'to a mah client'],
    Object.entries(segments).map(([name, { onebot11, mirai }]) => [
      `\`${name}\``,
      code(onebot11.type === null ? [] : [onebot11.type]),
      onebot11.send,
      code(mirai.type === null ? [] : [mirai.type]),
      mirai.send,
      'reason' in mirai ? `${mirai.event}: ${mirai.reason}` : mirai.event,
    ]),
  )
  return `# Compatibility

Generated from \`mappings/\` by \`npm run docs\`. exact: nothing is lost. lossy: some fields are lost. asText: shown as text.
dropped: left out. refused: the call fails. Whatever is not exact leaves a trace.

A call that means the same in both dialects becomes one canonical action, so each client reaches each backend. What an
implementation of OneBot lacks, its own capabilities say beyond this.

Where client and backend both speak OneBot 11, whatever the bridge has no place for passes as it is: actions, parameters,
members of answers and around them, of forward nodes, segments, senders and events. Ids of messages and requests are the
bridge's own on both sides, media have its handles; answers that come in pieces (\`download_file_stream\`) come in pieces.

## What OneBot clients call

${table(['action', ...head], oneBotRows())}

## What mah clients call

${table(['command', ...head], miraiRows())}

## Events

${events11}

## Message content

${content}

## Message chains

What stands in them, and what becomes of it on the way to each kind of backend and to a mah client.

${table(['element', 'content', 'to the embedded core', 'to a OneBot backend', 'to a mah backend', 'to a mah client', ''], elementRows())}
`
}

if (import.meta.main) writeFileSync(new URL('../docs/compatibility.md', import.meta.url), printCompatibility())
