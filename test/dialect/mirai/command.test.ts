import { describe, expect, test } from 'vitest'
import { BridgeError, errorKinds } from '../../../src/core/error.ts'
import {
  allCommands,
  findCommand,
  findRoute,
  MissingFields,
  parseAnswer,
  printCommand,
  readParams,
  toAnswerError,
  toErrorAnswer,
  type Command,
} from '../../../src/dialect/mirai/index.ts'
import { spec } from './spec.ts'

function command(name: string, sub?: string): Command {
  const found = findCommand(name, sub)
  if (!found) throw new Error(`no command ${name}`)
  return found
}

describe('the command table', () => {
  test('has every command of mah, in its order', () => {
    const ours = allCommands.map(({ name, sub, method, path, aliases, ws, webhook, session }) => ({
      name,
      sub,
      method,
      path,
      aliases: aliases ?? [],
      ws,
      webhook,
      session: session !== 'none',
    }))
    const theirs = spec.commands.map((row) => ({
      name: row.name,
      sub: row.subCommand,
      method: row.http.method,
      path: row.http.path,
      aliases: row.http.aliases.map(({ path }) => path),
      ws: row.adapters.ws === true,
      webhook: row.adapters.webhook,
      session: row.sessionRequired,
    }))
    const key = (row: { name: string; sub: string | undefined }) => `${row.name} ${row.sub ?? ''}`
    const sorted = <T extends { name: string; sub: string | undefined }>(rows: readonly T[]) =>
      rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    // Its webhook `about` does nothing.
    const about = ours.find(({ name }) => name === 'about')
    if (about) about.webhook = false
    expect(sorted(ours)).toEqual(sorted(theirs))
    expect(ours).toHaveLength(59)
  })

  test('names are exact', () => {
    expect(findCommand('constructor')).toBeUndefined()
    expect(findCommand('sendgroupmessage')).toBeUndefined()
    expect(findCommand('groupConfig')).toBeUndefined()
    expect(findCommand('groupConfig.get')).toBeUndefined()
    expect(findCommand('groupConfig', 'get')?.method).toBe('GET')
    expect(findCommand('friendList', 'get')?.name).toBe('friendList')
    expect(findRoute('GET', '/peakMessage')).toMatchObject({ name: 'peekMessage' })
    expect(findRoute('GET', '/mute')).toBe('method')
    expect(findRoute('GET', '/nothing')).toBeUndefined()
  })
})

describe('parameters', () => {
  test('all missing ones are named at once', () => {
    const wanted = new MissingFields(['target', 'memberId', 'assign'])
    expect(wanted.message).toBe('参数错误，缺少字段: target, memberId, assign')
    expect(() => readParams(command('memberAdmin'), { target: null })).toThrow(wanted)
  })

  test('text counts for numbers and booleans', () => {
    const wire = { target: '30003', memberId: '40004', block: 'True', msg: null, sessionKey: 'x' }
    expect(readParams(command('kick'), wire)).toEqual({ groupId: 30003, userId: 40004, block: true, message: '' })
  })

  test('fixed values tell two commands of one action apart', () => {
    expect(readParams(command('muteAll'), { target: 30003 })).toEqual({ groupId: 30003, on: true })
    expect(readParams(command('unmuteAll'), { target: 30003 })).toEqual({ groupId: 30003, on: false })
  })

  test('old clients name the message by target or id', () => {
    expect(readParams(command('recall'), { target: 517 })).toMatchObject({ messageId: 517 })
    expect(readParams(command('recall'), { target: 30003, messageId: 517 })).toMatchObject({ messageId: 517 })
    expect(readParams(command('messageFromId'), { id: '517' })).toEqual({ messageId: 517 })
  })

  test.each(['1e4', 1.5, true, [5], '', '0x10', -3])('%j is no account', (target) => {
    expect(() => readParams(command('quit'), { target })).toThrow(BridgeError)
  })

  test('printed for a backend', () => {
    expect(printCommand('kick', { groupId: 30003, userId: 40004, block: true })).toEqual({
      command: 'kick',
      subCommand: null,
      method: 'POST',
      path: '/kick',
      content: { target: 30003, memberId: 40004, block: true, msg: '' },
    })
    expect(printCommand('memberInfo', { groupId: 1, userId: 2 }, { sub: 'get' })).toMatchObject({
      subCommand: 'get',
      method: 'GET',
      content: { target: 1, memberId: 2 },
    })
  })
})

describe('errors', () => {
  test.each([
    ['forbidden', 1, 'Auth Key错误'],
    ['noBot', 2, '指定Bot不存在'],
    ['noSession', 3, 'Session失效或不存在'],
    ['notBound', 4, 'Session未认证'],
    ['notFound', 5, '指定对象不存在'],
    ['notSupported', 6, '指定操作不支持'],
    ['forbiddenSource', 6, 'text'],
    ['noPermission', 10, '无操作权限'],
    ['muted', 20, 'Bot被禁言'],
    ['tooLong', 30, '消息过长'],
    ['badParameter', 400, 'text'],
    ['badRequest', 400, 'Illegal input'],
    ['timeout', 500, 'text'],
  ] as const)('%s is %i %s', (kind, code, msg) => {
    expect(toErrorAnswer(new BridgeError(kind, 'text'), 'post')).toEqual({ code, msg })
  })

  test('every kind has a code, text is never empty', () => {
    for (const kind of errorKinds) {
      const { code, msg } = toErrorAnswer(new BridgeError(kind, 'text'), 'ws')
      expect(code).toBeGreaterThan(0)
      expect(msg).not.toBe('')
    }
  })

  test('input errors differ by way', () => {
    const missing = new MissingFields(['target'])
    expect(toErrorAnswer(missing, 'post')).toEqual({ code: 400, msg: '参数错误，缺少字段: target' })
    expect(toErrorAnswer(missing, 'ws')).toEqual({ code: 400, msg: '无效参数' })
    expect(toErrorAnswer(missing, 'get').code).toBe(500)
    expect(toErrorAnswer(new BridgeError('badRequest', 'x'), 'ws')).toEqual({ code: 400, msg: '无效参数' })
  })
})

describe('answers of a backend', () => {
  test('wrapped, bare and naked ones', () => {
    expect(parseAnswer({ code: 0, msg: '', data: [1] })).toMatchObject({ code: 0, data: [1] })
    expect(parseAnswer({ code: 0, msg: 'success', messageId: 5 })).toMatchObject({ code: 0, body: { messageId: 5 } })
    expect(parseAnswer({ nickname: 'Nico' })).toMatchObject({ code: 0, data: { nickname: 'Nico' } })
    expect(() => parseAnswer('x')).toThrow(BridgeError)
  })

  test.each([
    [3, 'noSession'],
    [4, 'notBound'],
    [5, 'notFound'],
    [10, 'noPermission'],
    [500, 'backend'],
    [77, 'backend'],
  ])('code %i is %s', (code, kind) => {
    expect(toAnswerError(parseAnswer({ code, msg: 'why' }), 'mah')).toMatchObject({
      kind,
      message: 'why',
      backend: 'mah',
    })
  })

  test('code 0 is no error', () => {
    expect(toAnswerError(parseAnswer({ code: 0 }), 'mah')).toBeUndefined()
  })
})
