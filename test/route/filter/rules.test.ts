// go-cqhttp's filters: the examples of its documentation, the corners of its operators, and what is said about mistakes.
import { describe, expect, test } from 'vitest'
import { parseRules } from '../../../src/route/filter/rules.ts'

const event = {
  post_type: 'message',
  message_type: 'group',
  group_id: 30001,
  user_id: 20001,
  anonymous: null,
  message: [
    { type: 'at', data: { qq: '10001' } },
    { type: 'text', data: { text: '通知: a' } },
  ],
  raw_message: '[CQ:at,qq=10001]通知: a',
  sender: { role: 'admin', nickname: 'n', 'a.b': 1 },
}
const fromFriend = { post_type: 'message', message_type: 'private', user_id: 20001, raw_message: '!!x', sender: {} }

describe('operators', () => {
  test.each<[object, boolean]>([
    [{}, true],
    [{ '.not': {} }, false],
    [{ message_type: 'group' }, true],
    [{ message_type: 'group', user_id: 1 }, false],
    [{ user_id: '20001' }, true],
    [{ anonymous: { '.eq': null } }, true],
    [{ nowhere: { '.eq': null } }, true],
    [{ nowhere: '' }, true],
    [{ user_id: { '.neq': 20001 } }, false],
    [{ user_id: { '.not': { '.in': [1, 2] }, '.neq': 3 } }, true],
    [{ group_id: { '.in': [1, 30001] } }, true],
    [{ group_id: { '.in': ['30001'] } }, true],
    [{ group_id: { '.in': [] } }, false],
    // A text holds the value: also when the value is only a part of a longer number.
    [{ group_id: { '.in': '1300012' } }, true],
    [{ nowhere: { '.in': 'anything' } }, true],
    [{ raw_message: { '.contains': '通知' } }, true],
    [{ user_id: { '.contains': 200 } }, true],
    [{ message_type: { '.regex': 'group|discuss' } }, true],
    [{ raw_message: { '.regex': '^!!' } }, false],
    [{ '.or': [{ message_type: 'private' }, { user_id: 20001 }] }, true],
    [{ '.or': [] }, false],
    [{ '.and': { message_type: 'group', '.or': [{ user_id: 1 }] } }, false],
    [{ sender: { role: 'admin', nickname: { '.regex': 'N' } } }, false],
    [{ 'sender.role': 'admin' }, true],
    [{ 'sender.a\\.b': 1 }, true],
    [{ 'sender.toString': { '.eq': null } }, true],
    [{ 'message.0.type': 'at' }, true],
    [{ 'message.#': 2 }, true],
    [{ 'message.#.type': { '.contains': '"text"' } }, true],
    [{ message: { '0': { type: 'at' } } }, true],
    [{ message: { '.regex': '^\\[CQ:at' } }, true],
    [{ message: '[CQ:at,qq=10001]通知: a' }, true],
    [{ sender: { '.contains': '"role":"admin"' } }, true],
  ])('%j: %s', (rules, expected) => {
    expect(parseRules(rules)(event)).toBe(expected)
  })

  test('groups 11111 and 30001 without one person, and all of another', () => {
    const isLetThrough = parseRules({
      '.or': [{ group_id: { '.in': [11111, 30001] }, user_id: { '.neq': 20001 } }, { user_id: 66666 }],
    })
    expect(isLetThrough(event)).toBe(false)
    expect(isLetThrough({ ...event, user_id: 20002 })).toBe(true)
    expect(isLetThrough({ ...fromFriend, user_id: 66666 })).toBe(true)
  })
})

describe('mistakes', () => {
  test.each<[unknown, string]>([
    [[], 'the whole: must be an object'],
    [{ '.nor': [] }, '.nor: no such operator; there are: .not .and .or .eq .neq .in .contains .regex'],
    [{ '.or': {} }, '.or: must be a list of objects'],
    [{ '.or': [{}, 1] }, '.or 1: must be an object'],
    [{ user_id: { '.not': { '.in': {} } } }, 'user_id .not .in: must be a list or a text'],
    [{ raw_message: { '.regex': [] } }, 'raw_message .regex: must be a text'],
    [{ raw_message: { '.regex': '(' } }, 'raw_message .regex: error parsing regexp: missing closing ): `(`'],
    [{ raw_message: { '.contains': {} } }, 'raw_message .contains: must be a text'],
    [{ '': 1 }, 'the whole: a key must not be empty'],
    [
      { 'message.#(type=="at")': 1 },
      'message.#(type=="at"): wildcards, queries and modifiers of GJSON are not supported; names, numbers and # between dots are',
    ],
  ])('%j', (rules, problem) => {
    expect(() => parseRules(rules)).toThrow(expect.objectContaining({ message: problem }) as Error)
  })
})
