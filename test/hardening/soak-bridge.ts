// The bridge of the soak, in a process of its own. Prints its ports as one line of JSON. Argument: the data folder.
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
process.on('SIGTERM', () => void bridge.stop().then(() => process.exit(0)))
