// Texts of a configuration that stand for something else: `${NAME}` for an environment variable, `file:/path` for a secret.
import { readFileSync } from 'node:fs'

/** Only these may be read from files: elsewhere a text may begin with `file:` and mean it. */
const secretKeys = new Set(['accessToken', 'verifyKey', 'token', 'secret'])
/** Characters of a secret file; a longer one is some other file. */
const longest = 4096

export interface ValuesOptions {
  /** Of an environment variable. */
  variable: (name: string) => string | undefined
  /** One line for each that could not be had; it stays as it was. */
  problems: string[]
}

/** The same value with all texts filled in. */
export function fillIn(value: unknown, options: ValuesOptions, path: readonly string[] = []): unknown {
  if (typeof value === 'string') return fillText(value, options, path)
  if (Array.isArray(value)) return value.map((inner, at) => fillIn(inner, options, [...path, String(at)]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillIn(inner, options, [...path, key])] as const),
  )
}

function fillText(text: string, { variable, problems }: ValuesOptions, path: readonly string[]): string {
  const filled = text.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
    const value = variable(name)
    // A secret that is nothing opens a door; a backend may well want none.
    if (value || (value === '' && path[0] === 'backends')) return value
    problems.push(`${path.join('.')}: environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`)
    return whole
  })
  if (!filled.startsWith('file:') || !secretKeys.has(path.at(-1) ?? '')) return filled
  try {
    return readSecret(filled.slice('file:'.length))
  } catch (error) {
    problems.push(`${path.join('.')}: the secret file cannot be used: ${(error as Error).message}`)
    return filled
  }
}

/** Files that a configuration names and that are read with it: secrets, and filters of its routes. */
export function filesNamedBy(input: unknown, path: readonly string[] = []): string[] {
  if (typeof input === 'string') {
    const text = input.replaceAll(
      /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
      (whole, name: string) => process.env[name] ?? whole,
    )
    if (path[0] === 'routes' && path.at(-1) === 'filter') return [text]
    return text.startsWith('file:') && secretKeys.has(path.at(-1) ?? '') ? [text.slice('file:'.length)] : []
  }
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([key, inner]) => filesNamedBy(inner, [...path, key]))
}

/** Editors and `echo` leave a line end. */
function readSecret(file: string): string {
  const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  if (text === '') throw new Error(`${file} is empty`)
  if (text.length > longest || /[\r\n]/.test(text))
    throw new Error(`${file} holds more than one line of ${longest} characters`)
  return text
}
