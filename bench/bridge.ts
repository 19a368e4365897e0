// The bridge in front of the benchmark's backend, with validation, ids and traces as by default.
import { createBridge } from '../src/index.ts'
import { reportCpu } from './subject.ts'

const bridge = createBridge({
  backends: { bench: { dialect: 'onebot11', ws: process.argv[2] as string } },
  inbounds: {
    mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey: 'benchmark-key' },
  },
  log: { level: 'warn' },
})
await bridge.start()
const port = bridge.ports()['mirai'] as number
const timer = setInterval(() => {
  if (!bridge.bots().some((bot) => bot.online)) return
  clearInterval(timer)
  process.send?.({ port })
}, 5)
reportCpu()
