// What a world can do, as data: everything that has a canonical form, but what only Tencent's servers know.
import type { Capabilities } from '../../core/ports.ts'

export const embeddedCapabilities = {
  implementation: 'embedded',
  version: '1.0.0',
  mediaByHandle: true,
  segments: {},
  actions: {
    raw: { fidelity: 'refused', reason: 'the embedded world speaks no dialect, so it takes canonical actions only' },
    'server.ask': { fidelity: 'lossy', reason: 'only what the world file answers' },
  },
} as const satisfies Capabilities
