// With folders that are allowed: what is really inside of them is sent, everything else is refused in the same words. And what
// lies inside the network is not fetched, however its address is written.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { miraiRefusal, onebotRefusal, stage, watch, type Client, type Stage, type Watch } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'roots-'))
const root = join(folder, 'root')
const beside = join(folder, 'root-beside')
const words = 'the content of a file that nobody may have'
for (const place of [root, beside, join(root, 'sub')]) mkdirSync(place)
for (const place of [join(root, 'fine.png'), join(root, 'sub', 'deep.png'), join(beside, 'secret.png')]) {
  writeFileSync(place, words)
}
writeFileSync(join(root, 'with space.png'), words)
symlinkSync(join(beside, 'secret.png'), join(root, 'out.png'))
symlinkSync(beside, join(root, 'outer'))
symlinkSync(join(root, 'fine.png'), join(beside, 'in.png'))
symlinkSync(join(root, 'round.png'), join(root, 'round.png'))
symlinkSync('/etc/passwd', join(root, 'passwd.png'))
execFileSync('mkfifo', [join(root, 'pipe.png')])

let on: Stage
let guard: Watch
let api: Client
let all: Client
beforeAll(async () => {
  on = await stage({ fileRoots: [root] })
  guard = await watch(on)
  api = await on.api()
  all = await on.all()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
  rmSync(folder, { recursive: true })
})

const href = (path: string): string => pathToFileURL(path).href
const group = 30001
const refusal = 'local files are not sent for this client; use url or base64, or list fileRoots'

const inside = [
  join(root, 'fine.png'),
  join(root, 'sub', 'deep.png'),
  `${root}/sub/../fine.png`,
  `${root}//fine.png`,
  href(join(root, 'fine.png')),
  href(join(root, 'with space.png')),
  href(join(root, 'fine.png')).replace('fine', '%66ine'),
  join(beside, 'in.png'),
]

const outside = [
  join(root, 'out.png'),
  join(root, 'outer', 'secret.png'),
  join(root, 'round.png'),
  join(root, 'passwd.png'),
  join(root, 'pipe.png'),
  join(root, 'gone.png'),
  root,
  `${root}/`,
  `${root}/sub`,
  join(beside, 'secret.png'),
  `${root}/../root-beside/secret.png`,
  `${root}/sub/../../root-beside/secret.png`,
  href(join(root, 'out.png')),
  href(root).concat('/%2e%2e/root-beside/secret.png'),
  href(root).concat('/..%2froot-beside%2fsecret.png'),
  href(join(beside, 'secret.png')).replace('file:', 'FILE:'),
  href(join(beside, 'secret.png')).replace('secret', '%73ecret'),
  `file:${join(beside, 'secret.png')}`,
  `file://127.0.0.1${join(beside, 'secret.png')}`,
  `file://evil.example${join(root, 'fine.png')}`,
  `file:\\\\${beside}\\secret.png`,
  `${root}/fine.png\0.jpg`,
  `${root}/out.png\0`,
  `\\\\?\\${beside}\\secret.png`,
  `//?/${beside}/secret.png`,
  '\\\\localhost\\c$\\secret.png',
  '/proc/self/environ',
  '/proc/self/fd/0',
  '/dev/stdin',
  '~/.ssh/id_rsa',
  `${'../'.repeat(30)}etc/passwd`,
  'C:/Windows/win.ini',
  'x'.repeat(5000).concat('/x'),
]

/** Every parameter that takes a source, as OneBot names it. */
const places: [string, (file: string) => { action: string; params: Record<string, unknown> }][] = [
  ...(['image', 'record', 'video'] as const).map((type): (typeof places)[number] => [
    type,
    (file) => ({ action: 'send_group_msg', params: { group_id: group, message: [{ type, data: { file } }] } }),
  ]),
  ['upload_group_file', (file) => ({ action: 'upload_group_file', params: { group_id: group, file, name: 'x.png' } })],
  [
    'upload_private_file',
    (file) => ({ action: 'upload_private_file', params: { user_id: 20001, file, name: 'x.png' } }),
  ],
  ['set_group_portrait', (file) => ({ action: 'set_group_portrait', params: { group_id: group, file } })],
  ['set_qq_avatar', (file) => ({ action: 'set_qq_avatar', params: { file } })],
]

