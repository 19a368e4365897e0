// Secrets do not get into logs and traces, whatever form they come in; everything else stays as it is.
import { expect, test } from 'vitest'
import { createRedact, redact } from '../../src/core/redact.ts'

test.each([
  ['{"verifyKey":"abc","qq":1}', '{"verifyKey":"***","qq":1}'],
  ['{"sessionKey": "a\\"b","target":1}', '{"sessionKey":"***","target":1}'],
  ['{"code":0,"session":"YXh1"}', '{"code":0,"session":"***"}'],
  ['{"access_token":"abc","csrf_token":123456}', '{"access_token":"***","csrf_token":"***"}'],
  ['{"cookies":"uin=o1; skey=@x","rkey":"&rkey=CAQ"}', '{"cookies":"***","rkey":"***"}'],
  ['get http://q.cn/a.png?rkey=CAQSK&spec=0 now', 'get http://q.cn/a.png?*** now'],
  ['ws://127.0.0.1:1/all?verifyKey=abc&qq=1', 'ws://127.0.0.1:1/all?***'],
  ['GET /friendList?sessionKey=abc&x=1', 'GET /friendList?sessionKey=***&x=1'],
  ['Authorization: Bearer abcdef-123', 'Authorization: Bearer ***'],
  [`X-Signature: sha1=${'0a'.repeat(20)}`, 'X-Signature: sha1=***'],
  ['{"message":"what is a token? see http://a.b/c"}', '{"message":"what is a token? see http://a.b/c"}'],
  ['{"keyboard":{"a":1},"keys":["b"]}', '{"keyboard":{"a":1},"keys":["b"]}'],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected)
})

test('known secrets are hidden wherever they stand, short ones are not looked for', () => {
  const hide = createRedact(['a-secret-of-mine', '', 'abc'])
  expect(hide('"text":"a-secret-of-mine abc"')).toBe('"text":"*** abc"')
})

test('takes no longer for texts that are made to take long', () => {
  const before = performance.now()
  for (const part of ['"token', '"a\\', 'http://', '?token', 'Bearer ', '"session":"\\']) redact(part.repeat(50_000))
  expect(performance.now() - before).toBeLessThan(2000)
})
