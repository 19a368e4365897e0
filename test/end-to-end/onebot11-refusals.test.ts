// How each implementation words a refusal, and what a mah client and a OneBot client make of it.
// Shapes: section 8 of the facts; words: NapCat's and LuckyLilliaBot's own texts, go-cqhttp's constants, QQ's numbers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessToken, startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { connect, type Frame } from '../inbound/onebot11/support.ts'
import { FakeOneBot, Members, failed } from '../outbound/onebot11/fake-onebot.ts'

/** Lagrange says no more than a number. */
const bare = (retcode: number) => new Members({ status: 'failed', retcode, data: null })
const gocq = (msg: string, wording: string) =>
  new Members({ status: 'failed', retcode: 100, data: null, msg, wording, message: wording })

/** mah's code for each, in the order of the table of kinds. */
const codes = { notFound: 5, noPermission: 10, muted: 20, tooLong: 30, badParameter: 400, backend: 500 }
type Kind = keyof typeof codes

const refusals: Record<string, readonly (readonly [Members, Kind])[]> = {
  'NapCat.Onebot': [
    [failed(1200, '无法获取用户信息'), 'notFound'],
    [failed(1200, '消息不存在'), 'notFound'],
    [failed(1200, '发送失败，你已被移出该群，请重新加群。'), 'notFound'],
    [failed(1200, '权限不足'), 'noPermission'],
    [failed(1200, 'Permission denied'), 'noPermission'],
    [failed(1200, '发送失败，你当前已被禁言'), 'muted'],
    [
      failed(
        1200,
        'EventChecker Failed: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg EventRet:\n{"result":120}',
      ),
      'muted',
    ],
    [failed(1200, '消息过长'), 'tooLong'],
    [failed(1400, 'group_id: Expected string'), 'badParameter'],
    [
      failed(
        1200,
        'EventChecker Failed: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg EventRet:\n{"result":299}',
      ),
      'backend',
    ],
    [failed(1200, 'Timeout: NTEvent serviceAndMethod:NodeIKernelMsgService/sendMsg'), 'backend'],
  ],
  LLOneBot: [
    [failed(1200, '群 30001 不存在'), 'notFound'],
    [failed(1200, '没有权限'), 'noPermission'],
    [failed(1200, '你已被禁言'), 'muted'],
    [failed(1200, '消息过长，发送失败'), 'tooLong'],
    [failed(1400, 'message 不能为空'), 'badParameter'],
    [failed(1200, '发送失败'), 'backend'],
  ],
  'Lagrange.OneBot': [
    [bare(120), 'muted'],
    [bare(-1), 'backend'],
    [bare(200), 'backend'],
    [bare(46), 'backend'],
  ],
  'go-cqhttp': [
    [gocq('GROUP_NOT_FOUND', '群聊不存在'), 'notFound'],
    [gocq('MSG_NOT_FOUND', '消息不存在'), 'notFound'],
    [gocq('FLAG_HAS_BEEN_CHECKED', '消息已处理'), 'notFound'],
    [gocq('PERMISSION_DENIED', '机器人权限不足'), 'noPermission'],
    [gocq('NOT_MANAGEABLE', '机器人权限不足'), 'noPermission'],
    [gocq('CANNOT_RECALL_FRIEND_MSG', '无法撤回'), 'backend'],
    [gocq('INVALID_FLAG', '无效的flag'), 'badParameter'],
    [gocq('EMPTY_MSG_ERROR', '消息为空'), 'badParameter'],
    [gocq('DURATION_IS_NOT_IN_RANGE', '禁言时间不合法'), 'badParameter'],
    [gocq('SEND_MSG_API_ERROR', '请参考 go-cqhttp 端输出'), 'backend'],
  ],
  'some other': [
    [bare(102), 'noPermission'],
    [bare(-34), 'muted'],
    [bare(-26), 'tooLong'],
    [bare(103), 'backend'],
  ],
}

