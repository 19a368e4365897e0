// Regular expressions that take linear time whatever they are given: RE2's syntax, without look-around and back references.
import { RE2JS } from 're2js'

/** Whether the pattern occurs somewhere in a text. Throws what is wrong with it. */
export function compilePattern(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern)
  return (text) => compiled.test(text)
}

/** undefined: it can be compiled. */
export function faultIn(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
