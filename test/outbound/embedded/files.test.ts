// Files and folders: bytes, hashes, addresses, who may change them.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { demoWorld, group } from '../../../src/world/index.ts'
import { worldOfTwoBots } from '../../world/support.ts'
import { refusal, startLab } from './support.ts'

const time = 1_700_000_000
const of30001 = { groupId: 30001 }
const base64 = Buffer.from('day 2').toString('base64')
const hash = (kind: string, text: string): string => createHash(kind).update(text).digest('hex').toUpperCase()

const log = {
  groupId: 30001,
  id: '/30001-1',
  name: '航海日志.txt',
  isFolder: false,
  parentId: '/',
  path: '/航海日志.txt',
  sizeBytes: 11,
  uploaderId: 20001,
  uploaderName: '老船长',
  uploadTime: time,
  modifyTime: time,
  deadTime: 0,
  downloadTimes: 0,
  sha1: hash('sha1', 'day 1: fog\n'),
  md5: hash('md5', 'day 1: fog\n'),
  busId: 102,
}

describe('group files', () => {
  test('file.list, file.get, file.url', async () => {
    const { call, services } = await startLab()
    expect(await call('file.list', of30001)).toEqual([log])
    const url = `http://127.0.0.1:1/media/${log.md5}.txt`
    expect(await call('file.get', { ...of30001, fileId: '/30001-1', withUrl: true })).toEqual({ ...log, url })
    expect(await call('file.url', { peer: group(30001), fileId: '/30001-1' })).toEqual({ url })
    expect(Buffer.from(services.media.get(log.md5)?.bytes ?? []).toString()).toBe('day 1: fog\n')
    expect(await refusal(call('file.get', { ...of30001, fileId: '/none' }))).toBe('notFound')
    expect(await refusal(call('file.list', { ...of30001, folderId: '/none' }))).toBe('notFound')
    expect(await refusal(call('file.list', { groupId: 5 }))).toBe('notFound')
  })

  test('file.upload: others are told, with the address', async () => {
    const { call, told, world } = await startLab(worldOfTwoBots())
    const { fileId, file } = await call('file.upload', { peer: group(30001), name: 'b.txt', base64 })
    expect(file).toMatchObject({
      id: fileId,
      name: 'b.txt',
      sizeBytes: 5,
      uploaderId: 10001,
      md5: hash('md5', 'day 2'),
    })
    const url = `http://127.0.0.1:1/media/${hash('md5', 'day 2')}.txt`
    const shown = { id: fileId, name: 'b.txt', sizeBytes: 5, busId: 102, url }
    expect(told()).toEqual([{ type: 'file.upload', bot: 10002, time, peer: group(30001), userId: 10001, file: shown }])
    expect(world.export().groups[0]?.files[1]).toMatchObject({ name: 'b.txt', base64 })
    const upload = (params: object) =>
      refusal(call('file.upload', { peer: group(30001), name: 'x', base64, ...params }))
    expect(await upload({ name: '../x' })).toBe('badParameter')
    expect(await upload({ folderId: '/none' })).toBe('notFound')
    expect(await upload({ base64: undefined })).toBe('badParameter')
    expect(await upload({ base64: undefined, path: '/etc/passwd' })).toBe('forbiddenSource')
    world.as(20001).mute(30001, 10001, 60)
    expect(await upload({})).toBe('muted')
  })

  test('folders: made by admins in the root, filled, deleted with everything inside', async () => {
    const { call } = await startLab()
    const folder = await call('file.folder.create', { ...of30001, name: 'docs' })
    expect(folder).toMatchObject({ name: 'docs', isFolder: true, parentId: '/', path: '/docs', fileCount: 0 })
    const inside = { ...of30001, folderId: folder.id }
    const { fileId } = await call('file.upload', { peer: group(30001), name: 'b.txt', base64, folderId: folder.id })
    await call('file.move', { ...of30001, fileId: '/30001-1', toFolderId: folder.id })
    expect((await call('file.list', of30001)).map(({ name, fileCount }) => [name, fileCount])).toEqual([['docs', 2]])
    expect((await call('file.list', inside)).map(({ path }) => path)).toEqual(['/docs/航海日志.txt', '/docs/b.txt'])
    expect(await call('file.space', of30001)).toEqual({
      fileCount: 2,
      limitCount: 10_000,
      usedBytes: 16,
      totalBytes: 10 * 1024 ** 3,
    })
    const nested = { ...of30001, name: 'more', parentId: folder.id }
    expect(await refusal(call('file.folder.create', nested))).toBe('backend')
    expect(await refusal(call('file.folder.create', { ...of30001, name: 'docs' }))).toBe('backend')
    expect(await refusal(call('file.folder.create', { groupId: 30003, name: 'docs' }))).toBe('noPermission')
    await call('file.folder.delete', inside)
    expect(await call('file.list', of30001)).toEqual([])
    expect(await refusal(call('file.get', { ...of30001, fileId }))).toBe('notFound')
  })

  test('file.rename, file.delete: the uploader and admins', async () => {
    const { call, world } = await startLab()
    const theirs = world.as(20002).upload(30003, { name: 'theirs.txt', base64 })
    const { fileId: own } = await call('file.upload', { peer: group(30003), name: 'own.txt', base64 })
    const of30003 = { groupId: 30003 }
    expect(await refusal(call('file.rename', { ...of30003, fileId: theirs, name: 'x' }))).toBe('noPermission')
    expect(await refusal(call('file.delete', { ...of30003, fileId: theirs }))).toBe('noPermission')
    expect(await refusal(call('file.rename', { ...of30003, fileId: own, name: 'theirs.txt' }))).toBe('backend')
    await call('file.rename', { ...of30003, fileId: own, name: 'mine.txt' })
    expect((await call('file.list', of30003)).map(({ name }) => name)).toEqual(['theirs.txt', 'mine.txt'])
    await call('file.delete', { ...of30003, fileId: own })
    expect(await call('file.list', of30003)).toHaveLength(1)
    // An admin may change anybody's.
    await call('file.delete', { ...of30001, fileId: '/30001-1' })
    expect(await call('file.list', of30001)).toEqual([])
  })

  test('file.keep: temporary files die, kept ones do not', async () => {
    const file = structuredClone(demoWorld)
    const files = file.groups?.[0]?.files ?? []
    files.push({ name: 'a', uploader: 10001, size: 3, deadTime: time + 60 })
    files.push({ name: 'b', uploader: 10001, size: 3, deadTime: time + 60 })
    const { call, clock } = await startLab(file)
    await call('file.keep', { ...of30001, fileId: '/30001-2' })
    clock.now += 60_000
    expect((await call('file.list', of30001)).map(({ name, deadTime }) => [name, deadTime])).toEqual([
      ['航海日志.txt', 0],
      ['a', 0],
    ])
    expect(await refusal(call('file.url', { peer: group(30001), fileId: '/30001-2' }))).toBe('notFound')
  })
})

test('private files arrive as a message and can be fetched by both', async () => {
  const { call, told } = await startLab(worldOfTwoBots())
  const peer = { kind: 'friend', userId: 10002 }
  const { fileId } = await call('file.upload', { peer, name: 'b.txt', base64 })
  const [, received] = told()
  expect(received).toMatchObject({
    type: 'message',
    bot: 10002,
    message: { segments: [{ type: 'file', id: fileId, name: 'b.txt', sizeBytes: 5 }] },
  })
  const url = `http://127.0.0.1:1/media/${fileId}`
  expect(await call('file.url', { peer, fileId })).toEqual({ url })
  expect(await call('file.url', { fileId }, 10002)).toEqual({ url })
  expect(await refusal(call('file.url', { peer: { kind: 'friend', userId: 20001 }, fileId }))).toBe('notFound')
})
