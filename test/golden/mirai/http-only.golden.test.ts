// The commands that only HTTP has, request -> answer, byte for byte. Shapes: mirai-api-http 2.10.0, adapter/http/router.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allCommands } from '../../../src/dialect/mirai/index.ts'
import { bot, lab, time } from '../../dialect/mirai/fixtures.ts'
import { getText, key, postText, startInbound, type Harness } from '../../inbound/mirai/setup.ts'

let harness: Harness
let session = ''
const asked = new Set<string>()
beforeAll(async () => {
  harness = await startInbound()
})
afterAll(() => harness.close())

const success = '{"code":0,"msg":"success"}'
const event = `{"type":"BotOnlineEvent","qq":${bot}}`
const list = (...texts: string[]) => `{"code":0,"msg":"","data":[${texts.join(',')}]}`

test('the handshake', async () => {
  asked.add('verify').add('bind')
  const text = await postText(harness, '/verify', { verifyKey: key })
  ;({ session } = JSON.parse(text) as { session: string })
  expect(text).toBe(`{"code":0,"session":"${session}"}`)
  expect(await postText(harness, '/bind', { sessionKey: session, qq: bot })).toBe(success)
})

test.each([
  ['countMessage', '', '{"code":0,"msg":"","data":2}'],
  ['peekMessage', '&count=1', list(event)],
  ['peekLatestMessage', '&count=2', list(event, event)],
  ['fetchLatestMessage', '&count=1', list(event)],
  ['fetchMessage', '', list(event)],
])('%s', async (command, query, answer) => {
  asked.add(command)
  if (asked.size === 3) {
    for (let at = 0; at < 2; at++) harness.inbound.push({ type: 'bot.online', bot, time, again: false })
  }
  expect(await getText(harness, `/${command}?sessionKey=${session}${query}`)).toBe(answer)
})

const file = '{"name":"/","id":"/","path":"/","parent":null'
const group = '{"id":30003,"name":"Lab","permission":"MEMBER"}'
const folderEnd =
  `"contact":${group},"isFile":false,"isDictionary":true,"isDirectory":true,"size":0,"sha1":null,"md5":null,` +
  '"uploaderId":null,"uploadTime":null,"lastModifyTime":null,"downloadInfo":null}'
const uploaded =
  `{"code":0,"msg":"","data":{"name":"b.txt","id":"/b2","path":"/docs/b.txt","parent":{"name":"docs","id":"/0b1c",` +
  `"path":"/docs","parent":${file},${folderEnd},${folderEnd},"contact":${group},"isFile":true,"isDictionary":false,` +
  '"isDirectory":false,"size":12,"sha1":"A9993E36","md5":"90015098","uploaderId":40004,"uploadTime":1700000000,' +
  '"lastModifyTime":1700000005,"downloadInfo":null}}'
const hex = 'B'.repeat(32)

test.each([
  [
    'uploadImage',
    { type: 'group' },
    ['img'],
    `{"imageId":"{BBBBBBBB-BBBB-BBBB-BBBB-BBBBBBBBBBBB}.png","url":"http://media.example/${hex}.png"}`,
  ],
  ['uploadVoice', { type: 'friend' }, ['voice'], `{"voiceId":"${hex}.amr"}`],
  ['uploadShortVideo', { type: 'Group' }, ['video', 'thumbnail'], `{"videoId":"${hex}.mp3"}`],
  ['file_upload', { type: 'group', target: String(lab), path: '/docs' }, ['file'], uploaded],
] as const)('%s', async (command, fields, files, answer) => {
  asked.add(command)
  const form = new FormData()
  for (const [name, value] of Object.entries({ sessionKey: session, ...fields })) form.append(name, value)
  for (const name of files) form.append(name, new Blob(['xyz']), 'b.txt')
  const path = allCommands.find(({ name }) => name === command)?.path ?? ''
  const response = await fetch(harness.url + path, { method: 'POST', body: form })
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.text()).toBe(answer)
})

test('release, and then there is nothing left that only HTTP has', async () => {
  asked.add('release')
  expect(await postText(harness, '/release', { sessionKey: session, qq: bot })).toBe(success)
  expect(allCommands.filter((command) => !command.ws && !asked.has(command.name))).toEqual([])
})
