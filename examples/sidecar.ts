// Sidecar as a library: the bridge inside a program of one's own, which hears everything that passes and acts by itself.
// docs/sidecar.md tells more. In a project of your own, import from 'onebot-mirai-bridge' instead.
import { createBridge, env, type EventOf } from '../src/index.ts'

const bridge = createBridge({
  backends: {
    napcat: {
      dialect: 'onebot11',
      ws: env('NAPCAT_URL', 'ws://127.0.0.1:3001'),
      accessToken: env('NAPCAT_TOKEN', ''),
    },
  },
  inbounds: {
    mirai: {
      dialect: 'mirai',
      listen: `127.0.0.1:${env('MIRAI_PORT', '8080')}`,
      verifyKey: env('MIRAI_VERIFY_KEY'),
    },
  },
})

/** Answers `/alive`, so that people know whether the bot or its backend is gone. The bot gets the message, too. */
async function answer({ bot, message }: EventOf<'message'>): Promise<void> {
  const text = message.segments.map((segment) => (segment.type === 'text' ? segment.text : '')).join('')
  if (text.trim() !== '/alive') return
  const segments = [{ type: 'text' as const, text: 'the bridge is alive' }]
  await bridge.call(bot, { name: 'message.send', params: { peer: message.peer, segments } })
}

bridge.onEvent(({ event }) => {
  if (event.type !== 'message' || event.origin !== 'received') return
  answer(event).catch((error: unknown) => console.error('could not answer:', error))
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bridge.stop())

await bridge.start()
for (const address of bridge.addresses()) console.log(address)
