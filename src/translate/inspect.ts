// What becomes of each action, kind of content and event between a client of one dialect and a backend of another.
import { actionTable } from '../../mappings/actions.ts'
import { events } from '../../mappings/events.ts'
import { commands } from '../../mappings/mirai-commands.ts'
import { onebot11Actions, type OneBot11ActionRow } from '../../mappings/onebot11-actions.ts'
import { segments } from '../../mappings/segments.ts'
import type { Fidelity } from '../core/fidelity.ts'

export type ClientDialect = 'onebot11' | 'mirai'
export type BackendDialect = ClientDialect | 'embedded'

export interface InspectRow {
  /** `content in`: what the client sends. `content out`: what the client gets. */
  kind: 'action' | 'content in' | 'content out' | 'event'
  /** Canonical. */
  name: string
  /** How the client knows it. */
  names: readonly string[]
  fidelity: Fidelity
  reason?: string
}

interface Cell {
  names: readonly string[]
  fidelity: Fidelity
  reason?: string
}

interface ContentCell {
  type: string | null
  send: Fidelity
  event: Fidelity
  reason?: string
}

/** Only what the client has a name for, or the backend can bring. */
export function inspectPair(client: ClientDialect, backend: BackendDialect): InspectRow[] {
  return [...actionRows(client, backend), ...contentRows(client, backend), ...eventRows(client, backend)]
}

function actionRows(client: ClientDialect, backend: BackendDialect): InspectRow[] {
  const asked = namesOf(client)
  return Object.entries<Record<ClientDialect, Cell>>(actionTable).flatMap(([name, row]) => {
    const names = asked.get(name)
    if (!names) return []
    if (backend === 'embedded') return [{ kind: 'action', name, names, fidelity: 'exact' } as const]
    const { fidelity, reason } = row[backend]
    return [toRow({ kind: 'action', name, names, fidelity }, reason)]
  })
}

/** By which of its actions or commands a client asks for each canonical action. */
function namesOf(client: ClientDialect): Map<string, string[]> {
  const rows: readonly (readonly [string, string | undefined])[] =
    client === 'mirai'
      ? commands.map((row: { name: string; action?: string }) => [row.name, row.action] as const)
      : Object.entries<OneBot11ActionRow>(onebot11Actions).map(
          ([name, { to, ask }]) => [name, ask === undefined ? to : 'server.ask'] as const,
        )
  const found = new Map<string, string[]>()
  for (const [name, action] of rows) {
    if (action === undefined) continue
    const names = found.get(action) ?? []
    if (!names.includes(name)) names.push(name)
    found.set(action, names)
  }
  return found
}

function contentRows(client: ClientDialect, backend: BackendDialect): InspectRow[] {
  return Object.entries<Record<ClientDialect, ContentCell>>(segments).flatMap(([name, row]) => {
    const mine = row[client]
    const rows: InspectRow[] = []
    const names = mine.type === null ? [] : [mine.type]
    if (mine.type !== null) {
      const theirs = backend === 'embedded' ? undefined : row[backend]
      rows.push(toRow({ kind: 'content in', name, names, fidelity: theirs?.send ?? 'exact' }, theirs?.reason))
    }
    const comes = backend === 'embedded' || row[backend].type !== null
    if (comes) rows.push(toRow({ kind: 'content out', name, names, fidelity: mine.event }, mine.reason))
    return rows
  })
}

function eventRows(client: ClientDialect, backend: BackendDialect): InspectRow[] {
  return Object.entries<Record<ClientDialect, Cell>>(events).flatMap(([name, row]) => {
    if (backend !== 'embedded' && row[backend].names.length === 0) return []
    const { names, fidelity, reason } = row[client]
    // What has no form elsewhere is handed on within its dialect only.
    if (name === 'raw' && backend !== client) {
      return [{ kind: 'event', name, names, fidelity: 'dropped', reason: 'an event of another dialect' } as const]
    }
    return [toRow({ kind: 'event', name, names, fidelity }, reason)]
  })
}

/** A reason explains what is lost; rows that lose nothing need none. */
function toRow(row: Omit<InspectRow, 'reason'>, reason: string | undefined): InspectRow {
  return row.fidelity === 'exact' || reason === undefined ? row : { ...row, reason }
}
