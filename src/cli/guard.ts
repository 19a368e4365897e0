// Runs a command and turns what went wrong into words and an exit code.
// 0: ended as asked; 1: could not go on; 2: the configuration is not acceptable; 70: a defect; 130: ended by a second signal.
import { ConfigError } from '../config.ts'
import { BridgeError } from '../core/error.ts'

/** What a person did wrong on the command line, or what the world refused: said without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError'
}

/** `task` may give the exit code. */
export async function guard(task: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await task()) ?? process.exitCode ?? 0
  } catch (error) {
    process.exitCode = report(error)
    // Whatever was opened before the failure must not keep the process alive.
    setImmediate(() => process.exit())
  }
}

function report(error: unknown): number {
  process.stderr.write(describeFailure(error))
  if (error instanceof ConfigError) return 2
  return isExpected(error) ? 1 : 70
}

function isExpected(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException
  return error instanceof CliError || error instanceof BridgeError || portErrors.includes(code)
}

const portErrors = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL']

/** In words, without a stack unless it is a defect. Ends with a line end. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError) {
    return `The ${error.what} cannot be used:\n${error.problems.map((line) => `  ${line}\n`).join('')}`
  }
  if (error instanceof CliError) return `${error.message}\n`
  if (error instanceof BridgeError) return `${error.kind}: ${error.message}\n`
  const { code = '', address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is in use by another program. Stop that program or choose another port: --mirai-port, --onebot-port, --admin-port, or listen in the configuration.\n`
  }
  if (portErrors.includes(code) && port !== undefined) return `Cannot listen on ${address}:${port} (${code}).\n`
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}
