import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { admitContent, defaultContentLimits, type AdmitOptions } from '../../src/route/outgoing.ts'
import { admitRaw } from '../../src/route/raw-sources.ts'
import { createState } from '../../src/state/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'bridge-raw-'))
const root = join(folder, 'allowed')
mkdirSync(root)
const inside = join(root, 'ok.png')
writeFileSync(inside, 'ok')
afterAll(() => rmSync(folder, { recursive: true }))

const options: AdmitOptions = {
  media: createState().media,
  limits: defaultContentLimits,
  fileRoots: [root],
  mayPassPaths: false,
}

test.each([
  { file: '/etc/passwd' },
  { path: '  /etc/passwd' },
  { avatar: 'FILE:///etc/passwd' },
  { image: 'file:/etc/passwd' },
  { thumb: 'C:\\secret.txt' },
  { cover: 'c:/secret.txt' },
  { anything: '\\\\server\\share' },
  { message: 'file:///etc/passwd' },
  { files: ['https://a.example/a.png', '/etc/passwd'] },
  { files: [{ file: '/etc/passwd', name: 'a' }] },
  { message: [{ type: 'image', data: { file: 'file:///etc/passwd' } }] },
  { message: 'look [CQ:image,file=file:///etc/passwd]' },
  { message: '[CQ:image,cache=0,file=/etc/passwd]' },
  { file: `${root}/../secret.txt` },
  // An id of a group file has one separator, a folder of a group too.
  { file_id: '/etc/passwd' },
  { folder_id: '/..\\..\\secret.txt' },
  { parent_directory: '/home/user' },
  { images: ['/etc/passwd'] },
  { thumb_path: '/etc/passwd' },
  { paths: ['/etc'] },
  { folder_path: '/root' },
])('%j is refused', (params) => {
  expect(() => admitRaw(params, options)).toThrow(expect.objectContaining({ kind: 'forbiddenSource' }))
})

test.each([
  { file: 'https://a.example/etc/x.png', image: 'base64:///9j/4AAQ', path: 'data:image/png;base64,AAAA' },
  { folder_id: '/ca0f', folder: '/one', parent_directory: '/', file_id: '/f1', fileId: '/f1', path: '/' },
  { file_id: '/8f2c-4b1e', target_directory: '/docs/', message_id: '/x', emoji_ids: ['/1'] },
  { message: '/help /a/b', text: '/roll 1d6', words: ['/a'], name: '/x' },
  { message: '[CQ:image,file=https://a.example/a.png][CQ:share,url=http://a.example/b]' },
  { n: 1, ok: null, list: [[], {}], 'odd key': 'a/b', at: '12:30', site: 'x:y' },
])('%j passes, the same object', (params) => {
  expect(admitRaw(params, options)).toBe(params)
})

test('a file inside a root becomes its bytes, at any depth', () => {
  const params = { a: 1, files: [{ file: inside, name: 'x' }, 'keep'] }
  expect(admitRaw(params, options)).toEqual({ a: 1, files: [{ file: 'base64://b2s=', name: 'x' }, 'keep'] })
})

test('client and backend on this machine: paths pass unopened', () => {
  const params = { file: '/no/such', message: '[CQ:image,file=/no/such]' }
  expect(admitRaw(params, { ...options, mayPassPaths: true })).toBe(params)
})

test('segments that nobody knows follow the same rule', () => {
  const odd = (file: string) => [{ type: 'unknown' as const, dialect: 'onebot11', name: 'odd', data: { file } }]
  expect(() => admitContent(odd('/etc/passwd'), options)).toThrow(expect.objectContaining({ kind: 'forbiddenSource' }))
  const fine = odd('https://a.example/a')
  expect(admitContent(fine, options)).toBe(fine)
  expect(admitContent(odd(inside), options)).toEqual(odd('base64://b2s='))
})

test('members beside a known segment follow it, too, and leave before a backend of another dialect', () => {
  const odd = (cover: string) => {
    return [{ type: 'text' as const, text: 'a', extra: { dialect: 'onebot11', members: { cover } } }]
  }
  const same = { ...options, dialect: 'onebot11' }
  expect(() => admitContent(odd('/etc/passwd'), same)).toThrow(expect.objectContaining({ kind: 'forbiddenSource' }))
  const fine = odd('https://a.example/a')
  expect(admitContent(fine, same)).toBe(fine)
  expect(admitContent(odd(inside), same)).toEqual(odd('base64://b2s='))
  expect(admitContent(fine, { ...options, dialect: 'mirai' })).toEqual([{ type: 'text', text: 'a' }])
})
