// A working example: `npm start -- --config bridge.config.ts`. It is plain data; JSON and YAML files of the same shape work too.
// In a project of your own, import from 'onebot-mirai-bridge' instead.
import { defineConfig, env } from './src/index.ts'

export default defineConfig({
  // Message ids, requests and media are kept here. Without it they are lost at the end.
  data: './data',

  // What has the accounts. Several at once; each keeps trying when its server is away.
  backends: {
    // A OneBot 11 implementation that we dial: NapCat, LuckyLilliaBot, Lagrange, go-cqhttp.
    napcat: { dialect: 'onebot11', ws: 'ws://127.0.0.1:3001', accessToken: env('NAPCAT_TOKEN', '') },
    // One that dials us (reverse WebSocket): enter ws://127.0.0.1:9002 in its settings.
    // lagrange: { dialect: 'onebot11', listen: '127.0.0.1:9002', accessToken: env('LAGRANGE_TOKEN') },
    // Its HTTP API, events by webhook (or `sse: true` instead of `webhook`): enter http://127.0.0.1:9003/ and the secret there.
    // gocq: { dialect: 'onebot11', http: 'http://127.0.0.1:5701', webhook: { listen: '127.0.0.1:9003', secret: env('HOOK') } },
    // A mirai-api-http server with its ws adapter, and the accounts to use there.
    mah: { dialect: 'mirai', ws: 'ws://127.0.0.1:8081', verifyKey: env('MAH_KEY', ''), bots: [10002] },
    // A world inside this process. `world` names a file; without it the demo world is used.
    lab: { dialect: 'embedded' },
  },

  // What bots connect to.
  inbounds: {
    // For bots written for mirai-api-http: HTTP and WebSocket on one port.
    oldBots: {
      dialect: 'mirai',
      listen: '127.0.0.1:8080',
      verifyKey: env('MIRAI_VERIFY_KEY', 'please-change-this-key'),
    },
    // For OneBot 11 bots: HTTP API and WebSocket on one port, and servers of bots that we dial.
    newBots: {
      dialect: 'onebot11',
      listen: '127.0.0.1:5700',
      accessToken: env('ONEBOT_ACCESS_TOKEN', 'please-change-this-token'),
      // reverse: [{ url: 'ws://127.0.0.1:8090/onebot/v11/ws' }],
      // webhooks: [{ url: 'http://127.0.0.1:8091/onebot', secret: env('HOOK_SECRET') }],
    },
    // As many as you like, each with its own port, token and settings. Paths: `/` for all, `/api` calls, `/event` events,
    // `/_events` server-sent events.
    // moreBots: { dialect: 'onebot11', listen: '127.0.0.1:5701', accessToken: env('OTHER_TOKEN'), messageFormat: 'string' },
  },

  // Who uses what. Without routes every inbound sees every backend.
  routes: [
    { from: 'oldBots', to: ['napcat', 'lab'] },
    { from: 'newBots', to: ['mah', 'lab'] },
  ],

  // Health, and acting as the people of the embedded world.
  admin: { listen: '127.0.0.1:5800', token: env('ADMIN_TOKEN', 'please-change-this-token') },
})
