// Files, announcements, what is remembered, and what mah cannot do.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { actionTable } from '../../../mappings/actions.ts'
import type { Action, ActionName } from '../../../src/core/action.ts'
import type { Peer } from '../../../src/core/ids.ts'
import {
  bot,
  connect,
  failure,
  groupMessage,
  lab,
  mio,
  nico,
  startServer,
  time,
  until,
  wireGroup,
  wireMember,
  type Connected,
  type FakeServer,
} from './setup.ts'

let server: FakeServer
let mah: Connected
beforeEach(async () => {
  server = await startServer()
  mah = await connect(server)
})
afterEach(async () => {
  await mah.close()
  await server.close()
})

const data = (value: unknown) => () => ({ code: 0, msg: '', data: value })
const inLab: Peer = { kind: 'group', groupId: lab }
const noDetails = { sha1: null, md5: null, uploaderId: null, uploadTime: null, lastModifyTime: null }
const folder = { isFile: false, isDictionary: true, isDirectory: true, size: 0, ...noDetails, downloadInfo: null }
const wireRoot = { name: '/', id: '/', path: '/', parent: null, contact: wireGroup, ...folder }
const wireDocs = { name: 'docs', id: '/0b1c', path: '/docs', parent: wireRoot, contact: wireGroup, ...folder }
const wireFile = {
  name: 'a.txt',
  id: '/a1',
  path: '/docs/a.txt',
  parent: wireDocs,
  contact: wireGroup,
  isFile: true,
  isDictionary: false,
  isDirectory: false,
  size: 12,
  sha1: 'a9',
  md5: 'B0',
  uploaderId: mio,
  uploadTime: time,
  lastModifyTime: time + 1,
  downloadInfo: {
    sha1: 'A9',
    md5: 'B0',
    downloadTimes: 0,
    uploaderId: mio,
    uploadTime: time,
    url: 'http://x/a',
  },
}
const file = {
  groupId: lab,
  id: '/a1',
  name: 'a.txt',
  isFolder: false,
  parentId: '/0b1c',
  path: '/docs/a.txt',
  sizeBytes: 12,
  sha1: 'A9',
  md5: 'B0',
  uploaderId: mio,
  uploadTime: time,
  modifyTime: time + 1,
  url: 'http://x/a',
}
const docs = {
  groupId: lab,
  id: '/0b1c',
  name: 'docs',
  isFolder: true,
  parentId: '/',
  path: '/docs',
  sizeBytes: 0,
}
const notice = {
  id: 'f1',
  senderId: mio,
  time,
  text: 'hi',
  images: [],
  readCount: 3,
  allConfirmed: true,
}
const wireNotice = {
  group: wireGroup,
  content: 'hi',
  senderId: mio,
  fid: 'f1',
  allConfirmed: true,
  confirmedMembersCount: 3,
  publicationTime: time,
}

/** Content of the only request. */
function content(): unknown {
  expect(server.requests).toHaveLength(1)
  return server.requests[0]?.content
}

