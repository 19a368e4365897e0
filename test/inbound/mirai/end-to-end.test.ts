// mah's commands for files, announcements and history with true effects: a bridge before the demo world.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBridge, verifyKey, type RunningBridge } from '../../support/bridge.ts'

let bridge: RunningBridge
let session: string
let group: number
let base: string

beforeAll(async () => {
  bridge = await startBridge()
  base = `http://127.0.0.1:${bridge.miraiPort}`
  const verified = (await post('verify', { verifyKey })) as unknown as { session: string }
  session = verified.session
  const bots = await get('botList')
  await post('bind', { qq: (bots.data as number[])[0] })
  const groups = (await get('groupList')).data as { id: number; permission: string }[]
  group = (groups.find(({ permission }) => permission !== 'MEMBER') ?? groups[0])!.id
})
afterAll(() => bridge.stop())

interface Answer {
  code: number
  msg: string
  data: unknown
}

async function post(command: string, body: object): Promise<Answer> {
  const response = await fetch(`${base}/${command}`, {
    method: 'POST',
    body: JSON.stringify({ sessionKey: session, ...body }),
  })
  return (await response.json()) as Answer
}

async function get(command: string, query: Record<string, string | number> = {}): Promise<Answer> {
  const search = new URLSearchParams({ sessionKey: session ?? '' })
  for (const [name, value] of Object.entries(query)) search.set(name, String(value))
  return (await (await fetch(`${base}/${command}?${search.toString()}`)).json()) as Answer
}

interface File {
  id: string
  name: string
  path: string
  parent: File | null
  isFile: boolean
  md5: string | null
  downloadInfo: { url: string } | null
}

const list = async (path: string) => (await get('file/list', { target: group, path })).data as File[]
const success = { code: 0, msg: 'success' }

async function upload(path: string, name: string): Promise<File> {
  const form = new FormData()
  for (const [key, value] of Object.entries({ type: 'group', target: String(group), path })) form.append(key, value)
  form.append('file', new Blob(['hello']), name)
  const response = await fetch(`${base}/file/upload`, { method: 'POST', body: form, headers: { sessionKey: session } })
  return ((await response.json()) as Answer).data as File
}

test('a file is uploaded, found, renamed, moved and deleted', async () => {
  const made = (await post('file/mkdir', { target: group, id: '', directoryName: 'drawer' })).data as File
  expect(made).toMatchObject({ name: 'drawer', path: '/drawer', isFile: false, parent: { id: '/', parent: null } })
  const file = await upload('/drawer', 'a.txt')
  expect(file).toMatchObject({ name: 'a.txt', path: '/drawer/a.txt', parent: { id: made.id }, downloadInfo: null })
  expect(file.md5).toBe('5D41402ABC4B2A76B9719D911017C592')
  const info = await get('file/info', { target: group, id: file.id, withDownloadInfo: 'true' })
  expect((info.data as File).downloadInfo?.url).toMatch(/^http/)

  expect(await post('file/rename', { target: group, id: file.id, renameTo: 'b.txt' })).toEqual(success)
  expect((await list('/drawer')).map(({ name }) => name)).toEqual(['b.txt'])
  expect(await post('file/move', { target: group, path: '/drawer/b.txt', moveToPath: '/' })).toEqual(success)
  expect(await list('/drawer')).toEqual([])
  expect(await post('file/delete', { target: group, path: '/b.txt' })).toEqual(success)
  expect((await list('/')).map(({ name }) => name)).not.toContain('b.txt')
  expect(await post('file/delete', { target: group, path: '/b.txt' })).toMatchObject({ code: 5 })
})

test('an announcement is published, listed and deleted', async () => {
  const { data } = await post('anno/publish', { target: group, content: 'tea at five' })
  const { fid } = data as { fid: string }
  expect(data).toMatchObject({ content: 'tea at five', group: { id: group }, allConfirmed: false })
  const listed = async () => ((await get('anno/list', { id: group })).data as { fid: string }[]).map((one) => one.fid)
  expect(await listed()).toContain(fid)
  expect(await post('anno/delete', { id: group, fid })).toEqual(success)
  expect(await listed()).not.toContain(fid)
  expect(await post('anno/delete', { id: group, fid })).toMatchObject({ code: 5 })
})

test('history of a group', async () => {
  await post('sendGroupMessage', { target: group, messageChain: [{ type: 'Plain', text: 'remember me' }] })
  const where = { timeStart: 0, timeEnd: 4_000_000_000, target: null, qq: null, group }
  const packets = (await post('roamingMessages', where)).data as { messageChain: { text?: string }[] }[]
  expect(packets.at(-1)?.messageChain[1]?.text).toBe('remember me')
})