/** Over WebSocket; 1000 less over HTTP. */
const retcodes: Partial<Record<Kind, number>> = { badParameter: 1400 }

describe.each(Object.entries(refusals))('%s', (appName, rows) => {
  const fake = new FakeOneBot(appName).on('get_group_list', []).on('get_friend_list', [])
  let bridge: RunningBridge
  let client: ReturnType<typeof connect>
  let sessionKey: string

  async function mirai(command: string, body: object): Promise<Frame> {
    const response = await fetch(`http://127.0.0.1:${bridge.miraiPort}/${command}`, {
      method: 'POST',
      body: JSON.stringify({ sessionKey, ...body }),
    })
    return (await response.json()) as Frame
  }

  beforeAll(async () => {
    await fake.listen()
    bridge = await startBridge({ backends: { back: { dialect: 'onebot11', ws: fake.url } } })
    await until(() => bridge.bots()[0]?.online, 'the bot')
    sessionKey = (await mirai('verify', { verifyKey }))['session'] as string
    await mirai('bind', { qq: 10001 })
    client = connect(`ws://127.0.0.1:${bridge.onebotPort}/api?access_token=${accessToken}`)
    await client.opened
  })
  afterAll(async () => {
    client.close()
    await bridge.stop()
    await fake.close()
  })

  test.each(rows)('%j is %s', async (answer, kind) => {
    fake.on('send_group_msg', answer)
    const wording = ['wording', 'message', 'msg'].map((name) => answer.members[name]).find(Boolean)
    const said = (wording ??
      `the backend refused without a reason, retcode ${String(answer.members['retcode'])}`) as string
    const told = await mirai('sendGroupMessage', { target: 30001, messageChain: [{ type: 'Plain', text: 'a' }] })
    expect(told['code']).toBe(codes[kind])
    if (kind === 'backend' || kind === 'badParameter') expect(told['msg']).toContain(said)
    const params = { group_id: 30001, message: 'a' }
    client.send({ action: 'send_group_msg', params, echo: 1 })
    expect(await client.next()).toMatchObject({
      ...{ status: 'failed', retcode: retcodes[kind] ?? 1200, data: null, echo: 1 },
      ...{ message: expect.stringContaining(said) as string, wording: expect.stringContaining(said) as string },
    })
    const http = await fetch(`http://127.0.0.1:${bridge.onebotPort}/send_group_msg?access_token=${accessToken}`, {
      method: 'POST',
      body: JSON.stringify(params),
    })
    expect([http.status, await http.json()]).toMatchObject([200, { retcode: (retcodes[kind] ?? 1200) - 1000 }])
  })

  test('who cannot mute somebody is not muted for that', async () => {
    fake.on('set_group_ban', failed(1200, '禁言失败'))
    const told = await mirai('mute', { target: 30001, memberId: 20001, time: 60 })
    expect(told).toMatchObject({ code: 500, msg: expect.stringContaining('禁言失败') as string })
  })

  test('no such action is code 6 and unknown, asked for once', async () => {
    const unknown =
      appName === 'Lagrange.OneBot'
        ? bare(404)
        : appName === 'go-cqhttp'
          ? gocq('API_NOT_FOUND', 'API不存在')
          : failed(1404, '不支持的Api')
    fake.on('set_essence_msg', unknown).on('_made_up', unknown).on('send_group_msg', { message_id: 77 })
    await mirai('sendGroupMessage', { target: 30001, messageChain: [{ type: 'Plain', text: 'a' }] })
    for (const _again of [1, 2]) {
      expect(await mirai('setEssence', { target: 30001, messageId: 77 })).toMatchObject({ code: 6 })
      client.send({ action: '_made_up', params: {}, echo: 2 })
      expect(await client.next()).toMatchObject({ status: 'failed', retcode: 1404, echo: 2 })
    }
    const asked = fake.calls.map(({ action }) => action)
    expect(asked.filter((action) => action === 'set_essence_msg' || action === '_made_up')).toHaveLength(2)
  })
})