describe.each(places)('OneBot %s', (_, toCall) => {
  test.each(outside)('outside: %s', async (path) => {
    const { action, params } = toCall(path)
    api.send({ action, params, echo: 1 })
    const said = JSON.parse(await api.next()) as { status: string; retcode: number; wording: string }
    expect([said.status, said.retcode, said.wording]).toEqual(['failed', 1400, refusal])
    const { status, text } = await on.onebot.post(`/${action}`, JSON.stringify(params))
    expect([status, text]).toEqual([200, onebotRefusal(400, refusal)])
  })

  test.each(inside)('inside: %s', async (path) => {
    api.send({ ...toCall(path), echo: 1 })
    expect(JSON.parse(await api.next())).toMatchObject({ status: 'ok', retcode: 0, echo: 1 })
  })
})

describe('mah', () => {
  test.each(outside)('outside: %s', async (path) => {
    for (const type of ['Image', 'FlashImage', 'Voice']) {
      const content = { target: group, messageChain: [{ type, path }] }
      all.send({ syncId: 's', command: 'sendGroupMessage', content })
      expect(await all.find((said) => said.startsWith('{"syncId":"s"'))).toBe(miraiRefusal(6, refusal, '"s"'))
      const posted = await on.mirai.post('/sendGroupMessage', JSON.stringify(content))
      expect([posted.status, posted.text]).toEqual([200, miraiRefusal(6, refusal)])
    }
  })

  test.each(inside)('inside: %s', async (path) => {
    const content = { target: group, messageChain: [{ type: 'Image', path }] }
    const posted = await on.mirai.post('/sendGroupMessage', JSON.stringify(content))
    expect(JSON.parse(posted.text)).toMatchObject({ code: 0 })
  })
})

const addresses = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '１２７.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  'localhost',
  'LOCALHOST',
  '0.0.0.0',
  '0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[ff02::1]',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
]

describe('addresses of the network inside', () => {
  const unpublic = /is not a public address; fetch\.allow in the configuration may list it$/
  test.each(addresses)('http://%s', async (host) => {
    const { adminPort } = on.bridge
    for (const url of [`http://${host}:${adminPort}/healthz`, `https://${host}/x`, `HTTP://${host}/`]) {
      api.send({ action: 'download_file', params: { url }, echo: 1 })
      const said = JSON.parse(await api.next()) as { retcode: number; message: string }
      expect([said.retcode, said.message]).toEqual([1400, expect.stringMatching(unpublic) as string])
      const posted = await on.onebot.post('/download_file', JSON.stringify({ url }))
      expect(JSON.parse(posted.text)).toMatchObject({ status: 'failed', retcode: 400, data: null })
    }
  })

  test.each([
    'http://user:password@example.com/',
    'http://127.0.0.1@example.com/',
    'ftp://example.com/x',
    'gopher://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'http://[::1',
    'http://a b/',
    '//example.com/x',
    'example.com',
    ' ',
  ])('%j is none', async (url) => {
    api.send({ action: 'download_file', params: { url }, echo: 1 })
    expect(JSON.parse(await api.next())).toMatchObject({ status: 'failed', retcode: 1400, data: null })
    const posted = await on.onebot.post('/download_file', JSON.stringify({ url }))
    expect(JSON.parse(posted.text)).toMatchObject({ status: 'failed', retcode: 400, data: null })
  })
})

test('nothing of all this was told to anybody', () => {
  expect(JSON.stringify(on.bridge.world().export())).not.toContain('root:x:')
})
