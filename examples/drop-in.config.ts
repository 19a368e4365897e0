// Drop-in for mirai-api-http: bots written for mirai, unchanged, on a OneBot 11 implementation. docs/drop-in.md tells more.
// In a project of your own, import from 'onebot-mirai-bridge' instead.
import { defineConfig, env } from '../src/index.ts'

export default defineConfig({
  // Message ids that bots have seen stay good across restarts.
  data: env('BRIDGE_DATA', './data'),
  backends: {
    // NapCat, LuckyLilliaBot, Lagrange or go-cqhttp with its WebSocket server.
    napcat: {
      dialect: 'onebot11',
      ws: env('NAPCAT_URL', 'ws://127.0.0.1:3001'),
      accessToken: env('NAPCAT_TOKEN', ''),
    },
  },
  inbounds: {
    // Where mirai-api-http was: HTTP, WebSocket and uploads on one port, with the verifyKey that the bots have.
    mirai: {
      dialect: 'mirai',
      listen: `127.0.0.1:${env('MIRAI_PORT', '8080')}`,
      verifyKey: env('MIRAI_VERIFY_KEY'),
    },
  },
})
