import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Action } from '../../../src/core/action.ts'
import { findAction, onebot11ActionNames, parseCalls } from '../../../src/dialect/onebot11/action.ts'
import { printAction } from '../../../src/dialect/onebot11/action-print.ts'
import type { ActionContext } from '../../../src/dialect/onebot11/action-special.ts'
import { fakeSendIds } from './fakes.ts'

const context: ActionContext = {
  isFriend: (userId) => userId === 20001,
  peerOf: (id) => (id === 5 ? { kind: 'group', groupId: 30001 as never } : undefined),
}
const read = (name: string, params: object) => parseCalls(findAction(name), params as never, context)
const text = [{ type: 'text', text: 'hi' }]
const group = { kind: 'group', groupId: 30001 }

test('the table holds exactly the action names of the facts', () => {
  const facts = JSON.parse(readFileSync(new URL('../../facts/onebot11-actions.json', import.meta.url), 'utf8')) as {
    actions: { name: string }[]
  }
  expect(onebot11ActionNames).toHaveLength(235)
  expect([...onebot11ActionNames].toSorted()).toEqual(facts.actions.map(({ name }) => name).toSorted())
})

test.each(['send_msg_async', 'send_msg_rate_limited'])('%s is send_msg', (name) => {
  expect(findAction(name).name).toBe('send_msg')
})

test.each(['', 'nope', '__proto__', 'constructor', 'toString', '_async', 'send_msg_async_async'])(
  '%j is unknown',
  (name) => {
    expect(() => findAction(name)).toThrow(
      expect.objectContaining({ kind: 'unknownAction', message: `不支持的Api ${name}` }),
    )
  },
)

