// OneBot frontend for mirai: bots written for OneBot 11 on a mirai-api-http server. docs/onebot-frontend.md tells more.
// In a project of your own, import from 'onebot-mirai-bridge' instead.
import { defineConfig, env } from '../src/index.ts'

/** A server of a bot that waits for connections, as NoneBot's and Koishi's do: `ws://127.0.0.1:8090/onebot/v11/ws`. */
const reverseUrl = env('ONEBOT_REVERSE_URL', '')

export default defineConfig({
  data: env('BRIDGE_DATA', './data'),
  backends: {
    // The ws adapter of mirai-api-http, and the accounts that are logged in there.
    mah: {
      dialect: 'mirai',
      ws: env('MAH_URL', 'ws://127.0.0.1:8080'),
      verifyKey: env('MAH_VERIFY_KEY'),
      bots: [Number(env('MAH_BOT', '10001'))],
    },
  },
  inbounds: {
    // HTTP API, WebSocket and server-sent events on one port; reverse WebSocket where it is asked for.
    onebot: {
      dialect: 'onebot11',
      listen: `127.0.0.1:${env('ONEBOT_PORT', '5700')}`,
      accessToken: env('ONEBOT_ACCESS_TOKEN'),
      reverse: reverseUrl === '' ? [] : [{ url: reverseUrl }],
    },
  },
})
