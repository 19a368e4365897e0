// A terminal with a line being typed at its foot: what is printed goes above it, whatever its length.
import { clearScreenDown, moveCursor, type Interface } from 'node:readline'

export interface Screen {
  /** Prints above the line that is being typed, which stays as it is. */
  say(text: string): void
  /** Log lines of the process go the same way until this is called. */
  close(): void
}

export function createScreen(lines: Interface): Screen {
  const { stdout, stderr } = process
  const writers = [stdout, stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }))
  let own = false

  /** Readline's own writing passes; everything else is put above the prompt. */
  function above(write: (text: string) => unknown, text: string): boolean {
    own = true
    moveCursor(stdout, 0, -lines.getCursorPos().rows)
    stdout.write('\r')
    clearScreenDown(stdout)
    write(text.endsWith('\n') ? text : `${text}\n`)
    // Readline goes up by the rows that it drew last; they are gone.
    ;(lines as { prevRows?: number }).prevRows = 0
    lines.prompt(true)
    own = false
    return true
  }

  for (const { stream, write } of writers) {
    stream.write = ((chunk: string | Uint8Array, ...rest: []) =>
      own || !isLogLine(chunk) ? write(chunk, ...rest) : above(write, chunk)) as typeof stream.write
  }

  function close(): void {
    for (const { stream, write } of writers) stream.write = write
  }
  // A closed prompt cannot be drawn again.
  lines.once('close', close)

  return {
    say: (text) => void above(writers[0]?.write ?? (() => {}), printable(text)),
    close,
  }
}

/** Readline writes pieces; log lines end in a newline and hold more than that. */
function isLogLine(chunk: string | Uint8Array): chunk is string {
  return typeof chunk === 'string' && chunk.length > 2 && chunk.endsWith('\n')
}

/** Words of others must not move the cursor or change colours. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '\u{fffd}')
}
