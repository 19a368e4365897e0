// Routes of world control: acting, looking, watching, going back.
import { BridgeError } from '../core/error.ts'
import { parseJson } from '../core/json.ts'
import { readBody, type BodyLimits } from '../transport/body.ts'
import type { HttpApp, HttpContext } from '../transport/mount.ts'
import { act } from '../world/control/acts.ts'
import { readConversation } from '../world/control/conversation.ts'
import type { World } from '../world/index.ts'
import type { Streams } from './stream.ts'

type Worlds = ReadonlyMap<string, World>
type Serve = (c: HttpContext, world: World) => Response | Promise<Response>

export interface MountOptions {
  refuse: (c: HttpContext, thrown: unknown) => Response
  body: BodyLimits
  /** A change is acknowledged once it is kept. */
  durable: () => Promise<void>
  streams: Streams
}

export function mountWorld(app: HttpApp, worlds: Worlds, options: MountOptions): void {
  const { refuse, body, durable, streams } = options
  const route = (serve: Serve) => async (c: HttpContext) => {
    try {
      return await serve(c, worldOf(worlds, c.req.query('world')))
    } catch (thrown) {
      return refuse(c, thrown)
    }
  }
  app.get(
    '/world',
    route((c, world) => c.json(world.export())),
  )
  app.get(
    '/world/messages',
    route((c, world) => {
      const { world: _, ...query } = c.req.query()
      return c.json({ messages: readConversation(world, query) })
    }),
  )
  app.get(
    '/world/events',
    route((c, world) => streams.happenings(c, world)),
  )
  app.post(
    '/world/act',
    route(async (c, world) => {
      const answer = act(world, parseJson(await readBody(c.env, body)))
      await durable()
      return c.json(answer)
    }),
  )
  app.post(
    '/world/reset',
    route(async (c, world) => {
      world.reset()
      await durable()
      return c.json({})
    }),
  )
}

function worldOf(worlds: Worlds, name: string | undefined): World {
  const world = name === undefined ? worlds.values().next().value : worlds.get(name)
  if (world) return world
  const names = [...worlds.keys()].join(', ')
  throw new BridgeError(
    'notFound',
    names === '' ? 'no backend is an embedded world' : `no such world; there are: ${names}`,
  )
}
