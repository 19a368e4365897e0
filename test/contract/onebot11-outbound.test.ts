// The four ways to a OneBot implementation keep the same contract.
import type { WebSocket } from 'ws'
import { post } from '../outbound/onebot11/fake-http.ts'
import { setUpForward, setUpHttp, setUpReverse, until } from '../outbound/onebot11/set-up.ts'
import { outboundContract } from './onebot11-outbound.ts'

outboundContract({
  name: 'forward WebSocket',
  async start(setUp) {
    const rig = await setUpForward(setUp)
    const { port } = rig.fake
    return {
      ...rig,
      emit: async (event) => rig.fake.send(event),
      vanish: () => rig.fake.close(),
      comeBack: async () => void (await rig.fake.listen(port)),
      token: () => rig.fake.requests[0]?.headers.authorization,
    }
  },
})

outboundContract({
  name: 'reverse WebSocket',
  async start(setUp) {
    const rig = await setUpReverse(setUp)
    const token = setUp?.options?.accessToken
    const shown = token === undefined ? undefined : `Bearer ${token}`
    const headers = { 'x-self-id': '10001', 'x-client-role': 'Universal', ...(shown && { authorization: shown }) }
    const dial = async (): Promise<void> => void ((await rig.fake.dial(rig.url, headers)) as WebSocket)
    await dial()
    await until(() => rig.outbound.bots()[0]?.online)
    return {
      ...rig,
      emit: async (event) => rig.fake.send(event),
      vanish: async () => rig.fake.drop(),
      comeBack: dial,
      token: () => shown,
    }
  },
})

async function overHttp(events: 'webhook' | 'sse', setUp: Parameters<typeof setUpHttp>[1]) {
  const rig = await setUpHttp(events, setUp)
  const { port } = rig.server
  return {
    ...rig,
    vanish: () => rig.server.close(),
    comeBack: async () => {
      await rig.server.listen(port)
      if (events === 'sse') await until(() => rig.server.streams.size === 1)
    },
    token: () => rig.server.requests[0]?.headers.authorization,
  }
}

outboundContract({
  name: 'HTTP and webhook',
  async start(setUp) {
    const rig = await overHttp('webhook', setUp)
    return { ...rig, emit: async (event) => void (await post(rig.hook, event, 'signing key')) }
  },
})

outboundContract({
  name: 'HTTP and server-sent events',
  async start(setUp) {
    const rig = await overHttp('sse', setUp)
    return { ...rig, emit: async (event) => rig.server.stream(event) }
  },
})