describe('files', () => {
  test('lists', async () => {
    server.replies.set('file_list', data([wireDocs, wireFile, { name: 'no id' }]))
    expect(await mah.call('file.list', { groupId: lab, folderId: '/0b1c', withUrl: true })).toEqual([docs, file])
    expect(content()).toEqual({ id: '/0b1c', target: lab, offset: 0, size: 2147483647, withDownloadInfo: true })
  })

  test('the root folder is "" in mah', async () => {
    server.replies.set('file_list', data([]))
    await mah.call('file.list', { groupId: lab, folderId: '/' })
    expect(content()).toMatchObject({ id: '' })
  })

  test('one file, and its address', async () => {
    server.replies.set('file_info', data(wireFile))
    expect(await mah.call('file.get', { groupId: lab, fileId: '/a1' })).toEqual(file)
    expect(content()).toEqual({ id: '/a1', target: lab, withDownloadInfo: false })
    expect(await mah.call('file.url', { peer: inLab, fileId: '/a1' })).toEqual({ url: 'http://x/a' })
    expect(
      await failure(mah.call('file.url', { peer: { kind: 'friend', userId: nico }, fileId: '/a1' })),
    ).toMatchObject({
      kind: 'notSupported',
    })
    server.replies.set('file_info', () => ({ code: 5, msg: '指定对象不存在' }))
    expect(await failure(mah.call('file.get', { groupId: lab, fileId: 'x' }))).toMatchObject({ kind: 'notFound' })
  })

  const orders: [Action, string, unknown][] = [
    [{ name: 'file.delete', params: { groupId: lab, fileId: '/a1' } }, 'file_delete', { id: '/a1', target: lab }],
    [
      { name: 'file.move', params: { groupId: lab, fileId: '/a1', fromFolderId: '/0b1c', toFolderId: '/' } },
      'file_move',
      { id: '/a1', target: lab, moveTo: '/' },
    ],
    [
      { name: 'file.rename', params: { groupId: lab, fileId: '/a1', name: 'b.txt' } },
      'file_rename',
      { id: '/a1', target: lab, renameTo: 'b.txt' },
    ],
  ]
  test.each(orders)('%j', async ({ name, params }, command, wanted) => {
    await mah.call(name, params)
    expect(content()).toEqual(wanted)
    expect(server.requests[0]?.command).toBe(command)
  })

  test('a new folder', async () => {
    server.replies.set('file_mkdir', data(wireDocs))
    expect(await mah.call('file.folder.create', { groupId: lab, name: 'docs' })).toEqual(docs)
    expect(content()).toEqual({ id: '', target: lab, directoryName: 'docs' })
  })

  test('space is counted in the root', async () => {
    server.replies.set('file_list', data([wireDocs, wireFile, { ...wireFile, id: '/a2', size: 30 }]))
    expect(await mah.call('file.space', { groupId: lab })).toEqual({
      fileCount: 2,
      limitCount: 0,
      usedBytes: 42,
      totalBytes: 0,
    })
  })

  test('uploads travel over http with the session of the socket', async () => {
    server.replies.set('file_list', data([wireDocs]))
    server.upload = () => ({ status: 200, body: JSON.stringify({ code: 0, msg: '', data: wireFile }) })
    const { id } = mah.state.media.put('file', Buffer.from('xyz'), 'a.txt')
    const sent = await mah.call('file.upload', { peer: inLab, name: 'a.txt', folderId: '/0b1c', id })
    expect(sent).toEqual({ fileId: '/a1', file })
    const [upload] = server.uploads
    expect(upload?.path).toBe('/file/upload')
    expect(upload?.headers['sessionkey']).toBe('session-1')
    const { form } = upload ?? { form: new FormData() }
    expect([...form.keys()]).toEqual(['sessionKey', 'type', 'target', 'path', 'file'])
    expect([form.get('type'), form.get('target'), form.get('path')]).toEqual(['group', String(lab), '/docs'])
    const part = form.get('file') as File
    expect([part.name, await part.text()]).toEqual(['a.txt', 'xyz'])
  })

  test('an upload that lies on disk is read from there', async () => {
    server.upload = () => ({ status: 200, body: JSON.stringify({ code: 0, msg: '', data: wireFile }) })
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('xy')
      yield Buffer.from('z')
    }
    const received = await mah.state.media.receive(pieces())
    const { id } = received.keep('file', 'a.txt')
    expect(mah.state.media.get(id)?.path).toMatch(/D16FB36F0911F878998C136191AF705E$/)
    await mah.call('file.upload', { peer: inLab, name: 'a.txt', id })
    const part = server.uploads[0]?.form.get('file') as File
    expect([part.name, await part.text()]).toEqual(['a.txt', 'xyz'])
  })

  test('a file as a message goes into the files of the group', async () => {
    server.upload = () => ({ status: 200, body: JSON.stringify({ code: 0, msg: '', data: wireFile }) })
    const segment = { type: 'file', base64: 'eHl6', name: 'b.txt' } as const
    const { messageId } = await mah.call('message.send', { peer: inLab, segments: [segment] })
    const { form } = server.uploads[0] ?? { form: new FormData() }
    const part = form.get('file') as File
    expect([form.get('target'), form.get('path'), part.name, await part.text()]).toEqual([
      String(lab),
      '',
      'b.txt',
      'xyz',
    ])
    expect(mah.state.messages.get(bot, messageId)).toMatchObject({
      peer: inLab,
      sender: { userId: bot },
      segments: [{ type: 'file', id: '/a1', name: 'b.txt' }],
    })
    expect(mah.losses).toMatchObject([{ direction: 'in', loss: { what: 'file', fidelity: 'lossy' } }])
    // Nothing can be asked of the server by that number.
    expect(await failure(mah.call('message.recall', { messageId }))).toMatchObject({ kind: 'notFound' })
  })

  test('uploads that fail', async () => {
    const upload = { peer: inLab, name: 'a.txt', base64: 'eHl6' }
    server.upload = () => ({ status: 200, body: '{"code":10,"msg":"无操作权限"}' })
    expect(await failure(mah.call('file.upload', upload))).toMatchObject({ kind: 'noPermission' })
    server.upload = () => ({ status: 404, body: '' })
    expect(await failure(mah.call('file.upload', upload))).toMatchObject({ kind: 'backend' })
    expect(await failure(mah.call('file.upload', { ...upload, peer: { kind: 'friend', userId: nico } }))).toMatchObject(
      {
        kind: 'notSupported',
      },
    )
    expect(await failure(mah.call('file.upload', { peer: inLab, name: 'a', url: 'http://[::1]/' }))).toMatchObject({
      kind: 'badParameter',
    })
    expect(await failure(mah.call('file.upload', { peer: inLab, name: 'a', id: 'X' }))).toMatchObject({
      kind: 'notFound',
    })
  })
})

