// What an upgrade request says of its client.
import type { UpgradeRequest } from '../../transport/mount.ts'

/** Headers win over the query. A name that comes twice counts as absent. */
export function credential({ headers, query }: UpgradeRequest, name: string): string | undefined {
  const header = headers[name.toLowerCase()]
  if (typeof header === 'string' && header !== '') return header
  const [value, ...more] = query.getAll(name)
  return value === '' || more.length > 0 ? undefined : value
}
