// Builds the package, packs it, and looks at what came out as its users will: `npm run package`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { consumer } from './package-consumer.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  name: string
  version: string
  dependencies: Record<string, string>
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

function run(command: string, args: readonly string[], cwd = root): void {
  process.stdout.write(`${command} ${args.join(' ')}\n`)
  execFileSync(command, args, { cwd, stdio: 'inherit' })
}

function tool(name: string, ...args: string[]): void {
  run(join(root, 'node_modules/.bin', name), args)
}

/** Installed as a registry would do it, with nothing of the sources beside it. */
function consume(tarball: string, folder: string): void {
  const modules = join(folder, 'node_modules')
  const own = join(modules, manifest.name)
  mkdirSync(own, { recursive: true })
  run('tar', ['-xzf', tarball, '-C', own, '--strip-components=1'])
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', '@types/ws']) {
    mkdirSync(join(modules, name, '..'), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  for (const [name, text] of Object.entries(consumer)) writeFileSync(join(folder, name), text)
  run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], folder)
  run(process.execPath, ['consumer.ts'], folder)
  run(process.execPath, [join(own, 'dist/src/main.js'), '--version'], folder)
}

const folder = mkdtempSync(join(tmpdir(), 'package-'))
try {
  run(process.execPath, ['scripts/build.ts'])
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder])
  const tarball = join(folder, `${manifest.name}-${manifest.version}.tgz`)
  tool('publint', tarball, '--strict')
  tool('attw', tarball, '--profile', 'esm-only')
  consume(tarball, folder)
} finally {
  rmSync(folder, { recursive: true })
}
