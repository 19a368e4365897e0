// Requests of clients: read, answered, and held against the reference and the facts.
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import { findAction, parseCalls } from '../../../src/dialect/onebot11/action.ts'
import { printAction, type RequestIds } from '../../../src/dialect/onebot11/action-print.ts'
import type { ActionContext } from '../../../src/dialect/onebot11/action-special.ts'
import { filteredMark } from '../../../src/dialect/onebot11/request.ts'
import { printResult } from '../../../src/dialect/onebot11/result.ts'
import { startInbound } from '../../inbound/onebot11/support.ts'
import { emptyView } from '../../dialect/onebot11/fakes.ts'
import { goldenActions, type GoldenAction } from './actions.ts'
import { differencesFrom, lacksOf, readFacts, readReference } from './reference.ts'

const bot = 10001 as never
const context: ActionContext = {
  isFriend: (userId) => userId === 20001,
  peerOf: (id) => (id === 501 ? { kind: 'group', groupId: 30001 as never } : undefined),
}
const read = (name: string, params: object): Action[] => parseCalls(findAction(name), params as never, context)

const facts = readFacts()
const reference = readReference()
const answered = goldenActions.filter((row) => row.calls && !row.local)

test('every action of the reference has one pair', () => {
  const seed = facts.actions.filter(({ inSeed }) => inSeed).map(({ name }) => name)
  expect(seed).toHaveLength(131)
  expect(goldenActions.map(({ name }) => name).toSorted()).toEqual(seed.toSorted())
  expect([...reference.keys()].toSorted()).toEqual(seed.toSorted())
})

/** Members that clients of the reference send here under one of their other names only. */
const otherNames: Record<string, readonly string[]> = {
  ArkSharePeer: ['group_id'],
  mark_msg_as_read: ['user_id'],
  download_file: ['url', 'headers'],
}

test.each(goldenActions)('$name: the request is the one of the reference', ({ name, params }) => {
  const asked = Object.keys(reference.get(name)?.request ?? {}).filter((key) => !otherNames[name]?.includes(key))
  expect(Object.keys(params)).toEqual(expect.arrayContaining(asked))
})

test.each(answered)('$name is read', ({ name, params, calls }) => {
  expect(read(name, params)).toEqual(calls)
})

function answer({ name, calls, result }: GoldenAction): unknown {
  const printing = { view: emptyView, format: 'array' as const, asked: calls?.at(-1)?.params as never }
  return printResult(findAction(name).row.result, result, bot, printing)
}

test.each(answered)('$name is answered', (row) => {
  expect(answer(row)).toEqual(row.data)
})

/** Why an answer is not the one of the facts. */
const betterThanFacts: Record<string, string> = {
  get_mini_app_ark: 'given as the backend gave it: its two layouts differ',
  get_guild_list: 'NapCat has a stub; this is go-cqhttp’s answer',
  get_guild_service_profile: 'NapCat has a stub; this is go-cqhttp’s answer',
  get_forward_msg: 'one shape for the readers of all three forms',
  get_group_info_ex: 'given as the backend gave it',
  delete_essence_msg: 'digestTime is a number, as in the reference and in set_essence_msg',
}

test.each(answered)('$name: the answer has every member of the facts', (row) => {
  const fact = facts.actions.find(({ name }) => name === row.name)
  const lacks = betterThanFacts[row.name] === undefined ? lacksOf(fact?.response, row.data ?? null, facts) : []
  expect(lacks).toEqual([])
})

/** Where the reference is wrong against its own implementation, or against the other ones. */
const wrongInReference: Record<string, string> = {
  get_online_clients: 'entries are devices, not text',
  translate_en2zh: 'the source wraps the list in words',
  get_rkey: 'ttl is a number in the source',
  set_essence_msg: 'errCode is text in the source, msg is not always filled',
  delete_essence_msg: 'the same',
  send_group_ai_record: 'the id is a number in the source',
  get_group_honor_info: 'group_id is a number and avatar an address, in the standard and in the source',
  get_recent_contact: 'the example holds broken enumerations',
  create_group_file_folder: 'fileInfo is null for a folder',
  get_group_ignore_add_request: 'the section runs on into the data models',
  get_friend_msg_history: 'a private message has no group',
  get_forward_msg: 'messages of a forward have no place of their own',
}

