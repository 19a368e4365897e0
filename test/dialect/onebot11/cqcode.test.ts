import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCq, printCq } from '../../../src/dialect/onebot11/cqcode.ts'

const text = (value: string) => ({ type: 'text', data: { text: value } })

describe('parseCq', () => {
  test.each<[string, unknown[]]>([
    ['', []],
    ['&amp;#91;', [text('&#91;')]],
    ['&amp;amp;', [text('&amp;')]],
    ['a&#44;b', [text('a,b')]],
    ['[CQ:face,id=]', [{ type: 'face', data: { id: '' } }]],
    ['[CQ:face]', [{ type: 'face', data: {} }]],
    ['[CQ:face, id=1]', [text('[CQ:face, id=1]')]],
    ['[CQ:at,qq=1,qq=2]', [{ type: 'at', data: { qq: '2' } }]],
    ['[CQ:share,title=a=b]', [{ type: 'share', data: { title: 'a=b' } }]],
    ['[CQ:at,qq]', [text('[CQ:at,qq]')]],
    ['[CQ:my-type,a=1]', [text('[CQ:my-type,a=1]')]],
    ['[CQ:,a=1]', [text('[CQ:,a=1]')]],
    ['[cq:at,qq=1]', [text('[cq:at,qq=1]')]],
    ['[CQ:at,qq=1', [text('[CQ:at,qq=1')]],
    ['[CQ:a,b=1]x]', [{ type: 'a', data: { b: '1' } }, text('x]')]],
    ['[CQ:a,b=[1]', [{ type: 'a', data: { b: '[1' } }]],
    ['[CQ:a,b=1\n2]', [{ type: 'a', data: { b: '1\n2' } }]],
    ['[CQ:a,b=1,]', [text('[CQ:a,b=1,]')]],
    ['[[CQ:at,qq=1]]', [text('['), { type: 'at', data: { qq: '1' } }, text(']')]],
    ['[CQ:text,text=a&#91;]', [text('a[')]],
    ['[CQ:a,中=1]', [text('[CQ:a,中=1]')]],
    ['[CQ:中,a=1]', [text('[CQ:中,a=1]')]],
    ['[CQ:at,qq [CQ:at,qq=1]', [text('[CQ:at,qq '), { type: 'at', data: { qq: '1' } }]],
    ['[CQ:a,b=[CQ:at,qq=1,][CQ:at,qq=2]', [text('[CQ:a,b=[CQ:at,qq=1,]'), { type: 'at', data: { qq: '2' } }]],
    ['[CQ:a,__proto__=1]', [{ type: 'a', data: {} }]],
  ])('%j', (input, expected) => expect(parseCq(input)).toEqual(expected))

  test('covers every edge case that the facts list', () => {
    const facts = JSON.parse(readFileSync(new URL('../../facts/onebot11-segments.json', import.meta.url), 'utf8'))
    expect(facts.cqCode.edgeCases.length).toBe(25)
  })

  test('stays linear on text that looks like codes', () => {
    const started = performance.now()
    const pieces = ['[CQ:at,qq=1 ', '[CQ:', '[', '[CQ:a,', '[CQ:a,b=', '[CQ:a,b=1]', '&amp;', ',']
    for (const piece of pieces) for (const end of ['', ']', ',]']) parseCq(piece.repeat(100_000) + end)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('printCq', () => {
  test.each<[unknown, string]>([
    [[text('a,b[c]&d')], 'a,b&#91;c&#93;&amp;d'],
    [[{ type: 'at', data: { qq: '1', name: null, x: undefined, y: '' } }], '[CQ:at,qq=1]'],
    [[{ type: 'a', data: { no: false, zero: 0 } }], '[CQ:a,no=false,zero=0]'],
    [[{ type: 'a', data: { o: { k: [1] } } }], '[CQ:a,o={"k":&#91;1&#93;}]'],
    [[{ type: 'a', data: { v: 'x,]' } }], '[CQ:a,v=x&#44;&#93;]'],
  ])('%j', (segments, expected) => expect(printCq(segments as never)).toBe(expected))
})
