// Which of the mounts of a port a request is for. The longest path wins; of equal paths the one with a host name.
// Those of the very same place share it: their routes are tried in order.
import type { HttpApp, HttpContext, MountOptions, Place, Upgrader } from './mount.ts'
import { createHttpApp } from './mount.ts'
import type { ShortWay } from './short-way.ts'
import { checkBrowser, corsHeaders, type BrowserPolicy } from './browser.ts'

export interface Mounted {
  options: MountOptions
  app: HttpApp
  upgraders: readonly Upgrader[]
  shortWay: ShortWay | undefined
}

/** One place and everything that shares it. */
export interface Group extends Place {
  path: string
  mounted: readonly Mounted[]
  browser: BrowserPolicy
  fetch: HttpApp['fetch']
}

export interface PlacesOptions {
  /** Asked when the places change, and by `refresh`. */
  browser: () => Pick<BrowserPolicy, 'origins' | 'hosts'>
  onError: (error: unknown) => void
}

export interface Places {
  add(mounted: Mounted): void
  remove(mounted: Mounted): void
  /** `path` without a query. */
  find(host: string, path: string): Group | undefined
  refresh(): void
}

export function createPlaces(options: PlacesOptions): Places {
  const all: Mounted[] = []
  let groups: Group[] | undefined

  function build(): Group[] {
    const places = new Map<string, Mounted[]>()
    for (const mounted of all.toSorted((one, other) => rankOf(one) - rankOf(other))) {
      const { host = '', path = '' } = mounted.options
      const key = `${host}${path || '/'}`
      places.set(key, [...(places.get(key) ?? []), mounted])
    }
    const isGuarded = all.every(({ options: { secretRequired = true } }) => secretRequired)
    return [...places.values()]
      .map((mounted) => toGroup(mounted, isGuarded))
      .toSorted((one, other) => other.path.length - one.path.length || Number(!one.host) - Number(!other.host))
  }

  function toGroup(mounted: readonly Mounted[], isGuarded: boolean): Group {
    const { host, path = '' } = mounted[0]?.options ?? {}
    const { origins, hosts } = options.browser()
    const secretRequired = mounted.every(({ options: { secretRequired: own = isGuarded } }) => own)
    const browser = { origins, hosts: host === undefined ? hosts : [...hosts, host], secretRequired }
    return { host, path, mounted, browser, fetch: compile(mounted, browser, options.onError) }
  }

  return {
    add(mounted) {
      all.push(mounted)
      groups = undefined
    },
    remove(mounted) {
      all.splice(all.indexOf(mounted), 1)
      groups = undefined
    },
    refresh() {
      groups = undefined
    },
    // Routes are given until the first request.
    find(host, path) {
      groups ??= build()
      return groups.find((group) => isIn(group, host, path))
    },
  }
}

function rankOf({ options }: Mounted): number {
  return options.rank ?? 0
}

function isIn(group: Group, host: string, path: string): boolean {
  if (group.host !== undefined && group.host !== host) return false
  return group.path === '' || (path.startsWith(group.path) && (path[group.path.length] ?? '/') === '/')
}

function compile(
  mounted: readonly Mounted[],
  policy: BrowserPolicy,
  onError: (error: unknown) => void,
): HttpApp['fetch'] {
  const app = createHttpApp()
  app.use('*', guardBrowser(policy))
  // Whoever mounts routes answers his own failures; this is for those that got past him.
  app.onError((error, c) => {
    onError(error)
    return c.body(null, 503)
  })
  for (const { options, app: own } of mounted) app.route(options.wholePath ? '/' : options.path || '/', own)
  return app.fetch
}

function guardBrowser(policy: BrowserPolicy) {
  return async (c: HttpContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const headers = c.env.incoming.headers
    const refusal = checkBrowser(headers, policy)
    if (refusal) return c.json({ error: refusal }, 403)
    const cors = headers.origin === undefined ? undefined : corsHeaders(headers, policy)
    if (cors && c.req.method === 'OPTIONS') return c.body(null, 204, cors)
    await next()
    if (cors) for (const [name, value] of Object.entries(cors)) c.res.headers.set(name, value)
    return undefined
  }
}
