import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createWorld, demoWorld, parseWorld } from '../../src/world/index.ts'

describe('world file', () => {
  test('the demo world is the example that other programs use', () => {
    const example: unknown = JSON.parse(readFileSync(new URL('../facts/world.example.json', import.meta.url), 'utf8'))
    expect(demoWorld).toEqual(example)
  })

  test('what is exported loads again as the same world', () => {
    const exported = createWorld(parseWorld(demoWorld), { now: () => 5000 }).export()
    const again = parseWorld(JSON.parse(JSON.stringify(exported)))
    expect(createWorld(again).export()).toEqual(exported)
    expect(exported.accounts.map(({ id }) => id)).toContain(20113)
    expect(exported.friends[0]).toEqual({ of: 10001, id: 20001, remark: '船长[备注],&1', category: '我的好友' })
    expect(exported.groups[0]?.files).toEqual([
      {
        id: '/30001-1',
        folder: '/',
        name: '航海日志.txt',
        uploader: 20001,
        text: 'day 1: fog\n',
        uploadTime: 5,
        modifyTime: 5,
      },
    ])
  })

  test('every fault of the schema is told at once, with its path and what is allowed', () => {
    const file = {
      accounts: [
        { id: 1, nickname: 'a', nick: 'b' },
        { id: 'x', nickname: 'c' },
      ],
      groups: [{ id: 5, name: 'g', members: [{ id: 1, role: 'king' }] }],
      extra: 1,
    }
    expect(() => parseWorld(file)).toThrow(/accounts\.0\.nick: unknown key, allowed are: .*nickname/)
    expect(() => parseWorld(file)).toThrow(/accounts\.1\.id: /)
    expect(() => parseWorld(file)).toThrow(/groups\.0\.members\.0\.role: /)
    expect(() => parseWorld(file)).toThrow(
      /extra: unknown key, allowed are: .*accounts, friends, groups, requests, answers/,
    )
    expect(() => parseWorld(file)).toThrow(/has 4 faults/)
  })

  test('each fault has its line, what is missing that of its surroundings', () => {
    const text = [
      '{ "accounts": [{ "id": 1, "nickname": "a,\\n{\\"b\\": [" }],',
      '  "groups": [',
      '    { "id": 5, "name": "g",',
      '      "members": [{ "id": 1, "role": "owner" },',
      '        { "id": 1 }] },',
      '    { "id": 6,',
      '      "members": [] } ],',
      '  "answers": { "nonsense": 1 },',
      '  "extra": 1 }',
    ].join('\n')
    const faultsOf = (source: string): string[] => {
      try {
        parseWorld(JSON.parse(source), source)
      } catch (error) {
        return (error as Error).message.split('\n').slice(1)
      }
      return []
    }
    expect(faultsOf(text).map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      '- groups.1.name (line 6)',
      '- answers.nonsense (line 8)',
      '- extra (line 9)',
    ])
    const lawful = text
      .replace('"id": 6', '"id": 6, "name": "h"')
      .replace('"answers": { "nonsense": 1 },', '')
      .replace(',\n  \n  "extra": 1', '')
    expect(faultsOf(lawful)).toEqual([
      '- groups.0.members.1.id (line 5): member 1 is there twice',
      '- groups.1.members (line 7): group 6 needs exactly one owner, it has 0',
    ])
    expect(faultsOf('5')).toEqual([expect.stringMatching(/^- \(whole file\): /)])
  })

  test('every broken law is told at once', () => {
    const file = {
      accounts: [
        { id: 1, nickname: 'a' },
        { id: 1, nickname: 'a' },
      ],
      friends: [{ of: 1, id: 9 }],
      groups: [
        { id: 5, name: 'no owner', members: [{ id: 1 }] },
        { id: 6, name: 'two', members: [{ id: 1, role: 'owner' }, { id: 2, role: 'owner' }, { id: 2 }] },
        { id: 6, name: 'files', members: [{ id: 1, role: 'owner' }], files: [{ name: 'a', uploader: 77 }] },
      ],
    }
    let message = ''
    try {
      parseWorld(file)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message.split('\n').slice(1)).toEqual([
      '- accounts.1.id: account 1 is there twice',
      '- friends.0.id: no account 9 in accounts',
      '- groups.0.members: group 5 needs exactly one owner, it has 0',
      '- groups.1.members.2.id: member 2 is there twice',
      '- groups.1.members: group 6 needs exactly one owner, it has 2',
      '- groups.2.id: group 6 is there twice',
      '- groups.2.files.0.uploader: no account 77',
    ])
  })

  test.each([null, 5, [], 'text', { accounts: {} }])('refuses %j', (file) => {
    expect(() => parseWorld(file)).toThrow('the world file has')
  })

  test('file names stay inside their folder', () => {
    const group = { id: 5, name: 'g', members: [{ id: 1, role: 'owner' }] }
    for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(256)]) {
      expect(() => parseWorld({ accounts: [], groups: [{ ...group, files: [{ name, uploader: 1 }] }] })).toThrow(
        'files.0.name',
      )
    }
  })
})
