// `npm run build`: declarations by tsc, programs by rolldown. The four hundred modules of src and mappings become a few files:
// finding and linking modules was two thirds of the time to start. `--programs`: without declarations.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = join(root, 'dist')
const entries = ['main', 'index', 'testing', 'convert', 'world/index']

rmSync(out, { recursive: true, force: true })
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((name) => [name, join('src', `${name}.ts`)])),
  platform: 'node',
  // Dependencies stay what they are: users update them without us.
  external: /^[^./]/,
})
await bundle.write({
  dir: join(out, 'src'),
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()
if (!process.argv.includes('--programs')) {
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
}
