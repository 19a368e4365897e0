// What the rest of the program, and library users, take from the world.
export { demoWorld } from './demo-world.ts'
export { toEvents, type WorldEvent } from './events.ts'
export { friend, group, temp } from './target.ts'
export { createWorld, type World, type WorldOptions } from './world.ts'
export { parseWorld, type WorldFile, type WorldFileInput } from './world-file.ts'
export type { Actor } from './actor.ts'
export type { Happening, HappeningType } from './happening.ts'
export type { WorldHost } from './world-host.ts'
