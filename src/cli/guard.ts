// Runs a command and turns what went wrong into words and an exit code.
// 0: ended as asked; 1: could not go on; 2: the configuration is not acceptable; 70: a defect.
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
  if (error instanceof ConfigError) {
    process.stderr.write(`The configuration cannot be used:\n${error.problems.map((line) => `  ${line}\n`).join('')}`)
    return 2
  }
  if (error instanceof CliError || error instanceof BridgeError) {
    const kind = error instanceof BridgeError ? `${error.kind}: ` : ''
    process.stderr.write(`${kind}${error.message}\n`)
    return 1
  }
  const failure = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (failure.code === 'EADDRINUSE') {
    process.stderr.write(
      `Port ${failure.port} on ${failure.address} is in use by another program. Stop that program or choose another port: --mirai-port, --onebot-port, --admin-port, or listen in the configuration.\n`,
    )
    return 1
  }
  if (failure.code === 'EACCES' || failure.code === 'EADDRNOTAVAIL') {
    process.stderr.write(`Cannot listen on ${failure.address}:${failure.port} (${failure.code}).\n`)
    return 1
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 70
}
