// The version of this package, wherever it runs from: src or dist/src.
import { existsSync, readFileSync } from 'node:fs'

export function readVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    const url = new URL(place, import.meta.url)
    if (existsSync(url)) return (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version
  }
  return '0.0.0'
}
