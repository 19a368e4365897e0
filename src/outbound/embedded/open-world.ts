// A world from its file, or as it was when the process ended.
import { createWorld, type World, type WorldFile, type WorldOptions, type WorldStore } from '../../world/index.ts'

/** A store that also knows by which file the world began. */
export interface KeptWorldStore extends WorldStore {
  origin(): string | undefined
  setAside(): string
}

/** A world file that is read when it is needed: a large one takes a second. */
export interface WorldSource {
  /** The same for the same content. */
  origin: string
  /** Throws for a faulty file. */
  read(): WorldFile
}

export interface OpenWorldOptions extends WorldOptions {
  file: WorldSource
  /** Absent: nothing is kept. */
  openStore?: ((origin: string) => KeptWorldStore) | undefined
  log: (level: 'info' | 'warn' | 'error', text: string) => void
}

/** The stored world wins over a file that was changed since; a reset goes to the file. */
export function openWorld({ file, openStore, log, ...options }: OpenWorldOptions): World {
  const { origin, read } = file
  const store = openStore?.(origin)
  if (!store) return createWorld(read(), options)
  const before = store.origin()
  // A world began with this very file, so it is in order.
  const world = create(before === origin ? read : read(), { ...options, store, log })
  if (before !== undefined && before !== origin && store.origin() === before) {
    log('warn', 'the world file was changed, the stored world is used all the same; POST /world/reset goes to the file')
  } else if (before !== undefined) log('info', 'the stored world goes on')
  return world
}

type Creating = WorldOptions & { store: KeptWorldStore; log: OpenWorldOptions['log'] }

function create(file: WorldFile | (() => WorldFile), { store, log, ...options }: Creating): World {
  try {
    return createWorld(file, { ...options, store })
  } catch (error) {
    const aside = store.setAside()
    log(
      'error',
      `the stored world cannot be read (${(error as Error).message}); it is kept as ${aside}, the file begins anew`,
    )
    return createWorld(file, { ...options, store })
  }
}
