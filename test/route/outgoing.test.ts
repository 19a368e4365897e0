import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Segment } from '../../src/core/segment.ts'
import { admitContent, defaultContentLimits, type AdmitOptions } from '../../src/route/outgoing.ts'
import { createState } from '../../src/state/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'bridge-files-'))
const root = join(folder, 'allowed')
mkdirSync(root)
writeFileSync(join(root, 'ok.png'), '\x89PNG ok')
writeFileSync(join(folder, 'secret.txt'), 'secret')
symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
afterAll(() => rmSync(folder, { recursive: true }))

const { media } = createState()
const options: AdmitOptions = { media, limits: defaultContentLimits, fileRoots: [], mayPassPaths: false }
const image = (path: string): Segment[] => [{ type: 'image', path }]

describe('local paths', () => {
  test.each([
    join(folder, 'secret.txt'),
    '/etc/passwd',
    '/no/such/file',
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    `${root}/../secret.txt`,
    join(root, 'link.txt'),
    root,
    'relative.png',
    'file:///%65tc/passwd',
    '//server/share/x',
    '',
  ])('%s is refused, with one text for all', (path) => {
    if (path === '') return
    const roots = { ...options, fileRoots: [root] }
    expect(() => admitContent(image(path), roots)).toThrow(
      expect.objectContaining({
        kind: 'forbiddenSource',
        message: 'local files are not sent for this client; use url or base64, or list fileRoots',
      }),
    )
  })

  test.each([join(root, 'ok.png'), pathToFileURL(join(root, 'ok.png')).href])('%s inside a root is read', (path) => {
    const [segment] = admitContent(image(path), { ...options, fileRoots: [root] })
    expect(segment).toMatchObject({ type: 'image', base64: Buffer.from('\x89PNG ok').toString('base64') })
    expect(segment).not.toMatchObject({ path: expect.anything() as string })
  })

  test('are handed on unopened only where client and backend are on this machine', () => {
    const segments = image('/no/such/file')
    expect(admitContent(segments, { ...options, mayPassPaths: true })).toBe(segments)
  })
})

describe('bytes and limits', () => {
  test('base64 gets a handle under which it is found again', () => {
    const base64 = Buffer.from('GIF89a').toString('base64')
    const [segment] = admitContent([{ type: 'image', base64 }], options) as { id: string; sizeBytes: number }[]
    expect(segment).toMatchObject({ id: expect.stringMatching(/\.gif$/) as string, sizeBytes: 6 })
    expect(Buffer.from(media.get(segment?.id ?? '')?.bytes ?? []).toString()).toBe('GIF89a')
  })

  test('content that needs nothing comes back as the same list', () => {
    const segments: Segment[] = [
      { type: 'text', text: 'x' },
      { type: 'image', url: 'https://i.example/1' },
    ]
    expect(admitContent(segments, options)).toBe(segments)
  })

  const node = { senderName: 'n', segments: [{ type: 'text', text: 'x' }] as Segment[] }
  const nested = (depth: number): Segment[] =>
    depth === 0
      ? [{ type: 'text', text: 'x' }]
      : [{ type: 'forward', nodes: [{ ...node, segments: nested(depth - 1) }] }]

  test.each<[string, Segment[], string]>([
    ['too much text', [{ type: 'text', text: 'x'.repeat(65_537) }], 'tooLong'],
    ['too many segments', Array(2001).fill({ type: 'mentionAll' }) as Segment[], 'tooLong'],
    ['too many nodes', [{ type: 'forward', nodes: Array(201).fill(node) as never }], 'tooLong'],
    ['forwards nested too deep', nested(12), 'tooLong'],
    ['base64 without bytes', [{ type: 'voice', base64: '!!!' }], 'badParameter'],
  ])('%s is refused', (_, segments, kind) => {
    expect(() => admitContent(segments, options)).toThrow(expect.objectContaining({ kind }))
  })
})
