// Identity that survives: what every client must find again before every backend, across restarts of either side.
import { afterEach, describe, expect, test } from 'vitest'
import { friend, group, temp } from '../../src/world/index.ts'
import {
  bob,
  botId,
  bytesAt,
  captain,
  groupIn,
  lastOf,
  mate,
  memberIn,
  nemo,
  owned,
  picture,
  ship,
} from '../clients/stage.ts'
import { until } from '../support/until.ts'
import { connectClient, type Client, type ClientKind, type Where } from './identity-client.ts'
import { startScene, type BackendKind, type Scene } from './identity-scene.ts'

const here: Where = { group: ship }
const isInt32 = (id: number): boolean => Number.isInteger(id) && id !== 0 && id === (id | 0)

export function identityContract(kind: ClientKind, backend: BackendKind): void {
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

  /** Both kinds of restarts, with one client before and another one after. */
  const restarts = [
    ['the bridge', 'bridge', false],
    ['the backend, which forgets its ids', 'backend', true],
    ['both', 'both', true],
  ] as const

  describe('message ids', () => {
    test('are int32, told apart, and found from the log', async () => {
      const { scene, client } = await begin()
      const { world } = scene
      world.as(captain).say(group(ship), 'ahoy')
      world.as(captain).say(friend(botId), 'psst')
      world.as(nemo).say(temp(botId, ship), 'hello')
      const heard = [await client.hear('ahoy'), await client.hear('psst'), await client.hear('hello')]
      const places: Where[] = [here, { friend: captain }, { temp: nemo, of: ship }]
      const sent: number[] = []
      for (const place of places) sent.push(await client.say(place, [{ text: 'aye' }]))
      const ids = [...heard.map(({ id }) => id), ...sent]
      expect(ids.filter(isInt32)).toHaveLength(6)
      expect(new Set(ids).size).toBe(6)
      for (const [at, place] of places.entries()) {
        const [one, own] = [heard[at]!, sent[at]!]
        expect(await client.get(one.id, place)).toMatchObject({ id: one.id, sender: one.sender, text: one.text })
        expect(await client.get(own, place)).toMatchObject({ id: own, text: 'aye' })
      }
      await expect(client.get(123_456_789, here)).rejects.toThrow()
    })

    test.each(restarts)('survive a restart of %s', async (_name, which, forget) => {
      const { scene, client } = await begin()
      scene.world.as(captain).say(group(ship), 'ahoy')
      const heard = await client.hear('ahoy')
      const own = await client.say(here, [{ text: 'aye' }])
      await scene.restart(which, { forget })
      const later = await connect(scene)
      expect(await later.get(heard.id, here)).toMatchObject({ id: heard.id, sender: captain, text: 'ahoy' })
      expect(await later.get(own, here)).toMatchObject({ id: own, sender: botId, text: 'aye' })
      // New ones are no old ones.
      scene.world.as(captain).say(group(ship), 'still here')
      const fresh = await later.hear('still here')
      expect([heard.id, own]).not.toContain(fresh.id)
      expect(isInt32(fresh.id)).toBe(true)
      const again = await later.say(here, [{ text: 'so am I' }])
      expect([heard.id, own, fresh.id]).not.toContain(again)
    })

    test('serve for recall after a restart', async () => {
      const { scene, client } = await begin()
      const id = await client.say(here, [{ text: 'a mistake' }])
      await scene.restart('bridge')
      const later = await connect(scene)
      const [name, params] =
        kind === 'mirai' ? ['recall', { target: ship, messageId: id }] : ['delete_msg', { message_id: id }]
      expect(await later.ask(name, params)).toMatchObject({ ok: true })
      expect(lastOf(scene.world, `g${ship}`).recalled).toBeDefined()
    })
  })

  describe('quotes', () => {
    test.each<[string, Where, number, (scene: Scene) => number, string]>([
      ['a group', here, captain, (s) => s.world.as(captain).say(group(ship), 'first'), `g${ship}`],
      [
        'a private chat',
        { friend: captain },
        captain,
        (s) => s.world.as(captain).say(friend(botId), 'first'),
        `u${botId}-${captain}`,
      ],
      [
        'a temporary chat',
        { temp: nemo, of: ship },
        nemo,
        (s) => s.world.as(nemo).say(temp(botId, ship), 'first'),
        `u${botId}-${nemo}`,
      ],
    ])('carry sender and origin in %s, both ways', async (_name, where, who, say, key) => {
      const { scene, client } = await begin()
      const { world } = scene
      const first = say(scene)
      const heard = await client.hear('first')
      const own = await client.say(where, [{ text: 'second' }], heard.id)
      expect(lastOf(world, key).segments[0]).toEqual({ type: 'reply', messageId: first })
      expect((await client.get(own, where)).quote).toEqual({ id: heard.id, sender: who, text: 'first' })
      const place = 'group' in where ? group(ship) : 'friend' in where ? friend(botId) : temp(botId, ship)
      world.as(who).say(place, 'third', { quote: lastOf(world, key).id })
      const third = await client.hear('third')
      expect(third.quote).toEqual({ id: own, sender: botId, text: 'second' })
      if (kind === 'mirai') {
        const isGroup = 'group' in where
        const quote = (third.raw['messageChain'] as object[])[1]
        expect(quote).toMatchObject({ targetId: isGroup ? ship : who, groupId: isGroup ? ship : 0 })
      }
    })

    test.each(restarts)('are whole after a restart of %s', async (_name, which, forget) => {
      const { scene, client } = await begin()
      const first = scene.world.as(captain).say(group(ship), 'first')
      const heard = await client.hear('first')
      await scene.restart(which, { forget })
      const later = await connect(scene)
      scene.world.as(nemo).say(group(ship), 'second', { quote: first })
      expect((await later.hear('second')).quote).toEqual({ id: heard.id, sender: captain, text: 'first' })
      await later.say(here, [{ text: 'third' }], heard.id)
      const { segments } = await until(() => {
        const last = lastOf(scene.world, `g${ship}`)
        return last.segments.at(-1)?.type === 'text' && last
      })
      expect(segments).toEqual([
        { type: 'reply', messageId: first },
        { type: 'text', text: 'third' },
      ])
    })

    test('of a message that was said while the bridge was away', async () => {
      const { scene, client } = await begin()
      client.close()
      let first = 0
      await scene.away((world) => {
        first = world.as(captain).say(group(ship), 'unseen')
      })
      const later = await connect(scene)
      scene.world.as(nemo).say(group(ship), 'second', { quote: first })
      const { quote } = await later.hear('second')
      expect(quote).toMatchObject({ sender: captain, text: 'unseen' })
      expect(await later.get(quote!.id, here)).toMatchObject({ id: quote!.id, sender: captain, text: 'unseen' })
      await later.say(here, [{ text: 'third' }], quote!.id)
      expect(lastOf(scene.world, `g${ship}`).segments[0]).toEqual({ type: 'reply', messageId: first })
    })
  })

  describe('forwards', () => {
    test('in every form of nodes, read again and sent again', async () => {
      const { scene, client } = await begin()
      const { world } = scene
      world.as(captain).say(group(ship), 'by id')
      world.as(nemo).say(group(ship), 'by reference')
      const [byId, byRef] = [await client.hear('by id'), await client.hear('by reference')]
      const id = await client.say(here, [
        {
          forward: [
            { id: byId.id },
            { ref: byRef.id },
            { from: bob, name: 'Bob', content: [{ text: 'literal' }] },
            {
              from: mate,
              name: 'Mate',
              content: [{ forward: [{ from: bob, name: 'Bob', content: [{ text: 'deep' }] }] }],
            },
          ],
        },
      ])
      const expected = [
        { from: captain, text: 'by id' },
        { from: nemo, text: 'by reference' },
        { from: bob, name: 'Bob', text: 'literal' },
        { from: mate, name: 'Mate', text: '', forward: [{ from: bob, name: 'Bob', text: 'deep' }] },
      ]
      expect((await client.get(id, here)).forward).toMatchObject(expected)
      await scene.restart('bridge')
      const later = await connect(scene)
      expect((await later.get(id, here)).forward).toMatchObject(expected)
      // In a forward of its own: the message goes on by its id.
      const again = await later.say(here, [{ forward: [{ id }] }])
      const outer = (await later.get(again, here)).forward
      expect(outer).toMatchObject([
        {
          from: botId,
          forward: expected
            .slice(0, 3)
            .map(({ from, text }) => ({ from, text }))
            .concat([{ from: mate, text: '' }]),
        },
      ])
    })

    test('of messages that quote and messages that nobody knows', async () => {
      const { scene, client } = await begin()
      const first = scene.world.as(captain).say(group(ship), 'first')
      scene.world.as(nemo).say(group(ship), 'second', { quote: first })
      const second = await client.hear('second')
      const id = await client.say(here, [{ forward: [{ id: second.id }] }])
      expect((await client.get(id, here)).forward).toMatchObject([{ from: nemo, text: 'second' }])
      await expect(client.say(here, [{ forward: [{ id: 123_456_789 }] }])).rejects.toThrow(/"code":5|"retcode":1200/)
    })

    test('that came from others, read again later', async () => {
      const { scene, client } = await begin()
      scene.world.as(captain).say(group(ship), [
        {
          type: 'forward',
          nodes: [
            { senderId: bob as never, senderName: 'Bob', time: 1, segments: [{ type: 'text', text: 'one' }] },
            { senderId: nemo as never, senderName: 'Nemo', time: 2, segments: [{ type: 'text', text: 'two' }] },
          ],
        },
      ])
      const expected = [
        { from: bob, name: 'Bob', text: 'one' },
        { from: nemo, name: 'Nemo', text: 'two' },
      ]
      const heard = await client.hear('')
      expect(heard.forward).toMatchObject(expected)
      await scene.restart('both', { forget: true })
      const later = await connect(scene)
      expect((await later.get(heard.id, here)).forward).toMatchObject(expected)
    })
  })

  describe('media', () => {
    test('handles serve in the other dialect, later and after a restart', async () => {
      const { scene, client } = await begin()
      scene.world.as(captain).say(group(ship), [
        { type: 'text', text: 'look' },
        { type: 'image', base64: picture },
      ])
      const { image } = await client.hear('look')
      expect(await bytesAt(image!.url)).toBe(picture)
      const otherKind = kind === 'mirai' ? 'onebot11' : 'mirai'
      for (const which of [undefined, 'bridge', 'both'] as const) {
        if (which) await scene.restart(which)
        for (const as of [kind, otherKind] as const) {
          const later = await connect(scene, as)
          await later.say(here, [{ image: image!.handle }])
          const [segment] = lastOf(scene.world, `g${ship}`).segments
          expect(await bytesAt(segment && 'url' in segment && segment.url)).toBe(picture)
        }
      }
    })

    test('that the bot sent itself', async () => {
      const { scene, client } = await begin()
      const id = await client.say(here, [{ bytes: picture }])
      await scene.restart('bridge')
      const other = await connect(scene, kind === 'mirai' ? 'onebot11' : 'mirai')
      const { image } = await other.get(id, here)
      expect(image).toBeDefined()
      await other.say(here, [{ image: image!.handle }])
      const [segment] = lastOf(scene.world, `g${ship}`).segments
      expect(await bytesAt(segment && 'url' in segment && segment.url)).toBe(picture)
    })
  })

  describe('directory', () => {
    test('is right in the first event after a start', async () => {
      const { scene } = await begin()
      await scene.restart('bridge')
      const client = await connect(scene)
      scene.world.as(mate).say(group(ship), 'first')
      const { raw } = await client.hear('first')
      if (kind === 'onebot11') {
        expect(raw).toMatchObject({ group_name: '夜航船 #1', sender: { card: '副手一号', role: 'admin' } })
        return
      }
      expect(raw['sender']).toMatchObject({
        memberName: '副手一号',
        permission: 'ADMINISTRATOR',
        joinTimestamp: memberIn(scene.world, ship, mate)!.joinTime,
        group: { id: ship, name: '夜航船 #1', permission: 'ADMINISTRATOR' },
      })
    })

    test('follows events', async () => {
      const { scene, client } = await begin()
      scene.world.as(mate).say(group(ship), 'first')
      await client.hear('first')
      scene.world.as(captain).setAdmin(ship, botId, false)
      scene.world.as(mate).say(group(ship), 'second')
      const { raw } = await client.hear('second')
      if (kind === 'mirai') {
        expect(raw['sender']).toMatchObject({ group: { permission: 'MEMBER' } })
        return
      }
      const answer = await client.ask('get_group_member_info', { group_id: ship, user_id: botId })
      expect(answer.data).toMatchObject({ role: 'member' })
    })
  })

  describe('echo and duplicates', () => {
    test('own sends are told once, and apart from those of another device', async () => {
      const { scene, client } = await begin()
      await client.say(here, [{ text: 'by me' }])
      scene.world.as(botId).say(group(ship), 'by my phone')
      scene.world.as(captain).say(group(ship), 'end')
      await client.hear('end')
      const own = scene.kind === 'mirai' ? 0 : 1
      expect(client.heard('by me')).toBe(kind === 'mirai' ? 0 : own)
      expect(client.heard('by my phone')).toBe(1)
    })
  })

  requests()
  cards()

  function requests(): void {
    const isMirai = kind === 'mirai'
    const friendly = isMirai ? { type: 'NewFriendRequestEvent' } : { post_type: 'request', request_type: 'friend' }
    const joining = isMirai ? { type: 'MemberJoinRequestEvent' } : { post_type: 'request', sub_type: 'add' }

    function answer(client: Client, event: Record<string, unknown>, approve: boolean) {
      if (isMirai) {
        const { eventId, fromId, groupId, type } = event
        return client.ask(`resp_${(type as string).replace(/^./, (c) => c.toLowerCase())}`, {
          eventId,
          fromId,
          groupId,
          operate: approve ? 0 : 1,
          message: '',
        })
      }
      const { flag, request_type: type, sub_type } = event
      return client.ask(type === 'friend' ? 'set_friend_add_request' : 'set_group_add_request', {
        flag,
        sub_type,
        approve,
      })
    }

    describe('requests', () => {
      test.each(restarts)('wait through a restart of %s', async (_name, which, forget) => {
        const { scene, client } = await begin()
        const one = scene.world.as(20301).requestFriend(botId, 'hi')
        const two = scene.world.as(20302).requestJoin(ship, 'let me in')
        const [first, second] = [await client.event(friendly), await client.event(joining)]
        await scene.restart(which, { forget })
        const later = await connect(scene)
        expect(await answer(later, first, true)).toMatchObject({ ok: true })
        expect(await answer(later, second, false)).toMatchObject({ ok: true })
        expect(scene.world.state.requests.get(one)?.outcome).toBe('approved')
        expect(scene.world.state.requests.get(two)?.outcome).toBe('refused')
        for (const event of [first, second]) {
          const { ok, frame } = await answer(later, event, true)
          expect(ok).toBe(false)
          expect(frame).toMatchObject(isMirai ? { code: 5 } : { retcode: 1200 })
        }
      })

      test.runIf(isMirai).each([
        [0, 'approved'],
        [1, 'refused'],
        [2, 'refused'],
      ])('friends, operate %i: %s', async (operate, outcome) => {
        const { scene, client } = await begin()
        const flag = scene.world.as(20301).requestFriend(botId, 'hi')
        const { eventId, fromId } = await client.event(friendly)
        const content = { eventId, fromId, groupId: 0, operate, message: '' }
        expect(await client.ask('resp_newFriendRequestEvent', content)).toMatchObject({ ok: true })
        expect(scene.world.state.requests.get(flag)?.outcome).toBe(outcome)
      })

      test.runIf(isMirai).each([
        [0, 'approved'],
        [1, 'refused'],
      ])('invitations, operate %i: %s', async (operate, outcome) => {
        const { scene, client } = await begin()
        const flag = scene.world.as(captain).invite(botId, 39001, { name: 'new' })
        const { eventId, fromId, groupId } = await client.event({ type: 'BotInvitedJoinGroupRequestEvent' })
        const content = { eventId, fromId, groupId, operate, message: '' }
        expect(await client.ask('resp_botInvitedJoinGroupRequestEvent', content)).toMatchObject({ ok: true })
        expect(scene.world.state.requests.get(flag)?.outcome).toBe(outcome)
      })

      test.runIf(isMirai).each([
        [0, 'approved', false],
        [1, 'refused', false],
        [2, 'ignored', false],
        [3, 'refused', true],
        [4, 'ignored', true],
      ])('operate %i: %s', async (operate, outcome) => {
        const { scene, client } = await begin()
        const flag = scene.world.as(20302).requestJoin(ship, 'let me in')
        const { eventId, fromId, groupId } = await client.event(joining)
        const content = { eventId, fromId, groupId, operate, message: 'why' }
        expect(await client.ask('resp_memberJoinRequestEvent', content)).toMatchObject({ ok: true })
        // OneBot has no call that ignores one: there it stays open.
        const expected = backend === 'onebot11' && outcome === 'ignored' ? 'open' : outcome
        expect(scene.world.state.requests.get(flag)?.outcome).toBe(expected)
        expect(await client.ask('resp_memberJoinRequestEvent', content)).toMatchObject({
          ok: false,
          frame: { code: 5 },
        })
      })
    })
  }

  function cards(): void {
    describe('history, announcements, group config', () => {
      test('history has the ids of the events', async () => {
        const { scene, client } = await begin()
        for (let n = 1; n <= 30; n++) scene.world.as(captain).say(group(ship), `line ${n}`)
        const last = await client.hear('line 30')
        const first = await client.hear('line 1')
        await scene.restart('bridge')
        const later = await connect(scene)
        const texts = (list: Record<string, unknown>[]) =>
          list.map((one) => JSON.stringify(one)).filter((text) => text.includes('line '))
        if (kind === 'mirai') {
          const where = { timeStart: 0, timeEnd: 4_000_000_000, target: null, qq: null, group: ship }
          const { data, ok } = await later.ask('roamingMessages', where)
          expect(ok).toBe(true)
          const found = texts(data as Record<string, unknown>[])
          expect(found).toHaveLength(30)
          expect(found[0]).toContain(`"id":${first.id},`)
          expect(found.at(-1)).toContain(`"id":${last.id},`)
          return
        }
        const { data, ok } = await later.ask('get_group_msg_history', { group_id: ship, count: 25 })
        expect(ok).toBe(true)
        const found = texts((data as { messages: Record<string, unknown>[] }).messages)
        expect(found).toHaveLength(25)
        expect(found.at(-1)).toContain(`"message_id":${last.id},`)
      })

      test('group config', async () => {
        const { scene, client } = await begin()
        const isMirai = kind === 'mirai'
        const [name, params] = isMirai
          ? ['groupConfig update', { target: owned, config: { name: 'renamed' } }]
          : ['set_group_name', { group_id: owned, group_name: 'renamed' }]
        expect(await client.ask(name as string, params as object)).toMatchObject({ ok: true })
        expect(groupIn(scene.world, owned).name).toBe('renamed')
        const read = await client.ask(
          isMirai ? 'groupConfig get' : 'get_group_info',
          isMirai ? { target: owned } : { group_id: owned },
        )
        expect(read.data).toMatchObject(isMirai ? { name: 'renamed' } : { group_name: 'renamed' })
      })

      test('announcements', async () => {
        const { client } = await begin()
        const isMirai = kind === 'mirai'
        const [publish, list] = isMirai ? ['anno_publish', 'anno_list'] : ['_send_group_notice', '_get_group_notice']
        const where = isMirai ? { target: ship } : { group_id: ship }
        expect(await client.ask(publish, { ...where, content: 'tea at five' })).toMatchObject({ ok: true })
        const listed = await client.ask(list, isMirai ? { id: ship } : where)
        expect(JSON.stringify(listed.data)).toContain('tea at five')
      })
    })
  }
}
