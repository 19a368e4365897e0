// The bridge in front of a benchmark's backend, with validation, traces and ids on disk as by default.
// argv: address of the backend, dialect of the backend.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBridge } from '../src/index.ts'
import { bot, verifyKey } from './facts.ts'
import { reportUsage } from './subject.ts'

const [, , address = '', dialect = 'onebot11'] = process.argv
const data = mkdtempSync(join(tmpdir(), 'bridge-bench-'))
process.on('exit', () => rmSync(data, { recursive: true, force: true }))
process.on('SIGTERM', () => process.exit(0))

const bridge = createBridge({
  data,
  backends: {
    bench:
      dialect === 'mirai'
        ? { dialect: 'mirai', ws: address, verifyKey, bots: [bot] }
        : { dialect: 'onebot11', ws: address },
  },
  inbounds: {
    mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
    onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: verifyKey },
  },
  log: { level: 'error' },
})
await bridge.start()
const { mirai: port, onebot } = bridge.ports() as { mirai: number; onebot: number }
const timer = setInterval(() => {
  if (!bridge.bots().some((one) => one.online)) return
  clearInterval(timer)
  process.send?.({ port, onebot })
}, 2)
reportUsage()
