// How a bot process talks with its test: {ready}, {event} and {result} or {error} go up, calls come down.

interface Call {
  id: number
  method: string
  args: unknown[]
}

/** A method of a bot; its arguments are the test's. */
export type Methods = Record<string, (...args: never[]) => unknown>

export interface Connection {
  port: number
  verifyKey: string
  accessToken: string
  qq: number
  /** Which of the ways that the client offers. */
  mode: string
}

/** What the test gave on the command line. */
export const connection = JSON.parse(process.argv[2] ?? '{}') as Connection

export function tell(event: unknown): void {
  process.send?.({ event })
}

/** Tells that the bot is there, and answers calls from then on. */
export function serve(methods: Methods): void {
  process.on('message', (call: Call) => void answer(methods, call))
  process.send?.({ ready: true })
}

/** Names of what can be called on an object, its own and its classes'. */
export function methodsOf(object: object): string[] {
  const names = new Set<string>()
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (name !== 'constructor' && typeof (object as Record<string, unknown>)[name] === 'function') names.add(name)
    }
  }
  return [...names]
}

/** A call that leads nowhere in time has failed as well. */
export async function callOn(object: object, name: string, args: readonly unknown[]): Promise<unknown> {
  const call = (object as Record<string, unknown>)[name]
  if (typeof call !== 'function') throw new Error(`there is no ${name}`)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), 5000)
  })
  try {
    return await Promise.race([Reflect.apply(call, object, args) as unknown, late])
  } finally {
    clearTimeout(timer)
  }
}

// A test that is gone has no use for its bot.
process.on('disconnect', () => process.exit())

async function answer(methods: Methods, { id, method, args }: Call): Promise<void> {
  try {
    const run = methods[method]
    if (!run) throw new Error(`this client has no ${method}`)
    process.send?.({ result: await run(...(args as never[])), id })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : error, id })
  }
}
