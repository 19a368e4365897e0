// The bridge of the soak, in a process of its own. Prints its ports as one line of JSON, and for each line that it reads what
// is alive after a garbage collection. Argument: the data folder.
import { createInterface } from 'node:readline'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createBridge } from '../../src/bridge.ts'
import { accessToken, verifyKey } from '../support/bridge.ts'

const bridge = createBridge({
  data: process.argv[2] ?? '',
  backends: { far: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } },
  inbounds: {
    onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
    mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
  },
  log: { level: 'error' },
})
await bridge.start()
process.stdout.write(`${JSON.stringify(bridge.ports())}\n`)

const delay = monitorEventLoopDelay({ resolution: 20 })
delay.enable()
const lines = createInterface({ input: process.stdin })
lines.on('line', () => {
  const longestMs = Math.round(delay.max / 1e6)
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.stdout.write(`${JSON.stringify({ rss, heapUsed, external, longestMs })}\n`)
  delay.reset()
})
// Who watches it may die without a word.
const end = (): void => void bridge.stop().then(() => process.exit(0))
lines.once('close', end)
process.on('SIGTERM', end)
