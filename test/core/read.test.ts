import { describe, expect, test } from 'vitest'
import { parseAction } from '../../src/core/action.ts'
import { defineFields } from '../../src/core/fields.ts'
import * as read from '../../src/core/read.ts'

describe('ids', () => {
  test.each([
    [10001, 10001],
    ['10001', 10001],
    ['00012', 12],
    [4294967296, 4294967296],
  ])('%o is an account', (value, id) => {
    expect(read.toAccount(value)).toBe(id)
  })

  test.each([
    [[5]],
    [true],
    [null],
    [''],
    ['1e4'],
    ['0x10'],
    [1.5],
    [1e21],
    ['１２３'],
    [0],
    [-1],
    [{}],
    [' 5'],
    ['9'.repeat(21)],
    [NaN],
  ])('%o is none', (value) => {
    expect(read.toAccount(value)).toBeUndefined()
  })

  test('message ids are non-zero int32, negative ones too', () => {
    expect([-5, '17', 2147483647, '-2147483648'].map(read.toMessageId)).toEqual([-5, 17, 2147483647, -2147483648])
    expect([0, '0', 2147483648, 1.5, 'x', null].map(read.toMessageId)).toEqual(Array(6).fill(undefined))
  })
})

test('the ways to say yes and no', () => {
  expect([true, 1, '1', 'true', 'True', 'yes', 'on'].map(read.toBoolean)).toEqual(Array(7).fill(true))
  expect([false, 0, '0', 'false', 'False', 'no', 'off'].map(read.toBoolean)).toEqual(Array(7).fill(false))
  expect([2, 'maybe', null, [], {}].map(read.toBoolean)).toEqual(Array(5).fill(undefined))
})

describe('field tables', () => {
  const mute = defineFields([
    ['group_id', 'groupId', 'account!'],
    ['user_id|uin', 'userId', 'account!'],
    ['duration', 'durationSeconds', 'int', 1800],
  ])

  test('read renames, aliases, defaults, null as absent', () => {
    expect(mute.read({ group_id: '30001', uin: 20001, duration: null, extra: 1 })).toEqual({
      groupId: 30001,
      userId: 20001,
      durationSeconds: 1800,
    })
  })

  test('name the parameter that is missing or wrong', () => {
    expect(() => mute.read({ user_id: 1 })).toThrow('missing parameter: group_id')
    expect(() => mute.read({ group_id: 1, user_id: '1e4' })).toThrow('user_id must be a positive integer')
    expect(() => mute.read({ group_id: 1, user_id: 1, duration: 'long' })).toThrow('duration must be an integer')
  })

  test('inherited names are no parameters', () => {
    const table = defineFields([['constructor', 'x', 'json']])
    expect(table.read({})).toEqual({})
  })

  test('print is the way back', () => {
    const params = { groupId: 30001, userId: 20001, durationSeconds: 60 }
    expect(mute.print(params)).toEqual({ group_id: 30001, user_id: 20001, duration: 60 })
    expect(mute.read(mute.print(params))).toEqual(params)
  })
})

describe('parseAction', () => {
  test('takes what fits', () => {
    const params = { peer: { kind: 'group', groupId: 1 }, segments: [{ type: 'text', text: 'x' }] }
    expect(parseAction('message.send', params)).toEqual({ name: 'message.send', params })
  })

  test('says where it does not fit', () => {
    const params = { peer: { kind: 'group', groupId: 1 }, segments: [{ type: 'text' }] }
    expect(() => parseAction('message.send', params)).toThrow(/segments\.0\.text/)
    expect(() => parseAction('constructor', {})).toThrow(expect.objectContaining({ kind: 'unknownAction' }))
  })
})
