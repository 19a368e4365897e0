import { describe, expect, test } from 'vitest'
import type { MessageId, UserId } from '../../src/core/ids.ts'
import { createRecordPages } from '../../src/state/record-pages.ts'

const bot = 10001 as UserId
const record = (id: number, text: string, owner = bot) => ({
  bot: owner,
  id: id as MessageId,
  json: JSON.stringify({ id, text }),
})
const linesOf = (lines: Uint8Array[]): string => Buffer.concat(lines).toString('utf8')

describe('record pages', () => {
  test('the latest record of a message is found, of its account only', () => {
    const pages = createRecordPages(1000, () => {})
    pages.add(record(1, '一'))
    pages.add(record(2, 'two'))
    pages.add(record(1, '𝕏 again'))
    pages.add(record(1, 'of another', 10002 as UserId))
    expect(pages.find(bot, 1 as MessageId)).toBe('{"id":1,"text":"𝕏 again"}')
    expect(pages.find(bot, 2 as MessageId)).toBe('{"id":2,"text":"two"}')
    expect(pages.find(10002 as UserId, 1 as MessageId)).toBe('{"id":1,"text":"of another"}')
    expect(pages.find(10003 as UserId, 1 as MessageId)).toBeUndefined()
  })

  test('two pages stay; that one goes is told', () => {
    let dropped = 0
    const pages = createRecordPages(300, () => dropped++)
    for (let id = 1; id <= 30; id++) pages.add(record(id, 'x'))
    expect(dropped).toBeGreaterThan(0)
    expect(pages.find(bot, 1 as MessageId)).toBeUndefined()
    expect(pages.find(bot, 30 as MessageId)).toBe('{"id":30,"text":"x"}')
    expect(pages.find(bot, 25 as MessageId)).toBe('{"id":25,"text":"x"}')
  })

  test('lines are handed out once, over the end of a page and for records larger than one', () => {
    const pages = createRecordPages(300, () => {})
    const all: string[] = []
    const add = (id: number, text: string): void => {
      const one = record(id, text)
      all.push(one.json)
      pages.add(one)
    }
    let taken = ''
    for (let id = 1; id <= 20; id++) {
      add(id, id === 9 ? '长'.repeat(500) : 'x')
      if (id % 6 === 0) taken += linesOf(pages.takeLines())
    }
    taken += linesOf(pages.takeLines())
    expect(taken).toBe(all.map((json) => `${json}\n`).join(''))
    expect(pages.takeLines()).toEqual([])
  })
})