test.each(answered)('$name: the answer has every member of the reference', (row) => {
  const example = reference.get(row.name)?.data
  const empty = typeof example === 'object' && example !== null && Object.keys(example).length === 0
  const differences = wrongInReference[row.name] !== undefined || empty ? [] : differencesFrom(example, row.data)
  expect(differences).toEqual([])
})

/** Ids and sources that stay what they are. 8 is a friend request that was filtered. */
const sameIds: RequestIds = {
  message: String,
  request: (id) => ({ kind: 'join', native: Number(id) === 8 ? `${filteredMark}8` : String(id), userId: 1 as never }),
  source: ({ id, url, base64, path }) =>
    id === undefined
      ? url === undefined
        ? { kind: base64 === undefined ? 'path' : 'base64', value: base64 ?? path ?? '' }
        : { kind: 'url', value: url }
      : { kind: 'native', value: id },
}

describe('what is printed for a backend reads as the same action', () => {
  const more: Action[] = [
    { name: 'bot.avatar.set', params: { id: 'A.png' } },
    { name: 'bot.avatar.set', params: { path: '/a/b c.png' } },
    { name: 'bot.profile.set', params: { nickname: 'n' } },
    { name: 'group.search.set', params: { groupId: 1 as never, byFinger: true } },
    { name: 'group.honor.get', params: { groupId: 1 as never, kind: 'legend' } },
    { name: 'group.robotOption.set', params: { groupId: 1 as never, memberExamine: 2 } },
    { name: 'group.leave', params: { groupId: 1 as never } },
    { name: 'user.like.list', params: { start: 0, count: 5 } },
    { name: 'typing.set', params: { userId: 20001 as never, on: false } },
    { name: 'file.url', params: { peer: { kind: 'friend', userId: 20001 as never }, fileId: 'f' } },
    { name: 'file.url', params: { peer: { kind: 'group', groupId: 1 as never }, fileId: 'f', busId: 102 } },
    { name: 'file.upload', params: { peer: { kind: 'group', groupId: 1 as never }, name: 'n', id: 'A.bin' } },
    { name: 'media.get', params: { kind: 'file', id: 'f' } },
    { name: 'raw', params: { dialect: 'onebot11', name: 'get_group_signed_list', params: { group_id: 1 } } },
  ]
  const actions = [...answered.filter(({ law }) => !law).flatMap(({ calls }) => calls ?? []), ...more]
  test.each(actions.map((action) => [action.name, action] as const))('%s', (_name, action) => {
    const request = printAction(action, sameIds)
    expect(read(request.action, request.params)).toEqual([action])
  })

  test('every action that OneBot can say is among them', () => {
    const said = new Set(actions.map(({ name }) => name as string))
    const all = new Set(goldenActions.flatMap(({ name }) => findAction(name).row.to ?? []))
    expect([...all].filter((name) => !said.has(name))).toEqual(['group.member.title'])
  })
})

describe('over HTTP', () => {
  test('each of them is answered', async () => {
    let result: unknown
    const inbound = await startInbound({ appName: 'NapCat.Onebot', appVersion: '1.0.0' }, () => result)
    try {
      for (const row of goldenActions.filter(({ name }) => name !== 'download_file')) {
        ;({ result } = row)
        inbound.calls.length = 0
        const body = JSON.stringify(row.params)
        const response = await fetch(`${inbound.http}/${row.name}`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
        })
        const wire = (await response.json()) as { status: string; data: unknown }
        if (row.refused !== undefined) expect(wire, row.name).toMatchObject({ status: 'failed', retcode: 200 })
        else if (row.local) expect(wire.status, row.name).toBe('ok')
        else expect(wire, row.name).toMatchObject({ status: 'ok', retcode: 0, data: row.data ?? null })
      }
    } finally {
      await inbound.stop()
    }
  })
})
