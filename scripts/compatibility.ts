// Writes docs/compatibility.md from the mappings: `npm run docs`. A test fails when the file is older than the mappings.
import { writeFileSync } from 'node:fs'
import { actionTable } from '../mappings/actions.ts'
import { events } from '../mappings/events.ts'
import { commands } from '../mappings/mirai-commands.ts'
import { onebot11Actions } from '../mappings/onebot11-actions.ts'
import { segments } from '../mappings/segments.ts'
import type { Fidelity } from '../src/core/fidelity.ts'

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

function level({ fidelity, reason }: Pick<Cell, 'fidelity' | 'reason'>): string {
  return reason ? `${fidelity}: ${reason}` : fidelity
}

function actionRows(): string[][] {
  return Object.entries(actionTable).map(([name, { onebot11, mirai }]: [string, { onebot11: Cell; mirai: Cell }]) => [
    `\`${name}\``,
    code(oneBotNames(name)),
    code(miraiNames(name)),
    level(onebot11),
    level(mirai),
  ])
}

/** Names by which clients of a dialect ask for a canonical action. */
function oneBotNames(action: string): string[] {
  const rows = Object.entries(onebot11Actions) as [string, { to?: string }][]
  return rows.filter(([, row]) => row.to === action).map(([name]) => name)
}

function miraiNames(action: string): string[] {
  const rows = commands as readonly { name: string; action?: string }[]
  return [...new Set(rows.filter((row) => row.action === action).map((row) => row.name))]
}

export function printCompatibility(): string {
  const actions = table(
    ['action', 'OneBot clients ask by', 'mah clients ask by', 'OneBot backend', 'mah backend'],
    actionRows(),
  )
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
dropped: left out. refused: the call fails. Whatever is not exact leaves a trace. The embedded core does every action exactly.

## Actions

${actions}

## Events

${events11}

## Message content

${content}
`
}

if (import.meta.main) writeFileSync(new URL('../docs/compatibility.md', import.meta.url), printCompatibility())
