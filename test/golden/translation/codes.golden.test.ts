// Codes and enumerations of the two dialects: every row of the fact tables, as a client reads it when a backend says it.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faces, honors, musicKinds, pokes, rpsMarketFaceId, rpsResults } from '../../../mappings/faces.ts'
import {
  fromHonorText,
  fromMusicKind,
  fromPermission,
  fromPokeName,
  fromSexWord,
  toHonorText,
  toMusicKind,
  toPermission,
  toPokeName,
  toSexWord,
} from '../../../src/dialect/mirai/words.ts'
import { toImageType } from '../../../src/dialect/mirai/media-id.ts'
import { lab, mahMember, mio, miraiOverOneBot, oneBotOverMah, type Stage } from './stage.ts'

interface Facts {
  codes: {
    mahCodes: { code: number }[]
    onebotToMah: { match: string; code: number | null }[]
    gocqMsgConstants: string[]
  }
  enums: {
    permissionRole: [string, 'owner' | 'admin' | 'member'][]
    sex: [string, 'male' | 'female' | 'unknown'][]
    honor: { rows: [string, string, string, number][] }
    musicKind: [string, string][]
    imageType: string[]
    requestOperate: Record<'newFriend' | 'memberJoin' | 'botInvited', Record<string, string>>
  }
}

interface Tables {
  faces: { rows: [number, ...string[]][] }
  poke: { rows: [string, number, number, string, string | null][] }
  rps: { nt: Record<string, string>; gocqhttp: Record<string, string>; miraiMarketFaceId: number }
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}

const { codes, enums } = read('../../facts/mapping-events.json') as Facts
const { tables } = read('../../facts/mapping-segments.json') as { tables: Tables }

const stages = {} as { mirai: Stage; onebot11: Stage }
beforeAll(async () => {
  ;[stages.mirai, stages.onebot11] = await Promise.all([miraiOverOneBot(), oneBotOverMah()])
})
afterAll(async () => {
  await Promise.all([stages.mirai.close(), stages.onebot11.close()])
})

describe('what a mah server answers, to OneBot clients', () => {
  /** By code: the retcode over WebSocket, and what the text says. Where the facts name standard codes, NapCat's are used. */
  const retcodes = new Map<number, [retcode: number, text: RegExp]>([
    [0, [0, /^$/]],
    [1, [1200, /^m1$/]],
    [2, [1200, /^m2$/]],
    [3, [1200, /the server does not keep the session that it gave/]],
    [4, [1200, /the server does not keep the session that it gave/]],
    [5, [1200, /^m5$/]],
    [6, [1200, /^m6$/]],
    [10, [1200, /^m10$/]],
    [20, [1200, /^m20$/]],
    [30, [1200, /^m30$/]],
    [400, [1400, /^m400$/]],
    [500, [1200, /^m500$/]],
  ])

  test('every code', async () => {
    expect([...retcodes.keys()]).toEqual(codes.mahCodes.map(({ code }) => code))
    for (const [code, [retcode, text]] of retcodes) {
      stages.onebot11.script('mute', { code, msg: code === 0 ? 'success' : `m${code}` })
      const answer = await stages.onebot11.ask('set_group_ban', { group_id: lab, user_id: mio, duration: 60 })
      expect(answer, `code ${code}`).toEqual({
        status: code === 0 ? 'ok' : 'failed',
        retcode,
        data: null,
        message: expect.stringMatching(text) as string,
        // Behind it stands the number under which an operator finds it.
        wording: expect.stringContaining(answer['message'] as string) as string,
      })
    }
  })
})

describe('what a OneBot backend answers, to mirai clients', () => {
  async function codeOf(members: object): Promise<unknown> {
    stages.mirai.script('set_group_ban', { data: null, ...members })
    return (await stages.mirai.ask('mute', { target: lab, memberId: mio, time: 60 }))['code']
  }
  const failing = (retcode: number, message = ''): object => ({ status: 'failed', retcode, message, wording: message })

  /** For each rule of the facts what a backend may say. The last two are tried in the link tests. */
  const said: readonly (readonly [rule: number, answers: readonly object[], code: number])[] = [
    [0, [{ status: 'ok', retcode: 0 }], 0],
    [1, [{ status: 'async', retcode: 1 }], 0],
    [2, [failing(1400), failing(400)], 400],
    [4, [failing(1401)], 500],
    [5, [failing(1403)], 10],
    [
      7,
      [
        ...['消息不存在', 'No such request', '无法获取群信息'].map((text) => failing(1200, text)),
        failing(100, '不存在'),
      ],
      5,
    ],
    [8, [failing(1200, '权限不足'), failing(102, 'no permission'), failing(200, 'you are not admin')], 10],
    [9, [failing(1200, '已被禁言'), failing(103, 'the bot is muted')], 20],
    [10, [failing(1200, '消息过长'), failing(200, 'message too long')], 30],
    [12, [failing(1200, 'whatever'), failing(4711), failing(1200)], 500],
  ]

  test.each(said)('rule %i', async (rule, answers, code) => {
    expect(codes.onebotToMah[rule]?.code).toBe(code)
    for (const answer of answers) expect(await codeOf(answer), JSON.stringify(answer)).toBe(code)
  })

  test('an action that the backend does not have', async () => {
    stages.mirai.script('set_group_kick', failing(1404, '不支持的Api') as Record<string, unknown>)
    const answer = await stages.mirai.ask('kick', { target: lab, memberId: mio })
    expect(answer).toEqual({ code: 6, msg: '指定操作不支持' })
  })

  test('every constant of go-cqhttp', async () => {
    const kindOf = (constant: string): number => {
      if (/NOT_FOUND|INVALID_MESSAGE_ID|HAS_BEEN_CHECKED/.test(constant)) return 5
      if (/^INVALID_|^EMPTY_|_NOT_IN_RANGE$/.test(constant)) return 400
      return /PERMISSION_DENIED|NOT_MANAGEABLE/.test(constant) ? 10 : 500
    }
    for (const constant of codes.gocqMsgConstants) {
      expect(await codeOf({ ...failing(100), msg: constant }), constant).toBe(kindOf(constant))
    }
  })
})

