// Local files are opened for nobody: one refusal for those that exist, those that do not, and every spelling.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { miraiRefusal, onebotRefusal, stage, watch, type Client, type Stage, type Watch } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sources-'))
const here = join(folder, 'secret.png')
const gone = join(folder, 'gone.png')
writeFileSync(here, 'the content of a file that nobody may have')

let on: Stage
let guard: Watch
let api: Client
let all: Client
beforeAll(async () => {
  on = await stage()
  guard = await watch(on)
  api = await on.api()
  all = await on.all()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
  rmSync(folder, { recursive: true })
})

const spellings = [here, gone].flatMap((path) => [
  path,
  pathToFileURL(path).href,
  pathToFileURL(path).href.replace('file', 'FILE'),
  `file:${path}`,
  `file://localhost${path}`,
  path.replace('/', '//'),
  `/proc/self/root${path}`,
  `${folder}/../${path.slice(folder.lastIndexOf('/') + 1)}`,
])
const others = [
  '/etc/passwd',
  '../../etc/passwd',
  './package.json',
  'src/main.ts',
  'C:\\Windows\\win.ini',
  '\\\\host\\share\\x.png',
  '/',
  '/dev/zero',
]

const refused = 'local files are not sent for this client; use url or base64, or list fileRoots'
const group = 30001

describe.each([...spellings, ...others])('%s', (path) => {
  test.each(['image', 'record', 'video'])('OneBot %s', async (type) => {
    for (const data of [{ file: path }, { path }, { url: path, file: 'x.png' }]) {
      api.send({ action: 'send_group_msg', params: { group_id: group, message: [{ type, data }] }, echo: 1 })
      expect(await api.next()).toBe(onebotRefusal(1400, refused, '1'))
    }
  })

  test('OneBot in CQ text, over HTTP, in a forward', async () => {
    const message = `[CQ:image,file=${path}]`
    const posted = await on.onebot.post('/send_group_msg', JSON.stringify({ group_id: group, message }))
    expect([posted.status, posted.text]).toEqual([200, onebotRefusal(400, refused)])
    const content = [{ type: 'image', data: { file: path } }]
    const node = { type: 'node', data: { user_id: 1, nickname: 'x', content } }
    api.send({ action: 'send_group_forward_msg', params: { group_id: group, messages: [node] }, echo: 1 })
    expect(await api.next()).toBe(onebotRefusal(1400, refused, '1'))
  })

  test('mah', async () => {
    const elements = [
      { type: 'Image', path },
      { type: 'Image', url: path },
      { type: 'FlashImage', path },
      { type: 'Voice', path },
      { type: 'Voice', url: path },
      { type: 'ShortVideo', videoUrl: path, thumbnailUrl: path },
      {
        type: 'Forward',
        nodeList: [{ senderId: 1, time: 1, senderName: 'x', messageChain: [{ type: 'Image', path }] }],
      },
    ]
    for (const element of elements) {
      const content = { target: group, messageChain: [element] }
      all.send({ syncId: 's', command: 'sendGroupMessage', content })
      expect(await all.find((text) => text.startsWith('{"syncId":"s"'))).toBe(miraiRefusal(6, refused, '"s"'))
      const posted = await on.mirai.post('/sendGroupMessage', JSON.stringify(content))
      expect(posted.text).toBe(miraiRefusal(6, refused))
    }
    const image = await on.mirai.post('/sendImageMessage', JSON.stringify({ target: group, urls: [path] }))
    expect((JSON.parse(image.text) as { code: number }).code).toBeGreaterThan(0)
  })
})

test.each(['ftp://x/y', 'gopher://x', 'javascript:alert(1)', 'data:image/png,x', 'unix:/run/x.sock'])(
  'address %s',
  async (url) => {
    const content = { target: group, messageChain: [{ type: 'Image', url }] }
    const posted = await on.mirai.post('/sendGroupMessage', JSON.stringify(content))
    expect(posted.text).toBe(miraiRefusal(400, 'image: an address must start with http:// or https://'))
  },
)

test('nothing of all this changed the world', () => {
  expect(JSON.stringify(on.bridge.world().export())).not.toContain('nobody may have')
})
