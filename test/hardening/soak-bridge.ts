// The bridge of the soak, in a process of its own. Tells what it used and what is alive after a garbage collection.
import { createBridge, type Bridge } from '../../src/bridge.ts'
import { accessToken, verifyKey } from '../support/bridge.ts'
import { startProfile } from './soak-profile.ts'
import { serveOrders, watchUsage, type Usage } from './soak-process.ts'

export interface BridgeReport extends Usage {
  /** Bytes. */
  rss: number
  /** Bytes of what is alive, outside of the heap too. */
  live: number
  /** Sockets, timers, files. */
  handles: number
}

let bridge: Bridge | undefined
let profile: { end(): Promise<void> } | undefined
const usage = watchUsage()

serveOrders(
  {
    async start({ folder, profileTo }: { folder: string; profileTo?: string | undefined }) {
      bridge = createBridge({
        data: folder,
        backends: { far: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken } },
        inbounds: {
          onebot: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken },
          mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey },
        },
        log: { level: 'error' },
      })
      await bridge.start()
      if (profileTo !== undefined) profile = await startProfile(profileTo)
      const { onebot = 0, mirai = 0, 'backends.far': far = 0 } = bridge.ports()
      return { onebot, mirai, far }
    },
    report(): BridgeReport {
      const used = usage()
      globalThis.gc?.()
      const { rss, heapUsed, external } = process.memoryUsage()
      // The collection is this report's, not the bridge's.
      usage()
      return { ...used, rss, live: heapUsed + external, handles: process.getActiveResourcesInfo().length }
    },
    endProfile: async () => profile?.end(),
  },
  async () => bridge?.stop(),
)
