#!/usr/bin/env node
// The command line starts here. Nothing is imported before the version is known to be enough.
import module from 'node:module'
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`onebot-mirai-bridge needs Node 22.18 or newer, this is ${process.versions.node}.\n`)
  process.exitCode = 1
} else {
  // A third of the start-up time is compiling; the second start finds it done.
  module.enableCompileCache()
  const { run } = await import('./cli/index.ts')
  await run(process.argv)
}
