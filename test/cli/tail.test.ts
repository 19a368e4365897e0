// tail beside a bridge that runs.
import { describe, test } from 'vitest'
import { accessToken, adminToken, startBridge, until } from '../support/bridge.ts'
import { group } from '../../src/world/index.ts'
import { run } from './run.ts'

describe.concurrent('tail', () => {
  test.for([
    { flags: ['--json'], line: /"type":"message"/ },
    { flags: ['--bot', '10001'], line: /world 10001 {2}message {2}group 30001 .* \(20001\): hello\ufffd\[2J/ },
  ])('events, $flags', async ({ flags, line }, { expect }) => {
    await using bridge = await startBridge()
    const url = `http://127.0.0.1:${bridge.adminPort}`
    let ended = false
    const tail = run(['tail', '--events', '--limit', '1', '--url', url, ...flags], { env: { ADMIN_TOKEN: adminToken } })
    void tail.finally(() => (ended = true))
    // It is heard from the moment in which it follows.
    const talk = setInterval(() => bridge.world().as(20001).say(group(30001), 'hello\u001b[2J'), 50)
    await until(() => ended, 'the end of tail', 15_000)
    clearInterval(talk)
    const { code, out } = await tail
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toEqual([expect.stringMatching(line)])
  })

  test('a call in full: each text on its way with its time', async ({ expect }) => {
    await using bridge = await startBridge()
    const url = `http://127.0.0.1:${bridge.adminPort}`
    let ended = false
    const tail = run(['tail', '--traces', '--limit', '1', '--url', url], { env: { ADMIN_TOKEN: adminToken } })
    void tail.finally(() => (ended = true))
    const headers = { authorization: `Bearer ${accessToken}` }
    // It is heard from the moment in which it follows.
    const asked = `http://127.0.0.1:${bridge.onebotPort}/get_group_info?group_id=30001`
    const ask = setInterval(() => void fetch(asked, { headers }).catch(() => {}), 50)
    await until(() => ended, 'the end of tail', 15_000).finally(() => clearInterval(ask))
    const { code, out } = await tail
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(
        /^\d\d:\d\d:\d\d {2}[0-9a-z]+-[0-9a-z]+ {2}onebot 10001 {2}group\.get {2}[0-9.]+ ms {2}ok$/,
      ),
      expect.stringMatching(/^ {4}0\.0 ms {2}onebot got {3}\{"request":"GET \/get_group_info","params":/),
      expect.stringMatching(/ms {2}= {2}\{"name":"group\.get","params":\{"groupId":30001/),
      expect.stringMatching(/ms {2}= {2}\{"groupId":30001/),
      expect.stringMatching(/ms {2}onebot said {2}\{"status":"ok"/),
    ])
  })

  test('a wrong token, nobody there, no token: 1 and the reason', async ({ expect }) => {
    await using bridge = await startBridge()
    const url = `http://127.0.0.1:${bridge.adminPort}`
    const wrong = await run(['tail', '--url', url], { env: { ADMIN_TOKEN: 'wrong' } })
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toContain('HTTP 403')
    expect(wrong.err).not.toContain('wrong')
    const nobody = await run(['tail', '--url', 'http://127.0.0.1:1'], { env: { ADMIN_TOKEN: 'x' } })
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('ECONNREFUSED')])
    expect(await run(['tail'])).toMatchObject({ code: 1, err: expect.stringContaining('admin token') as unknown })
  })
})