describe('parseCalls', () => {
  test.each<[string, object, object]>([
    ['send_msg', { group_id: '30001', message: 'hi' }, { peer: group, segments: text }],
    [
      'send_msg',
      { message_type: 'private', group_id: 30001, user_id: 20001, message: 'hi' },
      { peer: { kind: 'friend', userId: 20001 }, segments: text },
    ],
    [
      'send_msg',
      { user_id: 20002, group_id: 0, message: 'hi' },
      { peer: { kind: 'stranger', userId: 20002 }, segments: text },
    ],
    [
      'send_private_msg',
      { user_id: 20002, group_id: 30001, message: 'hi' },
      { peer: { kind: 'temp', userId: 20002, groupId: 30001 }, segments: text },
    ],
    ['send_group_msg', { group_id: 30001, user_id: 20001, message: 'hi' }, { peer: group, segments: text }],
    [
      'send_group_msg',
      { group_id: 30001, message: '[CQ:x]', auto_escape: 'true' },
      { peer: group, segments: [{ type: 'text', text: '[CQ:x]' }] },
    ],
    [
      'send_group_msg',
      { group_id: 30001, message: [{ type: 'node', data: { id: 5 } }], source: 't' },
      { peer: group, segments: [{ type: 'forward', title: 't', nodes: [{ messageId: 5 }] }] },
    ],
    [
      'send_group_forward_msg',
      { group_id: 30001, messages: [{ type: 'node', data: { id: 5 } }] },
      { peer: group, segments: [{ type: 'forward', nodes: [{ messageId: 5 }] }] },
    ],
    [
      'send_private_forward_msg',
      { user_id: 20001, message: [{ type: 'node', data: { id: 5 } }] },
      { peer: { kind: 'friend', userId: 20001 }, segments: [{ type: 'forward', nodes: [{ messageId: 5 }] }] },
    ],
    ['delete_msg', { message_id: '-5' }, { messageId: -5 }],
    ['get_msg', { message_id: 5 }, { messageId: 5 }],
    ['get_forward_msg', { id: 'r' }, { id: 'r' }],
    ['get_forward_msg', { message_id: 5 }, { id: '5' }],
    ['get_group_msg_history', { group_id: 30001, message_seq: 0 }, { peer: group, count: 20 }],
    [
      'get_group_msg_history',
      { group_id: 30001, message_seq: '5', count: '3', reverseOrder: true },
      { peer: group, count: 3, before: 5 },
    ],
    ['get_friend_msg_history', { user_id: 20001 }, { peer: { kind: 'friend', userId: 20001 }, count: 20 }],
    ['forward_group_single_msg', { group_id: 30001, message_id: 5 }, { messageId: 5, peer: group }],
    ['mark_msg_as_read', { message_id: 5 }, { peer: group }],
    ['mark_private_msg_as_read', { user_id: 20001 }, { peer: { kind: 'friend', userId: 20001 } }],
    ['_mark_all_as_read', {}, {}],
    ['group_poke', { group_id: 30001, user_id: 20001 }, { peer: group, targetId: 20001 }],
    ['send_poke', { group_id: '', user_id: 20001 }, { peer: { kind: 'friend', userId: 20001 }, targetId: 20001 }],
    ['friend_poke', { user_id: 20001, target_id: 10001 }, { peer: { kind: 'friend', userId: 20001 }, targetId: 10001 }],
    ['get_stranger_info', { user_id: 1, no_cache: 'true' }, { userId: 1, fresh: true }],
    ['delete_friend', { friend_id: 1 }, { userId: 1 }],
    ['set_friend_add_request', { flag: '7' }, { requestId: 7, approve: true }],
    [
      'set_friend_add_request',
      { flag: 7, approve: 'false', remark: 'r' },
      { requestId: 7, approve: false, remark: 'r' },
    ],
    [
      'set_group_add_request',
      { flag: '7', sub_type: 'add', approve: false, reason: 'no' },
      { requestId: 7, approve: false, reason: 'no' },
    ],
    ['set_group_leave', { group_id: 30001, is_dismiss: null }, { groupId: 30001 }],
    ['set_group_whole_ban', { group_id: 30001 }, { groupId: 30001, on: true }],
    ['set_group_name', { group_id: 30001, group_name: 'n' }, { groupId: 30001, name: 'n' }],
    [
      'set_group_kick',
      { group_id: 30001, user_id: 1, reject_add_request: 'True' },
      { groupId: 30001, userId: 1, block: true },
    ],
    ['set_group_ban', { group_id: 30001, user_id: 1 }, { groupId: 30001, userId: 1, durationSeconds: 1800 }],
    [
      'set_group_ban',
      { group_id: 30001, user_id: 1, duration: '0' },
      { groupId: 30001, userId: 1, durationSeconds: 0 },
    ],
    ['set_group_admin', { group_id: 30001, user_id: 1 }, { groupId: 30001, userId: 1, on: true }],
    ['set_group_card', { group_id: 30001, user_id: 1 }, { groupId: 30001, userId: 1, card: '' }],
    [
      'set_group_special_title',
      { group_id: 30001, user_id: 1, special_title: 't' },
      { groupId: 30001, userId: 1, title: 't' },
    ],
    ['set_essence_msg', { message_id: 5 }, { messageId: 5, on: true }],
    ['delete_essence_msg', { message_id: 5 }, { messageId: 5, on: false }],
    ['get_cookies', { domain: 'd' }, { kind: 'cookies', params: { domain: 'd' } }],
    [
      'set_online_status',
      { status: '10', extStatus: '1028', batteryStatus: 5 },
      { status: 10, extStatus: 1028, battery: 5 },
    ],
    ['set_qq_profile', { nickname: 'n', sex: 2 }, { nickname: 'n', sex: 'female' }],
    ['set_qq_avatar', { file: 'D:/a.jpg' }, { path: 'D:/a.jpg' }],
    ['set_qq_avatar', { file: 'data:image/png;base64,AAAA' }, { base64: 'AAAA' }],
    ['fetch_emoji_like', { message_id: 5, emoji_id: 76 }, { messageId: 5, emojiId: '76', count: 20 }],
    ['unset_msg_emoji_like', { message_id: 5, emoji_id: 76 }, { messageId: 5, emojiId: '76', on: false }],
    ['set_group_reaction', { group_id: 1, message_id: 5, code: '76' }, { messageId: 5, emojiId: '76', on: true }],
    ['get_image', { file: '', file_id: 'x' }, { kind: 'image', id: 'x' }],
    [
      '_send_group_notice',
      { group_id: 1, content: 'c' },
      { groupId: 1, text: 'c', pinned: false, confirmRequired: true, showEditCard: false, showPopup: false },
    ],
    ['get_group_honor_info', { group_id: 1, type: 'legend' }, { groupId: 1, kind: 'legend' }],
    ['create_group_file_folder', { group_id: 1, name: 'n', parent_id: '/' }, { groupId: 1, name: 'n', parentId: '/' }],
    [
      'move_group_file',
      { group_id: 1, file_id: 'f', parent_directory: '/', target_directory: '/d' },
      { groupId: 1, fileId: 'f', fromFolderId: '/', toFolderId: '/d' },
    ],
    ['delete_group_folder', { group_id: 1, folder: '/d' }, { groupId: 1, folderId: '/d' }],
    [
      'upload_group_file',
      { group_id: 1, file: 'https://a.example/x/a%20b.zip?c=d' },
      { peer: { kind: 'group', groupId: 1 }, name: 'a%20b.zip', url: 'https://a.example/x/a%20b.zip?c=d' },
    ],
    [
      'get_group_file_url',
      { group_id: 1, file_id: '/f', bus_id: '102' },
      { peer: { kind: 'group', groupId: 1 }, fileId: '/f', busId: 102 },
    ],
    [
      'get_private_file_url',
      { user_id: 20001, file_id: 'f' },
      { peer: { kind: 'friend', userId: 20001 }, fileId: 'f' },
    ],
    ['get_group_shut_list', { group_id: 1 }, { groupId: 1, fresh: true }],
    ['set_input_status', { user_id: 1, event_type: '2' }, { userId: 1, on: false }],
    [
      'ArkSharePeer',
      { group_id: '1', phone_number: '' },
      { kind: 'share.peer', params: { group_id: 1, phone_number: '' } },
    ],
    ['.ocr_image', { image: 'file:///a.png' }, { kind: 'ocr', params: { image: { path: '/a.png' } } }],
    ['get_updates', { limit: 1 }, { dialect: 'onebot11', name: 'get_updates', params: { limit: 1 } }],
  ])('%s %j', (name, params, expected) => {
    expect(read(name, params)).toEqual([{ name: findAction(name).row.to ?? 'raw', params: expected }])
  })

  test('several kicks', () => {
    expect(read('set_group_kick_members', { group_id: 30001, user_id: ['1', 2] })).toEqual([
      { name: 'group.member.kick', params: { groupId: 30001, userId: 1 } },
      { name: 'group.member.kick', params: { groupId: 30001, userId: 2 } },
    ])
  })

  test.each<[string, object, string, RegExp]>([
    ['send_msg', { message: 'a' }, 'badParameter', /missing parameter: group_id or user_id/],
    ['send_msg', { group_id: 1 }, 'badParameter', /missing parameter: message/],
    ['send_msg', { group_id: 1, message: '' }, 'badParameter', /empty/],
    ['send_group_msg', { user_id: 1, message: 'a' }, 'badParameter', /missing parameter: group_id/],
    ['send_private_msg', { group_id: 1, message: 'a' }, 'badParameter', /missing parameter: user_id/],
    ['send_private_msg', { user_id: '1e4', message: 'a' }, 'badParameter', /user_id must be/],
    ['delete_msg', {}, 'badParameter', /missing parameter: message_id/],
    ['get_msg', { message_id: 0 }, 'badParameter', /message_id must be/],
    ['mark_msg_as_read', { message_id: 6 }, 'notFound', /no such message: 6/],
    ['set_friend_add_request', { flag: 'abc' }, 'notFound', /no such request/],
    ['set_friend_add_request', {}, 'badParameter', /missing parameter: flag/],
    ['set_group_ban', { group_id: 1, user_id: 1, duration: 'x' }, 'badParameter', /duration must be/],
    ['get_group_msg_history', { group_id: 1, count: 'x' }, 'badParameter', /count must be/],
    ['set_qq_profile', {}, 'badParameter', /missing parameter: nickname/],
    ['set_qq_profile', { sex: 3 }, 'badParameter', /sex must be/],
    ['set_qq_avatar', { file: '' }, 'badParameter', /missing parameter: file/],
    ['set_qq_avatar', { file: 'ftp://a' }, 'badParameter', /ftp/],
    ['set_qq_avatar', { file: 5 }, 'badParameter', /file must be/],
    ['get_image', {}, 'badParameter', /missing parameter: file/],
    ['_send_group_notice', { group_id: 1 }, 'badParameter', /missing parameter: content/],
    ['_send_group_notice', { group_id: 1, content: 'c', pinned: 'x' }, 'badParameter', /pinned must be/],
    ['get_group_honor_info', { group_id: 1, type: 'constructor' }, 'badParameter', /type must be/],
    ['get_group_file_url', { group_id: 1 }, 'badParameter', /missing parameter: file_id/],
    ['upload_group_file', { group_id: 1, name: 'n' }, 'badParameter', /missing parameter: file/],
    ['send_like', { user_id: 1, times: 'many' }, 'badParameter', /times must be/],
    ['set_group_search', { group_id: 1, no_finger_open: [] }, 'badParameter', /no_finger_open must be/],
    ['set_doubt_friends_add_request', { flag: 'x' }, 'notFound', /no such request/],
  ])('%s refuses %j', (name, params, kind, message) => {
    expect(() => read(name, params)).toThrow(expect.objectContaining({ kind, message: expect.stringMatching(message) }))
  })
})

