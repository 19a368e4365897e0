// A bridge in a process of its own, to be killed. Prints its ports as one line of JSON. Argument: the data folder.
import { createBridge } from '../../src/bridge.ts'

const bridge = createBridge({
  data: process.argv[2] ?? '',
  backends: { lab: { dialect: 'embedded' } },
  inbounds: { onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'access-token-of-tests' } },
  admin: { listen: '127.0.0.1:0', token: 'admin-token-of-tests' },
  log: { level: 'silent' },
})
await bridge.start()
process.stdout.write(`${JSON.stringify(bridge.ports())}\n`)
