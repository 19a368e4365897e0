// What the bridge answers itself, and what it answers when the backend has nothing of the kind.
import { afterEach, expect, test } from 'vitest'
import { fail, startInbound, type Script } from './support.ts'

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

async function ask(name: string, params: object, script?: Script) {
  const inbound = await startInbound({}, script)
  cleanUps.push(() => inbound.stop())
  const response = await fetch(`${inbound.http}/${name}`, { method: 'POST', body: JSON.stringify(params) })
  const wire = (await response.json()) as Record<string, unknown>
  return { wire, calls: inbound.calls, put: inbound.put }
}

test('unknown is answered like every other unknown name', async () => {
  const { wire, calls } = await ask('unknown', {})
  expect(wire).toMatchObject({ status: 'failed', retcode: 200, message: '不支持的Api unknown', data: null })
  expect(calls).toEqual([])
})

test('guilds: none, where a backend has nothing of the kind', async () => {
  const script: Script = () => fail('notSupported', 'no guilds')
  expect((await ask('get_guild_list', {}, script)).wire).toMatchObject({ status: 'ok', data: [] })
  expect((await ask('get_guild_service_profile', {}, script)).wire).toMatchObject({ status: 'ok', data: null })
  expect((await ask('get_guild_list', {}, () => null)).wire).toMatchObject({ status: 'ok', data: [] })
  expect((await ask('get_guild_list', { self_id: 5 })).wire).toMatchObject({ status: 'ok', data: [] })
  const away: Script = () => fail('offline', 'away')
  expect((await ask('get_guild_list', {}, away)).wire).toMatchObject({ status: 'failed', message: 'away' })
})

test('clean_cache is the backend’s, and refused where it has no cache', async () => {
  const { wire, calls } = await ask('clean_cache', {}, () => null)
  expect(wire).toMatchObject({ status: 'ok', data: null })
  expect(calls[0]?.action).toEqual({ name: 'raw', params: { dialect: 'onebot11', name: 'clean_cache', params: {} } })
  expect((await ask('clean_cache', {}, () => fail('notSupported', 'no cache'))).wire).toMatchObject({
    status: 'failed',
    message: 'no cache',
  })
})

test('download_file keeps bytes', async () => {
  const kept = await ask('download_file', { base64: 'base64://AAAA', name: 'a.zip' })
  expect(kept.wire).toMatchObject({ status: 'ok', data: { file: 'M' } })
  expect(kept.put).toEqual([['file', Buffer.from([0, 0, 0]), 'a.zip']])
  for (const [params, retcode, text] of [
    [{ url: 'http://[::1]/x' }, 400, /not a public address/],
    [{ url: 'http://127.0.0.1/', headers: 'no pair' }, 400, /headers must be/],
    [{}, 400, /missing parameter: url/],
    [{ base64: '!' }, 400, /base64 must be/],
  ] as const) {
    const { wire } = await ask('download_file', params)
    expect(wire).toMatchObject({ status: 'failed', retcode, message: expect.stringMatching(text) as string })
  }
})

test('an answer that repeats what was asked for takes it from the call', async () => {
  expect((await ask('delete_group_file', { group_id: 1, file_id: '/f' })).wire['data']).toMatchObject({
    transGroupFileResult: { successFileIdList: ['/f'] },
  })
  const honors = await ask('get_group_honor_info', { group_id: '30001' }, () => ({ lists: {} }))
  expect(honors.wire['data']).toMatchObject({ group_id: 30001, current_talkative: {}, talkative_list: [] })
})
