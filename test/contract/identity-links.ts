// Lines that fail: a send whose answer was lost, and a backend that is reached by two links.
import { afterEach, describe, expect, test } from 'vitest'
import { group } from '../../src/world/index.ts'
import { botId, captain, ship } from '../clients/stage.ts'
import { until } from '../support/until.ts'
import { connectClient, type Client, type ClientKind, type Where } from './identity-client.ts'
import { startScene, type BackendKind, type Scene } from './identity-scene.ts'

const here: Where = { group: ship }

/** The answer to a send in either dialect: events have neither `retcode` nor `msg`. */
const isSendAnswer = (text: string): boolean => /"retcode":0.*"message_id":|"msg":.*"messageId":/.test(text)

export function identityLinksContract(kind: ClientKind, backend: BackendKind): void {
  const open: { close(): unknown }[] = []

  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close()
  })

  async function begin(links: number): Promise<{ scene: Scene; client: Client }> {
    const scene = await startScene(backend, links)
    open.push(scene)
    const client = await connectClient(kind, scene.front)
    open.push(client)
    return { scene, client }
  }

  const saidOf = (scene: Scene, text: string): number =>
    [...scene.world.state.messages.values()].filter(({ segments }) => JSON.stringify(segments).includes(`"${text}"`))
      .length

  // The embedded world is in the process of the bridge: it has no line that could be lost or doubled.
  describe.skipIf(backend === 'embedded')('lines', () => {
    test('a send whose answer is lost is reported as uncertain, done once, and known when it is told', async () => {
      const { scene, client } = await begin(1)
      const [wire] = scene.wires
      wire!.lose(isSendAnswer)
      const asked = ask(client, 'once')
      await until(() => wire!.isDead(), 'the answer')
      expect(saidOf(scene, 'once')).toBe(1)
      wire!.cut()
      const { ok, frame } = await asked
      expect(ok).toBe(false)
      expect(JSON.stringify(frame)).toMatch(/may have/)
      await until(() => scene.front.bots().some(({ online }) => online), 'the backend')
      scene.world.as(captain).say(group(ship), 'end')
      await client.hear('end')
      expect(saidOf(scene, 'once')).toBe(1)
      // What went on is a new send, told and found like any other.
      const again = await client.say(here, [{ text: 'again' }])
      expect(await client.get(again, here)).toMatchObject({ id: again, sender: botId, text: 'again' })
      expect([saidOf(scene, 'once'), saidOf(scene, 'again')]).toEqual([1, 1])
    })

    test('an event that arrives by two links is told once, and has one id', async () => {
      const { scene, client } = await begin(2)
      for (const text of ['one', 'two', 'two', 'three']) scene.world.as(captain).say(group(ship), text)
      const { id } = await client.hear('three')
      scene.wires[0]!.cut()
      scene.world.as(captain).say(group(ship), 'four')
      await client.hear('four')
      expect(['one', 'two', 'three', 'four'].map((text) => client.heard(text))).toEqual([1, 2, 1, 1])
      expect(await client.get(id, here)).toMatchObject({ id, sender: captain, text: 'three' })
    })
  })
}

function ask(client: Client, text: string): Promise<{ ok: boolean; frame: object }> {
  return client.kind === 'mirai'
    ? client.ask('sendGroupMessage', { target: ship, messageChain: [{ type: 'Plain', text }] })
    : client.ask('send_group_msg', { group_id: ship, message: text })
}
