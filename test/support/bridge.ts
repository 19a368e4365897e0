// A bridge on free loopback ports for end-to-end tests.
import { createBridge, type Bridge } from '../../src/bridge.ts'
import type { ConfigInput } from '../../src/config.ts'

export const verifyKey = 'verify-key-of-tests'
export const accessToken = 'access-token-of-tests'
export const adminToken = 'admin-token-of-tests'

export interface RunningBridge extends Bridge {
  miraiPort: number
  onebotPort: number
  adminPort: number
  [Symbol.asyncDispose](): Promise<void>
}

/** Default: the demo world behind both dialects. */
export async function startBridge(config: Partial<ConfigInput> = {}): Promise<RunningBridge> {
  const bridge = createBridge({
    backends: { world: { dialect: 'embedded' } },
    inbounds: {
      mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
      onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
    },
    admin: { listen: '127.0.0.1:0', token: adminToken },
    log: { level: 'silent' },
    ...config,
  })
  await bridge.start()
  const { mirai = 0, onebot = 0, admin = 0 } = bridge.ports()
  return {
    ...bridge,
    miraiPort: mirai,
    onebotPort: onebot,
    adminPort: admin,
    [Symbol.asyncDispose]: () => bridge.stop(),
  }
}

export { until } from './until.ts'
