// Clients of the 1.x generation. Shapes: the documentation of 1.12.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BridgeEvent } from '../../../src/core/event.ts'
import { bot, group, lab, mio, time } from '../../dialect/mirai/fixtures.ts'
import { connect, getText, key, login, post, postText, startInbound, until, type Harness } from './setup.ts'

let harness: Harness
let session: string
beforeEach(async () => {
  harness = await startInbound()
  session = await authenticate()
})
afterEach(() => harness.close())

async function authenticate(): Promise<string> {
  const text = await postText(harness, '/auth', { authKey: key })
  const { session: made } = JSON.parse(text) as { session: string }
  expect(text).toBe(`{"code":0,"session":"${made}"}`)
  expect(await postText(harness, '/verify', { sessionKey: made, qq: bot })).toBe('{"code":0,"msg":"success"}')
  return made
}

const named: BridgeEvent = { type: 'group.name', bot, time, groupId: lab, name: 'New', oldName: 'Old' }
const v1Named =
  '{"type":"GroupNameChangeEvent","origin":"Old","new":"New","current":"New",' +
  '"group":{"id":30003,"name":"New","permission":"MEMBER"},"operator":null}'
const read = (path: string, more = '') => getText(harness, `/${path}?sessionKey=${session}${more}`)

describe('sessions', () => {
  test('a wrong key, a bot that is not there, no session', async () => {
    expect(await postText(harness, '/auth', { authKey: 'wrong' })).toBe('{"code":1,"msg":"Auth Key错误"}')
    expect(await postText(harness, '/auth', {})).toBe('{"code":400,"msg":"参数错误，缺少字段: authKey"}')
    expect(await postText(harness, '/verify', { sessionKey: session, qq: 7 })).toContain('"code":2')
    expect(await postText(harness, '/verify', { sessionKey: 'x', qq: bot })).toContain('"code":3')
  })

  test('a body with a verifyKey is one of today', async () => {
    expect(await postText(harness, '/verify', { verifyKey: key, qq: bot })).toContain('"session"')
    expect(await postText(harness, '/verify', {})).toBe('{"code":400,"msg":"参数错误，缺少字段: verifyKey"}')
  })

  test('release', async () => {
    expect(await postText(harness, '/release', { sessionKey: session, qq: bot })).toBe('{"code":0,"msg":"success"}')
    expect(await read('friendList')).toContain('"code":3')
  })
})