describe('how requests are answered', () => {
  /** What NapCat knows of each answer. `ignore`: it is told nothing. */
  const answers: Readonly<Record<string, object | undefined>> = {
    accept: { approve: true },
    reject: { approve: false },
    'reject and blacklist': { approve: false },
    ignore: undefined,
    'ignore and blacklist': undefined,
  }
  const wires = {
    newFriend: { request_type: 'friend', user_id: 70007, comment: 'hi' },
    memberJoin: { request_type: 'group', sub_type: 'add', group_id: lab, user_id: 70007, comment: 'hi' },
    botInvited: { request_type: 'group', sub_type: 'invite', group_id: lab, user_id: mio, comment: '' },
  } as const
  const commands = {
    newFriend: 'resp_newFriendRequestEvent',
    memberJoin: 'resp_memberJoinRequestEvent',
    botInvited: 'resp_botInvitedJoinGroupRequestEvent',
  } as const
  let made = 0

  const rows = (Object.keys(wires) as (keyof typeof wires)[]).flatMap((kind) =>
    Object.entries(enums.requestOperate[kind]).map(([operate, means]) => [kind, Number(operate), means] as const),
  )

  test.each(rows)('%s %i: %s', async (kind, operate, means) => {
    const { mirai } = stages
    for (const action of ['set_friend_add_request', 'set_group_add_request']) {
      mirai.script(action, { status: 'ok', retcode: 0, data: null })
    }
    mirai.asked()
    mirai.traces()
    const flag = `flag-${++made}`
    mirai.push({ post_type: 'request', flag, ...wires[kind] })
    const { eventId } = await mirai.hear()
    const content = { eventId, fromId: 70007, groupId: lab, operate, message: '' }
    expect(await mirai.ask(commands[kind], content)).toEqual({ code: 0, msg: 'success' })
    const asked = mirai.asked().map(({ params }) => params)
    const wanted = answers[means]
    expect(asked).toEqual(wanted ? [expect.objectContaining({ flag, ...wanted })] : [])
    if (means.includes('blacklist')) expect(mirai.traces().join()).toMatch(/block/)
    expect(await mirai.ask(commands[kind], content)).toMatchObject({ code: 5 })
  })
})

describe('words', () => {
  test.each(enums.permissionRole)('%s is %s', (word, role) => {
    expect([fromPermission(word), toPermission(role)]).toEqual([role, word])
  })

  test.each(enums.sex)('%s is %s', (word, sex) => {
    expect([fromSexWord(word), toSexWord(sex)]).toEqual([sex, word])
  })

  test.each(enums.honor.rows.filter(([text]) => text !== '(none)'))('%s is the honour %s', (text, honor) => {
    expect([fromHonorText(text), toHonorText(honor)]).toEqual([honor, text])
  })

  test('no honour is missing', () => {
    expect(honors.map(([, honor]) => honor).toSorted()).toEqual(
      enums.honor.rows
        .filter(([text]) => text !== '(none)')
        .map(([, honor]) => honor)
        .toSorted(),
    )
    expect(toHonorText('silver')).toBe('未知群荣誉')
  })

  test.each(enums.musicKind)('%s is the platform %s', (kind, platform) => {
    expect([fromMusicKind(kind), toMusicKind(platform as never)]).toEqual([platform, kind])
    expect(musicKinds).toHaveLength(enums.musicKind.length)
  })

  test.each(enums.imageType)('image type %s', (type) => {
    const extension = type === 'UNKNOWN' ? 'mirai' : type.toLowerCase()
    expect(toImageType(`00000000000000000000000000000000.${extension}`)).toBe(type)
  })

  test('faces', () => {
    const bySort = (rows: readonly (readonly [number, ...string[]])[]): unknown =>
      rows.map(([id, ...names]) => [id, names.toSorted()])
    expect(bySort(faces)).toEqual(bySort(tables.faces.rows))
  })

  test.each(tables.poke.rows)('poke %s', (name, pokeType, pokeId, chinese, documented) => {
    expect(toPokeName({ pokeType, pokeId })).toBe(name)
    for (const alias of [name, chinese, documented]) {
      if (alias !== null) expect(fromPokeName(alias)).toEqual({ pokeType, pokeId })
    }
    expect(pokes).toHaveLength(tables.poke.rows.length)
  })

  test('rock, paper, scissors', () => {
    const numbers = (table: Record<string, string>): object =>
      Object.fromEntries(Object.entries(table).map(([number, hand]) => [hand.toLowerCase(), Number(number)]))
    expect(rpsResults).toEqual({ nt: numbers(tables.rps.nt), gocq: numbers(tables.rps.gocqhttp) })
    expect(rpsMarketFaceId).toBe(tables.rps.miraiMarketFaceId)
  })

  test('ranks of members come through', async () => {
    const member = mahMember(mio, 'Mio', 'ADMINISTRATOR')
    stages.onebot11.script('memberInfo.get', member)
    const answer = await stages.onebot11.ask('get_group_member_info', { group_id: lab, user_id: mio, no_cache: true })
    expect(answer['data']).toMatchObject({ user_id: mio, role: 'admin' })
  })
})
