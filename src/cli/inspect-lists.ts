// What the lists of actions in a configuration leave of what dialects and backends could do.
import type { Config } from '../config.ts'
import type { ActionName } from '../core/action.ts'
import { coverageOf } from '../route/access/coverage.ts'
import type { InspectRow } from '../translate/inspect.ts'

/** The same rows, those that a route from `from` to `to` forbids as refused, each with the place of the list. */
export function withLists(
  rows: readonly InspectRow[],
  { routes }: Config,
  [from, to]: readonly [string, string],
): InspectRow[] {
  const lists = routes.flatMap(({ from: inbounds, to: backends, actions }, at) =>
    actions && [inbounds].flat().includes(from) && [backends].flat().includes(to) ? [{ actions, at }] : [],
  )
  if (lists.length === 0) return [...rows]
  return rows.map((row) => {
    if (row.kind !== 'action' || row.fidelity === 'refused') return row
    const found = lists.map(({ actions, at }) => ({ at, left: coverageOf(actions, row.name as ActionName) }))
    const list = found.find(({ left }) => left === 'none') ?? found.find(({ left }) => left === 'part')
    if (list === undefined) return row
    const place = `routes.${list.at}.actions`
    if (list.left === 'none') return { ...row, fidelity: 'refused', reason: `forbidden by ${place}` }
    return { ...row, reason: [row.reason, `${place} forbids a part of it`].filter(Boolean).join('; ') }
  })
}
