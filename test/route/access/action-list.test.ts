// Names of actions in any dialect, what they cover, and what stays uncovered.
import { describe, expect, test } from 'vitest'
import { actionGroups } from '../../../mappings/action-groups.ts'
import { onebot11Actions } from '../../../mappings/onebot11-actions.ts'
import type { Action } from '../../../src/core/action.ts'
import { createActionCheck } from '../../../src/route/access/action-list.ts'
import { actionWords, rulesOf } from '../../../src/route/access/action-names.ts'

const groupId = 30001 as never
const userId = 20001 as never
const inGroup = { kind: 'group', groupId } as const
const toFriend = { kind: 'friend', userId } as const
const text = [{ type: 'text' as const, text: 'a' }]

const actions = {
  leave: { name: 'group.leave', params: { groupId } },
  kick: { name: 'group.member.kick', params: { groupId, userId } },
  mute: { name: 'group.member.mute', params: { groupId, userId, durationSeconds: 60 } },
  unmute: { name: 'group.member.mute', params: { groupId, userId, durationSeconds: 0 } },
  groupSend: { name: 'message.send', params: { peer: inGroup, segments: text } },
  friendSend: { name: 'message.send', params: { peer: toFriend, segments: text } },
  tempSend: { name: 'message.send', params: { peer: { kind: 'temp', userId, groupId }, segments: text } },
  forward: { name: 'message.send', params: { peer: inGroup, segments: [{ type: 'forward', nodes: [] }] } },
  cookies: { name: 'server.ask', params: { kind: 'cookies', params: {} } },
  translate: { name: 'server.ask', params: { kind: 'translate', params: {} } },
  addEssence: { name: 'group.essence.set', params: { messageId: 1 as never, on: true } },
  removeEssence: { name: 'group.essence.set', params: { messageId: 1 as never, on: false } },
  title: { name: 'group.member.title', params: { groupId, userId, title: '' } },
  files: { name: 'file.list', params: { groupId } },
  list: { name: 'group.list', params: {} },
  restart: raw('set_restart'),
  own: raw('some_plugin'),
} satisfies Record<string, Action>
type Name = keyof typeof actions

function raw(name: string): Action {
  return { name: 'raw', params: { dialect: 'onebot11', name, params: {} } }
}

const names = Object.keys(actions) as Name[]

describe('names', () => {
  test.each<[string, Name[]]>([
    ['group.leave', ['leave']],
    ['set_group_leave', ['leave']],
    ['quit', ['leave']],
    ['leave', ['leave']],
    ['group.member', ['kick', 'mute', 'unmute', 'title']],
    ['kick', ['kick']],
    ['mute', ['mute']],
    ['unmute', ['unmute']],
    ['set_group_ban', ['mute', 'unmute']],
    ['send_msg', ['groupSend', 'friendSend', 'tempSend', 'forward']],
    ['send_group_msg', ['groupSend', 'forward']],
    ['send_private_msg', ['friendSend', 'tempSend']],
    ['sendFriendMessage', ['friendSend']],
    ['sendTempMessage', ['tempSend']],
    ['send_group_forward_msg', ['forward']],
    ['get_cookies', ['cookies']],
    ['credentials', ['cookies']],
    ['server', ['cookies', 'translate']],
    ['set_essence_msg', ['addEssence']],
    ['setEssence', ['addEssence']],
    ['delete_essence_msg', ['removeEssence']],
    ['memberInfo', ['title']],
    ['admin', ['kick', 'mute', 'unmute', 'addEssence', 'removeEssence', 'title']],
    ['files', ['files']],
    ['file_info', ['files']],
    ['send', ['groupSend', 'friendSend', 'tempSend', 'forward']],
    ['set_restart', ['restart']],
    ['raw.some_plugin', ['own']],
    ['raw', ['restart', 'own']],
  ])('%s', (word, covered) => {
    const isAllowed = createActionCheck([word])
    const isLeft = createActionCheck({ not: [word] })
    expect(names.filter((name) => isAllowed?.(actions[name]))).toEqual(covered)
    expect(names.filter((name) => !isLeft?.(actions[name]))).toEqual(covered)
  })

  test('only and not hold together', () => {
    const isAllowed = createActionCheck({ only: ['group'], not: ['admin'] })
    expect(names.filter((name) => isAllowed?.(actions[name]))).toEqual(['leave', 'list'])
  })

  test('each of them means something, members of groups are names themselves', () => {
    expect(actionWords.filter((word) => rulesOf(word).length === 0)).toEqual([])
    expect(
      Object.values(actionGroups)
        .flat()
        .filter((word) => !actionWords.includes(word)),
    ).toEqual([])
    const local = Object.entries(onebot11Actions).flatMap(([name, row]) => ('local' in row ? [name] : []))
    expect(local.filter((name) => actionWords.includes(name))).toEqual(['clean_cache'])
  })
})

describe('what a backend may take for something else', () => {
  const isAllowed = createActionCheck({ not: ['leave', 'set_restart', 'raw.some_plugin'] })

  test.each(['set_restart_async', 'some_plugin_rate_limited', 'some_plugin_async_async'])('%s is refused', (name) => {
    expect(isAllowed?.(raw(name))).toBe(false)
  })

  test.each(['set_group_leave_async_async', '.handle_quick_operation_async_async', 'get_status_async_rate_limited'])(
    '%s is refused whatever the list says',
    (name) => {
      expect(isAllowed?.(raw(name))).toBe(false)
      expect(createActionCheck(['raw'])?.(raw(name))).toBe(false)
    },
  )

  test.each(['other_plugin', '_async', 'get_word_slices'])('%s passes', (name) => {
    expect(isAllowed?.(raw(name))).toBe(true)
  })
})

test('no list, nothing to ask', () => {
  expect(createActionCheck(undefined)).toBeUndefined()
})
