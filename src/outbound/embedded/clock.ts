// The clock of a world in the unit of its times.
import type { World } from '../../world/index.ts'

/** Unix seconds. */
export function secondsOf(world: World): number {
  return Math.floor(world.now() / 1000)
}
