// Forwards whose messages the backend forgot, deeper ones than it takes, and what the first event after a start says of friends.
import { afterEach, describe, expect, test } from 'vitest'
import type { Segment } from '../../src/core/segment.ts'
import { friend, group } from '../../src/world/index.ts'
import { bob, botId, captain, lastOf, nemo, ship } from '../clients/stage.ts'
import { connectClient, type Client, type ClientKind, type Piece, type Where } from './identity-client.ts'
import { startScene, type BackendKind, type Scene } from './identity-scene.ts'

const here: Where = { group: ship }

export function identityForwardsContract(kind: ClientKind, backend: BackendKind): void {
  const otherKind = kind === 'mirai' ? 'onebot11' : 'mirai'
  const open: { close(): unknown }[] = []

  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close()
  })

  async function connect(scene: Scene, as: ClientKind = kind): Promise<Client> {
    const client = await connectClient(as, scene.front)
    open.push(client)
    return client
  }

  async function begin(): Promise<{ scene: Scene; client: Client }> {
    const scene = await startScene(backend)
    open.push(scene)
    return { scene, client: await connect(scene) }
  }

  describe('forwards', () => {
    test.each([
      ['the bridge', 'bridge', false],
      ['the backend, which forgets its ids', 'backend', true],
      ['both', 'both', true],
    ] as const)('name messages from before a restart of %s, in both dialects', async (_name, which, forget) => {
      const { scene, client } = await begin()
      scene.world.as(captain).say(group(ship), 'first')
      scene.world
        .as(nemo)
        .say(group(ship), [
          { type: 'forward', nodes: [{ senderId: bob as never, senderName: 'Bob', segments: [text('inside')] }] },
        ])
      const [first, forward] = [await client.hear('first'), await client.hear('')]
      await scene.restart(which, { forget })
      for (const as of [kind, otherKind] as const) {
        const later = await connect(scene, as)
        const id = await later.say(here, [{ forward: [{ id: first.id }, { id: forward.id }] }])
        const said = wordsOf(lastOf(scene.world, `g${ship}`).segments)
        expect(said).toEqual(['first', 'inside'])
        expect((await later.get(id, here)).forward).toMatchObject([{ from: captain, text: 'first' }, { from: nemo }])
      }
    })

    test('of any depth keep all words and authors', async () => {
      const { scene, client } = await begin()
      let content: Piece[] = [{ text: 'level 6' }]
      for (let level = 5; level > 0; level--) {
        const besides = { from: nemo, name: 'Nemo', content: [{ text: `level ${level}` }] }
        content = [{ forward: [besides, { from: bob, name: 'Bob', content }] }]
      }
      const id = await client.say(here, content)
      const { segments } = lastOf(scene.world, `g${ship}`)
      const levels = ['level 1', 'level 2', 'level 3', 'level 4', 'level 5', 'level 6']
      expect(wordsOf(segments)).toEqual(levels)
      const depth = backend === 'onebot11' ? 3 : 5
      expect(depthOf(segments)).toBe(depth)
      expect(JSON.stringify((await client.get(id, here)).forward)).toContain('level 6')
    })
  })

  test('the first event after a start knows friends and their remarks', async () => {
    const { scene } = await begin()
    await scene.restart('both')
    const client = await connect(scene)
    const known = scene.world.state.accounts.get(botId as never)?.friends.get(captain as never)
    scene.world.as(captain).say(friend(botId), 'psst')
    const { raw } = await client.hear('psst')
    const sender = raw['sender'] as Record<string, unknown>
    expect(sender['nickname']).toBe(scene.world.state.accounts.get(captain as never)?.nickname)
    if (kind === 'mirai') expect(sender['remark']).toBe(known?.remark)
    else expect(raw).toMatchObject({ message_type: 'private', sub_type: 'friend' })
  })
}

function text(value: string): Segment {
  return { type: 'text', text: value }
}

/** In the order in which they are read. */
function wordsOf(segments: readonly Segment[]): string[] {
  return segments.flatMap((segment) => {
    if (segment.type === 'text') return [segment.text]
    return segment.type === 'forward' ? (segment.nodes ?? []).flatMap((node) => wordsOf(node.segments ?? [])) : []
  })
}

function depthOf(segments: readonly Segment[]): number {
  return Math.max(
    0,
    ...segments.map((segment) =>
      segment.type === 'forward'
        ? 1 + Math.max(0, ...(segment.nodes ?? []).map((node) => depthOf(node.segments ?? [])))
        : 0,
    ),
  )
}