describe('printAction', () => {
  test.each<[Action, string, object]>([
    [
      { name: 'message.send', params: { peer: group, segments: text } } as never,
      'send_group_msg',
      { group_id: 30001, message: [{ type: 'text', data: { text: 'hi' } }] },
    ],
    [
      { name: 'message.send', params: { peer: { kind: 'temp', userId: 1, groupId: 2 }, segments: text } } as never,
      'send_private_msg',
      { user_id: 1, group_id: 2, message: [{ type: 'text', data: { text: 'hi' } }] },
    ],
    [
      {
        name: 'message.send',
        params: { peer: group, segments: [{ type: 'forward', title: 't', nodes: [{ messageId: 5 }] }] },
      } as never,
      'send_group_forward_msg',
      { group_id: 30001, messages: [{ type: 'node', data: { id: '500' } }], source: 't' },
    ],
    [{ name: 'message.recall', params: { messageId: 5 } } as never, 'delete_msg', { message_id: 500 }],
    [
      { name: 'message.history', params: { peer: group, before: 5, count: 3 } } as never,
      'get_group_msg_history',
      { group_id: 30001, message_seq: 500, message_id: 500, count: 3 },
    ],
    [{ name: 'message.forward.get', params: { id: '5' } }, 'get_forward_msg', { id: '500', message_id: '500' }],
    [
      { name: 'message.forward.get', params: { id: '7412345678901234567' } },
      'get_forward_msg',
      { id: '7412345678901234567', message_id: '7412345678901234567' },
    ],
    [{ name: 'message.markRead', params: {} }, '_mark_all_as_read', {}],
    [
      { name: 'nudge.send', params: { peer: group, targetId: 1 } } as never,
      'group_poke',
      { group_id: 30001, user_id: 1 },
    ],
    [{ name: 'bot.info', params: {} }, 'get_login_info', {}],
    [
      { name: 'group.member.mute', params: { groupId: 1, userId: 2, durationSeconds: 0 } } as never,
      'set_group_ban',
      { group_id: 1, user_id: 2, duration: 0 },
    ],
    [
      { name: 'group.member.admin', params: { groupId: 1, userId: 2, on: false } } as never,
      'set_group_admin',
      { group_id: 1, user_id: 2, enable: false },
    ],
    [
      { name: 'group.essence.set', params: { messageId: 5, on: false } } as never,
      'delete_essence_msg',
      { message_id: 500 },
    ],
    [
      { name: 'request.group.answer', params: { requestId: 7, approve: false, reason: 'r' } } as never,
      'set_group_add_request',
      { flag: 'F1', sub_type: 'invite', type: 'invite', approve: false, reason: 'r' },
    ],
    [
      {
        name: 'raw',
        params: { dialect: 'onebot11', name: 'set_group_todo', params: { message_id: '5', group_id: 1 } },
      },
      'set_group_todo',
      { message_id: 500, group_id: 1 },
    ],
    [
      { name: 'raw', params: { dialect: 'onebot11', name: 'get_cookies', params: { message_id: '5' } } },
      'get_cookies',
      { message_id: '5' },
    ],
  ])('%j', (action, name, params) => expect(printAction(action, fakeSendIds)).toEqual({ action: name, params }))

  test('what takes several requests is refused', () => {
    expect(() => printAction({ name: 'group.config.get', params: { groupId: 1 as never } }, fakeSendIds)).toThrow(
      /no single action/,
    )
  })
})