describe('answers', () => {
  test.each([
    ['friendList', '', '[{"id":20002,"nickname":"Nico","remark":""}]'],
    ['groupList', '', `[{"id":30003,"name":"Lab","permission":"MEMBER"}]`],
    ['countMessage', '', '{"code":0,"errorMessage":"","data":0}'],
    ['fetchMessage', '&count=1', '{"code":0,"errorMessage":"","data":[]}'],
    [
      'groupConfig',
      `&target=${lab}`,
      '{"name":"Lab","announcement":"","confessTalk":false,"allowMemberInvite":true,"autoApprove":false,"anonymousChat":false}',
    ],
    ['memberInfo', `&target=${lab}&memberId=${mio}`, '{"name":"Mio","nick":"Mio","specialTitle":""}'],
    ['config', '', '{"cacheSize":1024,"enableWebsocket":true}'],
  ])('%s%s', async (path, more, answer) => {
    expect(await read(path, more)).toBe(answer)
  })

  test('lists are bare', async () => {
    expect(await read('memberList', `&target=${lab}`)).toMatch(/^\[\{"id":40004,/)
    const body = { sessionKey: session, group: lab, urls: ['http://a/b.jpg'] }
    expect(await postText(harness, '/sendImageMessage', body)).toMatch(/^\["\{A/)
    expect(await read('messageFromId', '&id=517')).toMatch(
      /^\{"code":0,"errorMessage":"","data":\{"type":"GroupMessage"/,
    )
  })

  test('a session of today gets them wrapped, side by side', async () => {
    const other = await login(harness)
    expect(await getText(harness, '/friendList', { sessionKey: other })).toMatch(/^\{"code":0,"msg":"","data":\[/)
  })

  test('recall by target', async () => {
    expect(await postText(harness, '/recall', { sessionKey: session, target: 517 })).toContain('"code":0')
    expect(harness.calls).toEqual([{ name: 'message.recall', params: { messageId: 517 } }])
  })

  test('config and managers', async () => {
    const config = { sessionKey: session, cacheSize: 10, enableWebsocket: true }
    expect(await postText(harness, '/config', config)).toBe('{"code":0,"msg":"success"}')
    expect(harness.losses).toMatchObject([{ what: 'cacheSize', fidelity: 'dropped' }])
    expect(await getText(harness, `/managers?qq=${bot}`)).toBe('[]')
    expect(await getText(harness, '/managers?qq=5')).toContain('"code":2')
    expect(await postText(harness, '/config', { enableWebsocket: true })).toContain('"code":3')
  })
})

describe('group files', () => {
  const fileInfo =
    '{"name":"a.txt","path":"/a.txt","id":"/a1","length":12,"downloadTimes":0,"uploaderId":40004,' +
    '"uploadTime":1700000000,"lastModifyTime":1700000005,"downloadUrl":"","sha1":"A9993E36","md5":"90015098"}'

  test('lists and infos', async () => {
    expect(await read('groupFileList', `&target=${lab}`)).toBe(
      '[{"name":"docs","id":"/0b1c","path":"/docs","isFile":false},' +
        '{"name":"a.txt","id":"/a1","path":"/a.txt","isFile":true}]',
    )
    expect(await read('groupFileList', `&target=${lab}&dir=docs`)).toBe(
      '[{"name":"b.txt","id":"/b2","path":"/docs/b.txt","isFile":true}]',
    )
    expect(await read('groupFileInfo', `&target=${lab}&id=/a1`)).toBe(fileInfo)
  })

  test.each([
    ['groupMkdir', { group: lab, dir: 'new' }, { name: 'file.folder.create', params: { groupId: lab, name: 'new' } }],
    [
      'groupFileRename',
      { target: lab, id: '/a1', rename: 'x' },
      { name: 'file.rename', params: { groupId: lab, fileId: '/a1', folderId: '/', name: 'x' } },
    ],
    [
      'groupFileMove',
      { target: lab, id: '/a1', movePath: 'docs' },
      { name: 'file.move', params: { groupId: lab, fileId: '/a1', fromFolderId: '/', toFolderId: '/0b1c' } },
    ],
    ['groupFileDelete', { target: lab, id: '/a1' }, { name: 'file.delete', params: { groupId: lab, fileId: '/a1' } }],
  ])('%s', async (path, body, call) => {
    expect(await postText(harness, `/${path}`, { sessionKey: session, ...body })).toBe('{"code":0,"msg":"success"}')
    expect(harness.calls.at(call.name === 'file.folder.create' ? 0 : -1)).toEqual(call)
  })

  test('an upload names folder and file in one path', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ sessionKey: session, type: 'Group', target: String(lab) })) {
      form.append(name, value)
    }
    form.append('path', 'docs/b.txt')
    form.append('file', new Blob(['xyz']), 'payload')
    const response = await fetch(`${harness.url}/uploadFileAndSend`, { method: 'POST', body: form })
    expect(await response.text()).toBe('{"code":0,"msg":"success","id":"/b2"}')
    expect(harness.calls.find(({ name }) => name === 'file.upload')).toMatchObject({
      params: { peer: { kind: 'group', groupId: lab }, name: 'b.txt', folderId: '/0b1c' },
    })
  })
})

describe('sockets', () => {
  test('bare events, no greeting, no commands, no key but the session', async () => {
    const client = connect(harness, `/all?sessionKey=${session}`)
    await until(() => client.socket.readyState === client.socket.OPEN)
    client.socket.send('{"syncId":"1","command":"about"}')
    harness.inbound.push(named)
    expect(await client.frame(0)).toBe(v1Named)
    expect(await read('fetchMessage')).toBe(`{"code":0,"errorMessage":"","data":[${v1Named}]}`)
    client.socket.close()
    await client.closed
    expect(await read('friendList')).toMatch(/^\[/)
  })

  test('with a verifyKey it is a socket of today', async () => {
    const client = connect(harness, `/all?sessionKey=${session}&verifyKey=${encodeURIComponent(key)}`)
    expect(await client.frame(0)).toBe(`{"syncId":"","data":{"code":0,"session":"${session}"}}`)
  })

  test('a session of today is not opened without the key', async () => {
    const other = await login(harness)
    const client = connect(harness, `/all?sessionKey=${other}`)
    expect(await client.frame(0)).toBe('{"syncId":"","data":{"code":1,"msg":"Auth Key错误"}}')
  })
})

describe('commands', () => {
  const said = (text: string): BridgeEvent => ({
    type: 'message',
    bot,
    time,
    origin: 'received',
    message: {
      id: 5 as never,
      peer: { kind: 'group', groupId: group.groupId },
      time,
      sender: { userId: mio, nickname: 'Mio' },
      segments: [{ type: 'text', text }],
    },
  })

  test('registered by the key, told on /command', async () => {
    const body = { authKey: key, name: 'login', alias: ['lg'], usage: '', description: '' }
    expect(await postText(harness, '/command/register', { ...body, authKey: 'wrong' })).toContain('"code":1')
    expect(await postText(harness, '/command/register', body)).toBe('{"code":0,"msg":"success"}')
    const client = connect(harness, `/command?authKey=${encodeURIComponent(key)}`)
    await until(() => client.socket.readyState === client.socket.OPEN)
    harness.inbound.push(said('/lg 123 pwd'))
    expect(await client.frame(0)).toBe('{"name":"login","sender":40004,"group":30003,"args":["123","pwd"]}')
    const sent = await post(harness, '/command/send', { authKey: key, name: 'lg', args: ['1'] })
    expect(sent.status).toBe(200)
    expect(await client.frame(1)).toBe('{"name":"login","sender":0,"group":0,"args":["1"]}')
    expect(await postText(harness, '/command/send', { authKey: key, name: 'x', args: [] })).toContain('"code":5')
  })

  test('the socket asks for the key', async () => {
    const client = connect(harness, '/command?authKey=wrong')
    expect(await client.frame(0)).toBe('{"code":1,"msg":"Auth Key错误"}')
    expect((await client.closed).code).toBe(1000)
  })
})

test('switched off, nothing of it is there', async () => {
  await harness.close()
  harness = await startInbound({ v1: false })
  expect((await post(harness, '/auth', { authKey: key })).status).toBe(404)
  expect((await post(harness, '/groupMkdir', {})).status).toBe(404)
  expect(await postText(harness, '/verify', { sessionKey: 'x', qq: bot })).toContain('"code":400')
})
