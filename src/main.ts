#!/usr/bin/env node
// The command line starts here.
import { run } from './cli/index.ts'

await run(process.argv)
