import { describe, expect, test } from 'vitest'
import { BridgeError, errorKinds } from '../../../src/core/error.ts'
import { echoOf } from '../../../src/dialect/onebot11/echo.ts'
import { printFailure, printOk, readAnswer, toAnswerText } from '../../../src/dialect/onebot11/response.ts'

test('an answer has all members in order', () => {
  expect(toAnswerText(printOk(undefined), '{"b":1,"1":2}')).toBe(
    '{"status":"ok","retcode":0,"data":null,"message":"","wording":"","echo":{"b":1,"1":2}}',
  )
  expect(toAnswerText(printFailure(new BridgeError('unknownAction', 'x'), 'ws'), undefined)).toBe(
    '{"status":"failed","retcode":1404,"data":null,"message":"x","wording":"x"}',
  )
})

test.each(errorKinds)('%s has a code in either column', (kind) => {
  for (const way of ['http', 'ws'] as const) {
    expect(printFailure(new BridgeError(kind, 'x'), way)).toMatchObject({ status: 'failed', data: null })
  }
})

test.each<[string, string | undefined]>([
  ['{"echo":1}', '1'],
  ['{ "action" : "a" , "echo" : { "b" : [1, 2], "1" : "}" } }', '{ "b" : [1, 2], "1" : "}" }'],
  ['{"params":{"echo":2},"x":"\\"echo\\":3","echo":12345678901234567890}', '12345678901234567890'],
  ['{"echo":"a\\"b,"}', '"a\\"b,"'],
  ['{"echo":1,"echo":null}', 'null'],
  ['{"a":"\\\\","echo":1.0 }', '1.0'],
  ['{}', undefined],
  ['{"a":[1,{"echo":2}]}', undefined],
])('the echo of %s', (text, echo) => expect(echoOf(text)).toBe(echo))

test('finding the echo is linear', () => {
  const started = performance.now()
  expect(echoOf(JSON.stringify({ a: 'x'.repeat(20_000_000), echo: {} }))).toBe('{}')
  expect(performance.now() - started).toBeLessThan(1000)
})

describe('readAnswer', () => {
  test.each<[unknown, unknown]>([
    [{ status: 'ok', retcode: 0, data: { a: 1 } }, { a: 1 }],
    [{ status: 'ok', retcode: 0 }, null],
    [{ status: 'async', retcode: 1, data: null }, null],
    [{ retcode: 0, data: 5 }, 5],
  ])('%j', (answer, data) => expect(readAnswer(answer)).toEqual(data))

  test.each<[unknown, string, string]>([
    [
      { status: 'failed', retcode: 200, message: '不支持的Api x', wording: '不支持的Api x' },
      'unknownAction',
      '不支持的Api x',
    ],
    [{ status: 'failed', retcode: 404, msg: 'API_NOT_FOUND' }, 'unknownAction', 'API_NOT_FOUND'],
    [{ status: 'failed', retcode: 1404 }, 'unknownAction', 'the backend refused without a reason, retcode 1404'],
    [{ status: 'failed', retcode: 1400, wording: 'x' }, 'badParameter', 'x'],
    [{ status: 'failed', retcode: 100, msg: 'MSG_NOT_FOUND', wording: '消息不存在' }, 'notFound', '消息不存在'],
    [{ status: 'failed', retcode: 1200, message: 'whatever' }, 'backend', 'whatever'],
    // What this bridge says as a server, when another bridge stands before it.
    ...(
      [
        ['notFound', 'there is no group 39999'],
        ['notFound', '5 is not a member of group 30001'],
        ['noPermission', '10001 (admin) cannot mute 20001 (owner) in group 30001'],
        ['noPermission', 'a title in group 30001 takes the owner, 10001 is admin'],
        ['muted', '10001 is muted in group 30003 until 5'],
      ] as const
    ).map(([kind, message]): [unknown, string, string] => [
      { status: 'failed', retcode: 1200, message },
      kind,
      message,
    ]),
    [{ status: 'failed', retcode: -34 }, 'muted', 'the backend refused without a reason, retcode -34'],
    ['x', 'backend', 'the backend answered something that is not an object'],
  ])('%j', (answer, kind, message) => {
    expect(() => readAnswer(answer, 'napcat')).toThrow(expect.objectContaining({ kind, message }))
  })
})
