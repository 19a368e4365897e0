import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Segment } from '../../src/core/segment.ts'
import {
  admitContent,
  admitSource,
  defaultContentLimits,
  type AdmitOptions,
  type UploadSource,
} from '../../src/route/outgoing.ts'
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

describe('uploads', () => {
  test('a path becomes bytes with a handle, and what names none stays as it is', () => {
    const path = join(root, 'ok.png')
    const source: UploadSource = { path, name: 'n.png' }
    const admitted = admitSource(source, 'file', { ...options, fileRoots: [root] })
    expect(admitted).toMatchObject({
      name: 'n.png',
      path: undefined,
      base64: Buffer.from('\x89PNG ok').toString('base64'),
    })
    expect(media.get(admitted.id ?? '')?.bytes).toBeDefined()
    const url = { url: 'https://a.example/b.png' }
    expect(admitSource(url, 'image', options)).toBe(url)
  })

  test('base64 gets a handle', () => {
    const admitted: { id?: string; base64: string } = admitSource({ base64: 'AAAA' }, 'image', options)
    expect(media.get(admitted.id ?? '')?.sizeBytes).toBe(3)
  })

  test.each(['/etc/passwd', 'file:///etc/passwd', 'C:\\x', '/no/such/file'])('%s is refused', (path) => {
    expect(() => admitSource({ path }, 'file', options)).toThrow(expect.objectContaining({ kind: 'forbiddenSource' }))
    expect(() => admitSource({ url: path }, 'file', options)).toThrow(
      expect.objectContaining({ kind: 'forbiddenSource' }),
    )
  })

  test('from this machine to this machine a path passes', () => {
    expect(admitSource({ path: '/a' }, 'file', { ...options, mayPassPaths: true })).toEqual({ path: '/a' })
  })
})