describe('announcements', () => {
  test('lists', async () => {
    server.replies.set('anno_list', data([wireNotice, {}]))
    expect(await mah.call('group.notice.list', { groupId: lab })).toEqual([notice])
    expect(content()).toEqual({ id: lab, offset: 0, size: 2147483647 })
  })

  test.each([[wireNotice], [[wireNotice]]])(
    'published: one object, or a list as the documentation says',
    async (reply) => {
      server.replies.set('anno_publish', data(reply))
      const params = { groupId: lab, text: 'hi', pinned: true, image: { url: 'http://x/i.png' } }
      expect(await mah.call('group.notice.publish', params)).toEqual(notice)
      expect(content()).toEqual({
        target: lab,
        content: 'hi',
        sendToNewMember: false,
        pinned: true,
        showEditCard: false,
        showPopup: false,
        requireConfirmation: false,
        imageUrl: 'http://x/i.png',
      })
    },
  )

  test('deleted', async () => {
    await mah.call('group.notice.delete', { groupId: lab, id: 'f1' })
    expect(content()).toEqual({ id: lab, fid: 'f1' })
  })
})

describe('what is remembered', () => {
  test('conversations, the latest first, own messages too', async () => {
    server.send({ syncId: '-1', data: groupMessage(1, [{ type: 'Plain', text: 'one' }]) })
    await until(() => mah.events.length === 1)
    server.replies.set('sendFriendMessage', () => ({ code: 0, msg: 'success', messageId: 9 }))
    await mah.call('message.send', {
      peer: { kind: 'friend', userId: nico },
      segments: [{ type: 'text', text: 'two' }],
    })
    const recent = await mah.call('message.recent', {})
    expect(recent.map(({ peer, segments }) => [peer.kind, segments])).toEqual([
      ['friend', [{ type: 'text', text: 'two' }]],
      ['group', [{ type: 'text', text: 'one' }]],
    ])
    expect(await mah.call('message.recent', { count: 1 })).toHaveLength(1)
  })

  test('other clients', async () => {
    server.send({ syncId: '-1', data: { type: 'OtherClientOnlineEvent', client: { id: 5, platform: 'WINDOWS' } } })
    await until(() => mah.events.length === 1)
    expect(await mah.call('bot.clients', {})).toEqual([{ id: 5, name: 'WINDOWS', platform: 'WINDOWS' }])
    server.send({ syncId: '-1', data: { type: 'OtherClientOfflineEvent', client: { id: 5, platform: 'WINDOWS' } } })
    await until(() => mah.events.length === 2)
    expect(await mah.call('bot.clients', {})).toEqual([])
  })

  test('requests about groups', async () => {
    const wire = {
      type: 'MemberJoinRequestEvent',
      eventId: 77,
      message: 'let me in',
      fromId: nico,
      groupId: lab,
      groupName: 'Lab',
      nick: 'Nico',
      invitorId: null,
    }
    server.send({ syncId: '-1', data: wire })
    await until(() => mah.events.length === 1)
    const [event] = mah.events
    if (event?.type !== 'request.group') throw new Error('no request')
    const wanted = {
      requestId: event.requestId,
      kind: 'join',
      groupId: lab,
      groupName: 'Lab',
      userId: nico,
      nickname: 'Nico',
      comment: 'let me in',
      answered: false,
    }
    expect(await mah.call('request.group.list', {})).toEqual([wanted])
    mah.state.requests.markAnswered(bot, event.requestId)
    expect(await mah.call('request.group.list', {})).toEqual([{ ...wanted, answered: true }])
  })

  test('media', async () => {
    const { id } = mah.state.media.put('image', Buffer.from('xyz'), 'a.png')
    expect(await mah.call('media.get', { kind: 'image', id })).toEqual({ name: 'a.png', sizeBytes: 3, base64: 'eHl6' })
    const seen = mah.state.media.learn({ kind: 'image', url: 'http://x/i', name: 'i.png' })
    expect(await mah.call('media.get', { kind: 'image', id: seen })).toEqual({ url: 'http://x/i', name: 'i.png' })
    expect(await failure(mah.call('media.get', { kind: 'image', id: 'x' }))).toMatchObject({ kind: 'notFound' })
  })

  test.each([
    ['ADMINISTRATOR', true],
    ['MEMBER', false],
  ])('@all as %s', async (permission, allowed) => {
    server.replies.set('memberInfo.get', () => ({ ...wireMember, id: bot, permission }))
    expect(await mah.call('group.atAll.remain', { groupId: lab })).toEqual({ allowed, forGroup: 0, forBot: 0 })
  })
})

const refused = Object.entries(actionTable).filter(([, { mirai }]) => mirai.fidelity === 'refused')

test.each(refused)('%s is refused with its reason', async (name, { mirai }) => {
  const error = await failure(mah.call(name as ActionName, {}))
  expect(error).toMatchObject({ kind: 'notSupported', message: `${name}: ${'reason' in mirai ? mirai.reason : ''}` })
  expect(server.requests).toEqual([])
})

test('old servers', async () => {
  await mah.close()
  server.replies.set('about', data({ version: '2.0.2' }))
  mah = await connect(server)
  expect(await failure(mah.call('group.notice.list', { groupId: lab }))).toMatchObject({ kind: 'notSupported' })
  expect(mah.outbound.capabilities(bot).actions['group.notice.list']?.fidelity).toBe('refused')
  server.replies.set('file_mkdir', data(wireDocs))
  await mah.call('file.folder.create', { groupId: lab, name: 'docs', parentId: '/0b1c' })
  expect(content()).toMatchObject({ id: '/0b1c', dictionaryName: 'docs' })
})
