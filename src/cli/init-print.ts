// A configuration as the text of a file.
import type { ConfigInput } from '../config.ts'

/** For editors; of no weight when the package is somewhere else. */
const schemaPath = './node_modules/onebot-mirai-bridge/schemas/config.schema.json'

export function printConfig(config: ConfigInput, file: string): string {
  if (file.endsWith('.json')) return `${JSON.stringify({ $schema: schemaPath, ...config }, null, 2)}\n`
  if (/\.ya?ml$/.test(file)) {
    return `# yaml-language-server: $schema=${schemaPath}\n# Configuration of onebot-mirai-bridge\n${printYaml(config, '')}`
  }
  return `// Configuration of onebot-mirai-bridge.
import type { ConfigInput } from 'onebot-mirai-bridge'

export default ${printLiteral(config, '')} satisfies ConfigInput
`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function printLiteral(value: unknown, indent: string): string {
  const inner = `${indent}  `
  if (typeof value === 'string') return printText(value)
  if (Array.isArray(value)) return `[${value.map((one) => printLiteral(one, inner)).join(', ')}]`
  if (!isRecord(value)) return String(value)
  const lines = Object.entries(value).map(([key, one]) => `${inner}${key}: ${printLiteral(one, inner)},\n`)
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`
}

/** Single quotes, and nothing that could end them. */
function printText(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Texts are written as JSON, which YAML reads the same. */
function printYaml(value: Readonly<object>, indent: string): string {
  return Object.entries(value)
    .map(([key, one]: [string, unknown]) => {
      if (isRecord(one))
        return `${indent}${key}:${Object.keys(one).length === 0 ? ' {}\n' : `\n${printYaml(one, `${indent}  `)}`}`
      return `${indent}${key}: ${JSON.stringify(one)}\n`
    })
    .join('')
}
