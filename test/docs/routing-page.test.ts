// The examples of docs/routing.md: each route is one that a bridge takes, as it stands.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { actionGroups } from '../../mappings/action-groups.ts'
import { readConfigFile } from '../../src/cli/config-file.ts'
import { parseConfig } from '../../src/config.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/routing.md', import.meta.url)), 'utf8')

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text)
}

const head = `
backends: { napcat: { dialect: onebot11, ws: 'ws://127.0.0.1:1' } }
inbounds: { bots: { dialect: onebot11 } }
routes:
`

test.each(blocks('yaml'))('%s', async (text) => {
  const folder = mkdtempSync(join(tmpdir(), 'routing-'))
  try {
    const [filter = ''] = blocks('json')
    writeFileSync(join(folder, 'filter.json'), filter)
    const file = join(folder, 'config.yaml')
    writeFileSync(file, head + text.replace('./filter.json', join(folder, 'filter.json')))
    const { routes } = parseConfig(await readConfigFile(file))
    expect(routes).toMatchObject([{ from: 'bots', to: 'napcat' }])
    expect(Object.keys(routes[0] ?? {}).length).toBeGreaterThan(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('every group of actions is explained', () => {
  const explained = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  expect(Object.keys(actionGroups).filter((name) => !explained.includes(name))).toEqual([])
})
