// Voices, videos and files: handles that either dialect takes, later and after restarts, and addresses that are renewed.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { group } from '../../src/world/index.ts'
import { bytesAt, captain, lastOf, picture, ship } from '../clients/stage.ts'
import { connectClient, type Client, type ClientKind, type Piece, type Where } from './identity-client.ts'
import { startScene, type BackendKind, type Scene } from './identity-scene.ts'

const here: Where = { group: ship }
/** A second of silence: fifty frames of 20 ms. */
const voice = Buffer.concat([
  Buffer.from('#!AMR\n'),
  ...Array.from({ length: 50 }, () => Buffer.alloc(32).fill(7 << 3, 0, 1)),
]).toString('base64')
const video = Buffer.from('\0\0\0\x18ftypmp42 and so on', 'latin1').toString('base64')

export function identityMediaContract(kind: ClientKind, backend: BackendKind): void {
  const otherKind = kind === 'mirai' ? 'onebot11' : 'mirai'
  const open: { close(): unknown }[] = []

  afterEach(async () => {
    vi.useRealTimers()
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

  async function lastBytes(scene: Scene): Promise<string> {
    const [segment] = lastOf(scene.world, `g${ship}`).segments
    return bytesAt(segment && 'url' in segment && segment.url)
  }

  test.each([
    ['voice', voice],
    ['video', video],
  ] as const)('a %s: its handle serves both dialects, later and after restarts', async (type, base64) => {
    const { scene, client } = await begin()
    scene.world.as(captain).say(group(ship), [{ type, base64 }])
    const heard = (await client.hear(''))[type]!
    expect(await bytesAt(heard.url)).toBe(base64)
    for (const which of [undefined, 'bridge', 'both'] as const) {
      if (which) await scene.restart(which)
      for (const as of [kind, otherKind] as const) {
        const later = await connect(scene, as)
        const piece = { [type]: heard.handle } as unknown as Piece
        const id = await later.say(here, [piece])
        expect(await lastBytes(scene)).toBe(base64)
        expect((await later.get(id, here))[type]).toBeDefined()
      }
    }
  })

  test.runIf(kind === 'mirai' && backend !== 'onebot11')('a voice lasts as long as it lasts', async () => {
    const { scene, client } = await begin()
    scene.world.as(captain).say(group(ship), [{ type: 'voice', base64: voice }])
    expect((await client.hear('')).voice).toMatchObject({ seconds: 1 })
  })

  test('a group file: its id serves both dialects, later and after restarts', async () => {
    const { scene, client } = await begin()
    const id = scene.world.as(captain).upload(ship, { name: 'log.txt', base64: btoa('all is well') })
    for (const which of [undefined, 'bridge', 'both'] as const) {
      if (which) await scene.restart(which)
      for (const as of [kind, otherKind] as const) {
        const later = which ? await connect(scene, as) : as === kind ? client : await connect(scene, as)
        expect(Buffer.from(await bytesAt(await urlOfFile(later, id)), 'base64').toString()).toBe('all is well')
      }
    }
  })

  describe('an address that is old', () => {
    test('is asked for anew before it is shown, and before it is sent again', async () => {
      const { scene, client } = await begin()
      scene.world.as(captain).say(group(ship), [
        { type: 'text', text: 'look' },
        { type: 'image', base64: picture },
      ])
      const heard = await client.hear('look')
      // The port of the one who serves the bytes is another one afterwards: the old address leads nowhere.
      await scene.restart('both')
      const later = await connect(scene)
      vi.setSystemTime(Date.now() + 3600 * 1000)
      const seen = await later.get(heard.id, here)
      expect(await bytesAt(seen.image!.url)).toBe(picture)
      await later.say(here, [{ image: heard.image!.handle }])
      expect(await lastBytes(scene)).toBe(picture)
    })
  })
}

async function urlOfFile(client: Client, id: string): Promise<unknown> {
  if (client.kind === 'onebot11') {
    const { data } = await client.ask('get_group_file_url', { group_id: ship, file_id: id })
    return (data as { url: string }).url
  }
  const { data } = await client.ask('file_info', { id, target: ship, withDownloadInfo: true })
  return (data as { downloadInfo: { url: string } }).downloadInfo.url
}
