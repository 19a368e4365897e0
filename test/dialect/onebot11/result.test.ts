import { expect, test } from 'vitest'
import { readFriend, readGroup, readList, readMember, readProfile } from '../../../src/dialect/onebot11/models.ts'
import { printResult, readForwardItems, readHistory, readSent } from '../../../src/dialect/onebot11/result.ts'
import { emptyView, fakeEventIds } from './fakes.ts'

const bot = 10001 as never
const context = { view: emptyView, format: 'array' as const }

test.each<[Parameters<typeof printResult>[0], unknown, string]>([
  ['sent', { messageId: 5 }, '{"message_id":5}'],
  ['sent', { messageId: 5, forwardId: 'r' }, '{"message_id":5,"res_id":"r","forward_id":"r"}'],
  ['forwardSent', { messageId: 5 }, '{"message_id":5,"res_id":"5","forward_id":"5"}'],
  ['login', { userId: 1, nickname: 'n' }, '{"user_id":1,"nickname":"n"}'],
  ['callResult', {}, '{"result":0,"errMsg":""}'],
  [undefined, {}, 'null'],
  [
    'friends',
    [{ userId: 1, nickname: 'n', remark: 'r' }],
    '[{"user_id":1,"nickname":"n","remark":"r","sex":"unknown","level":0,"age":0,"birthday_year":0,"birthday_month":0,"birthday_day":0,"phone_num":"","email":"","category_id":0}]',
  ],
  [
    'group',
    { groupId: 1, name: 'g', memberCount: 2, muteAll: true },
    '{"group_id":1,"group_name":"g","member_count":2,"max_member_count":0,"group_all_shut":-1,"group_remark":""}',
  ],
  [
    'member',
    {
      groupId: 1,
      userId: 2,
      nickname: 'n',
      card: 'c',
      role: 'admin',
      title: '',
      joinTime: 3,
      lastSpeakTime: 4,
      mutedUntil: 5,
    },
    '{"group_id":1,"user_id":2,"nickname":"n","card":"c","sex":"unknown","age":0,"area":"","level":"","qq_level":0,"join_time":3,"last_sent_time":4,"title_expire_time":0,"unfriendly":false,"card_changeable":false,"is_robot":false,"shut_up_timestamp":0,"role":"admin","title":""}',
  ],
  [
    'categories',
    [{ userId: 1, nickname: 'n', remark: '', categoryId: 2, categoryName: 'c' }],
    '[{"categoryId":2,"categorySortId":0,"categoryName":"c","categoryMbCount":1,"onlineCount":0,"buddyList":[{"user_id":1,"nickname":"n","remark":"","sex":"unknown","level":0,"age":0,"birthday_year":0,"birthday_month":0,"birthday_day":0,"phone_num":"","email":"","category_id":2}]}]',
  ],
])('%s %j', (model, result, text) => {
  expect(JSON.stringify(printResult(model, result, bot, context))).toBe(text)
})

test('a forward is answered in both forms', () => {
  const result = { nodes: [{ senderId: 1, senderName: 'n', time: 7, segments: [{ type: 'text', text: 'a' }] }] }
  expect(printResult('forward', result, bot, context)).toMatchObject({
    messages: [{ sender: { user_id: 1, nickname: 'n' }, content: [{ type: 'text' }], message: [{ type: 'text' }] }],
    message: [{ type: 'node', data: { user_id: '1', nickname: 'n', content: [{ type: 'text' }], time: 7 } }],
  })
})

test('a message of the bot is message_sent', () => {
  const message = {
    id: 5,
    peer: { kind: 'friend', userId: 1 },
    time: 3,
    sender: { userId: 10001, nickname: 'b' },
    segments: [],
  }
  expect(printResult('message', message, bot, context)).toMatchObject({
    post_type: 'message_sent',
    message_id: 5,
    real_id: 5,
    target_id: 1,
    message: [],
    raw_message: '',
  })
})

test('contacts of backends are read loosely', () => {
  expect(readFriend({ user_id: '1', nickname: 'n', sex: 'odd', remark: null, level: 'x' })).toEqual({
    userId: 1,
    nickname: 'n',
    remark: '',
  })
  expect(readFriend({ nickname: 'n' })).toBeUndefined()
  expect(readGroup({ group_id: 1, group_name: 'g', group_all_shut: -1 })).toEqual({
    groupId: 1,
    name: 'g',
    muteAll: true,
  })
  expect(readMember({ group_id: 1, user_id: 2, level: 7, role: 'boss' })).toEqual({
    groupId: 1,
    userId: 2,
    nickname: '',
    card: '',
    level: '7',
    joinTime: 0,
    lastSpeakTime: 0,
    mutedUntil: 0,
    role: 'member',
    title: '',
  })
  expect(readProfile({ user_id: 1, nickname: 'n', qqLevel: 9, long_nick: 's', sex: 'male' })).toEqual({
    userId: 1,
    nickname: 'n',
    level: 9,
    sign: 's',
    sex: 'male',
  })
  expect(readList([{ user_id: 1 }, null, {}], readProfile)).toEqual([{ userId: 1, nickname: '' }])
  expect(readList({}, readProfile)).toEqual([])
})

test('what backends say about messages', () => {
  expect(readSent({ message_id: -5, res_id: 'r' })).toEqual({ native: '-5', forwardId: 'r' })
  expect(readSent({ message_id: 0 })).toBeUndefined()
  expect(readSent(null)).toBeUndefined()
  expect(readForwardItems({ message: [1] })).toEqual([1])
  const item = { message_type: 'group', group_id: 1, user_id: 2, message_id: 3, message: 'a' }
  const read = readHistory(
    { messages: [{ ...item, time: 9 }, {}, { ...item, time: 8, message_id: 4 }] },
    bot,
    fakeEventIds(),
  )
  expect(read.map(({ id }) => id)).toEqual([4, 3])
})
