// Events of implementations as canonical ones, with ids of the bridge; own messages; files that are reported twice.
import { describe, expect, test } from 'vitest'
import type { GroupId, Peer, UserId } from '../../../src/core/ids.ts'
import type { WireObject } from '../../../src/core/read.ts'
import type { Segment } from '../../../src/core/segment.ts'
import { createFileTwins } from '../../../src/outbound/onebot11/file-twins.ts'
import { createOwnSends } from '../../../src/outbound/onebot11/own-sends.ts'
import type { FileUploadEvent, MessageEvent } from '../../../src/core/event.ts'
import { answerTo, silence } from './fake-onebot.ts'
import { bot, groupMessage, privateMessage, setUpForward, time, until } from './set-up.ts'

const userId = 20001 as UserId
const groupId = 30001 as GroupId
const group: Peer = { kind: 'group', groupId }

describe('messages', () => {
  test('of a group, whole', async () => {
    const rig = await setUpForward()
    rig.fake.send(groupMessage())
    expect(await rig.next('message')).toEqual({
      type: 'message',
      bot,
      time,
      origin: 'received',
      message: {
        id: 501,
        peer: group,
        time,
        sender: { userId, nickname: '老船长', card: '船长', role: 'owner' },
        segments: [{ type: 'text', text: '你好' }],
        seq: 77,
      },
    })
    expect(rig.services.messages.get(bot, 501 as never)?.segments).toEqual([{ type: 'text', text: '你好' }])
  })

  test.each([
    ['negative', -2027301, -2027301],
    ['as text', '-2027301', -2027301],
  ])('ids that are int32 stay: %s', async (_name, native, id) => {
    const rig = await setUpForward()
    rig.fake.send(groupMessage({ message_id: native }))
    expect((await rig.next('message')).message.id).toBe(id)
  })

  test.each([4294967295, '7345678901234567890', 'guild-id'])('others get one of the bridge: %s', async (native) => {
    const rig = await setUpForward()
    rig.fake.send(groupMessage({ message_id: native }))
    const { id } = (await rig.next('message')).message
    expect(id | 0).toBe(id)
    expect(rig.services.messages.native(bot, id)).toEqual({ native: String(native), peer: group })
  })

  test.each([
    ['friend', {}, { kind: 'friend', userId }],
    ['NapCat temp', { sub_type: 'group', group_id: 30001 }, { kind: 'temp', userId, groupId }],
    [
      'go-cqhttp temp',
      { sub_type: 'group', temp_source: 0, sender: { user_id: 20001, nickname: 'a', group_id: 30001 } },
      { kind: 'temp', userId, groupId },
    ],
    ['stranger by the number of no group', { sub_type: 'group', group_id: 284840486 }, { kind: 'stranger', userId }],
  ] as [string, Record<string, unknown>, Peer][])('private: %s', async (_name, members, peer) => {
    const rig = await setUpForward()
    rig.fake.send(privateMessage(members))
    expect((await rig.next('message')).message.peer).toEqual(peer)
  })

  test('media and quotes get handles and ids', async () => {
    const rig = await setUpForward()
    const message = [
      { type: 'reply', data: { id: '4000000000' } },
      { type: 'image', data: { file: 'ABC.jpg', url: 'https://x/1', file_size: '9' } },
    ]
    rig.fake.send(groupMessage({ message }))
    const { segments } = (await rig.next('message')).message
    const [reply, image] = segments
    const quoted = reply?.type === 'reply' && rig.services.messages.native(bot, reply.messageId)
    expect(quoted).toEqual({ native: '4000000000', peer: group })
    expect(image).toMatchObject({ type: 'image', url: 'https://x/1', sizeBytes: 9 })
    const id = image?.type === 'image' ? (image.id ?? '') : ''
    expect(rig.services.media.get(id)).toMatchObject({ backend: 'back', native: 'ABC.jpg', url: 'https://x/1' })
  })

  test('events of another account are none of ours', async () => {
    const rig = await setUpForward()
    rig.fake.send(groupMessage({ self_id: 10002 }))
    rig.fake.send(groupMessage({ message_id: 502 }))
    expect((await rig.next('message')).message.id).toBe(502)
  })
})

describe('others', () => {
  test('a recall names the message, and marks it', async () => {
    const rig = await setUpForward()
    rig.fake.send(groupMessage())
    rig.fake.send({
      self_id: 10001,
      time,
      post_type: 'notice',
      notice_type: 'group_recall',
      group_id: 30001,
      user_id: 20001,
      operator_id: 20001,
      message_id: 501,
    })
    expect(await rig.next('message.recall')).toMatchObject({ messageId: 501, authorId: 20001, peer: group })
  })

  test('requests get an id that answers them', async () => {
    const rig = await setUpForward()
    rig.fake.send({
      self_id: 10001,
      time,
      post_type: 'request',
      request_type: 'group',
      sub_type: 'add',
      group_id: 30001,
      user_id: 20001,
      comment: '你好',
      flag: 'g|9',
    })
    const { requestId } = await rig.next('request.group')
    expect(rig.services.requests.get(bot, requestId)).toMatchObject({ kind: 'join', native: 'g|9', userId, groupId })
  })

  test('what nobody knows stays raw', async () => {
    const rig = await setUpForward()
    const payload = {
      self_id: 10001,
      time,
      post_type: 'notice',
      notice_type: 'flash_file',
      sub_type: 'downloaded',
      x: 1,
    }
    rig.fake.send(payload)
    expect(await rig.next('raw')).toEqual({
      type: 'raw',
      bot,
      time,
      dialect: 'onebot11',
      name: 'notice.flash_file.downloaded',
      payload,
    })
  })
})

describe('own messages', () => {
  const own = (messageId: number, text = 'hello') =>
    groupMessage({
      message: [{ type: 'text', data: { text } }],
      post_type: 'message_sent',
      user_id: 10001,
      sender: { user_id: 10001, nickname: '桥' },
      message_id: messageId,
    })
  const send = {
    name: 'message.send' as const,
    params: { peer: group, segments: [{ type: 'text' as const, text: 'a' }] },
  }

  test('from elsewhere are sync', async () => {
    const rig = await setUpForward()
    rig.fake.send(own(601))
    expect((await rig.next('message')).origin).toBe('sync')
  })

  test('of the bridge are self, when the report comes after the answer', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', { message_id: 602 })
    await rig.call(send)
    rig.fake.send(own(602))
    expect((await rig.next('message')).origin).toBe('self')
  })

  test('and when it comes before; the conversation stays in order, others do not wait', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    const sent = rig.call(send)
    const frame = await until(() => rig.fake.frames.find(({ action }) => action === 'send_group_msg'))
    rig.fake.send(own(603))
    rig.fake.send(groupMessage({ message_id: 604 }))
    rig.fake.send(groupMessage({ message_id: 605, group_id: 30002 }))
    expect((await rig.next('message')).message.id).toBe(605)
    expect(rig.events.filter(({ type }) => type === 'message')).toHaveLength(1)
    rig.fake.send(answerTo(frame, { message_id: 603 }))
    await sent
    expect(await rig.next('message')).toMatchObject({ origin: 'self', message: { id: 603 } })
    expect(await rig.next('message')).toMatchObject({ origin: 'received', message: { id: 604 } })
  })

  test('a failed send lets them go as sync', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    const sent = rig.call(send, { timeoutMs: 60 }).catch(() => 'failed')
    await until(() => rig.fake.calls.length === 1)
    rig.fake.send(own(606, 'something else'))
    expect(await sent).toBe('failed')
    expect((await rig.next('message')).origin).toBe('sync')
  })

  test('a send whose answer was lost is known by its words, once', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    const error: unknown = await rig.call(send, { timeoutMs: 30 }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'timeout', certain: false })
    for (const id of [608, 609]) rig.fake.send(own(id, 'a'))
    expect(await rig.next('message')).toMatchObject({ origin: 'self', message: { id: 608 } })
    expect(await rig.next('message')).toMatchObject({ origin: 'sync', message: { id: 609 } })
    expect(rig.losses).toContainEqual({
      what: 'message.send',
      fidelity: 'lossy',
      reason: 'the answer was lost; it was sent, as 608',
    })
  })

  const hash = '0A1B2C3D4E5F60718293A4B5C6D7E8F9'
  const other = 'F'.repeat(32)
  const picture = (md5: string) => ({ type: 'image', data: { file: `${md5}.png`, url: `https://x.example/${md5}` } })
  test.each<[string, Segment[], WireObject[]]>([
    [
      'a picture, whose address is another one',
      [{ type: 'image', url: 'https://a.example/1.png' }],
      [{ type: 'image', data: { file: `${hash}.png`, url: 'https://qq.example/2', summary: '[动画表情]' } }],
    ],
    [
      'text, mention and face in other words',
      [
        { type: 'text', text: ' hi  ' },
        { type: 'mention', userId: 20001 as never },
        { type: 'face', id: 14 },
      ],
      [
        { type: 'text', data: { text: 'hi ' } },
        { type: 'at', data: { qq: '20001', name: '老船长' } },
        { type: 'face', data: { id: '14', raw: {} } },
      ],
    ],
    [
      'a song, which comes back as a card',
      [{ type: 'music', platform: '163', id: '28949129' }],
      [{ type: 'json', data: { data: '{"app":"com.tencent.structmsg"}' } }],
    ],
    [
      'a forward, which comes back as its id',
      [{ type: 'forward', nodes: [{ senderId: 1 as never, segments: [{ type: 'text', text: 'a' }] }] }],
      [{ type: 'forward', data: { id: '7345' } }],
    ],
    ['dice, which fell meanwhile', [{ type: 'dice' }], [{ type: 'dice', data: { result: '3' } }]],
  ])('a lost send is known again by its content: %s', async (_name, segments, message) => {
    const rig = await setUpForward()
    for (const action of ['send_group_msg', 'send_group_forward_msg']) rig.fake.on(action, silence)
    await rig.call({ name: 'message.send', params: { peer: group, segments } }, { timeoutMs: 30 }).catch(() => {})
    rig.fake.send({ ...own(610, 'nothing like it') })
    rig.fake.send({ ...own(611), message })
    expect(await rig.next('message')).toMatchObject({ origin: 'sync', message: { id: 610 } })
    expect(await rig.next('message')).toMatchObject({ origin: 'self', message: { id: 611 } })
  })

  test('of two lost pictures each is told by its bytes', async () => {
    const rig = await setUpForward()
    rig.fake.on('send_group_msg', silence)
    for (const id of [hash, other]) {
      rig.services.media.learn({
        kind: 'image',
        backend: 'back',
        native: `${id}.png`,
        name: `${id}.png`,
        url: 'https://x.example/',
      })
      const segments: Segment[] = [{ type: 'image', id: `${id}.png` }]
      await rig.call({ name: 'message.send', params: { peer: group, segments } }, { timeoutMs: 30 }).catch(() => {})
    }
    for (const [id, md5] of [other, hash, other].entries()) {
      rig.fake.send({ ...own(620 + id), message: [picture(md5)] })
    }
    const origins = [await rig.next('message'), await rig.next('message'), await rig.next('message')]
    expect(origins.map(({ origin }) => origin)).toEqual(['self', 'self', 'sync'])
  })

  test('Lagrange reports them as messages', async () => {
    const rig = await setUpForward({ appName: 'Lagrange.OneBot' })
    rig.fake.send({ ...own(607), post_type: 'message' })
    expect((await rig.next('message')).origin).toBe('sync')
  })

  test('the wait is bounded', async () => {
    const delivered: MessageEvent[] = []
    const sends = createOwnSends({ deliver: (event) => delivered.push(event), found: () => {}, waitMs: 10 })
    const ended = sends.begin(group)
    const message = { id: 1 as never, peer: group, time, sender: { userId: bot, nickname: '' }, segments: [] }
    sends.place({ type: 'message', bot, time, origin: 'sync', message })
    expect(delivered).toEqual([])
    await until(() => delivered.length === 1)
    expect(delivered[0]?.origin).toBe('sync')
    ended({})
    sends.close()
  })
})

describe('group files', () => {
  const notice = {
    self_id: 10001,
    time,
    post_type: 'notice',
    notice_type: 'group_upload',
    group_id: 30001,
    user_id: 20001,
    file: { id: 'F', name: 'a.zip', size: 9, busid: 102 },
  }
  const message = groupMessage({
    message: [{ type: 'file', data: { file: 'a.zip', file_id: 'F2', file_size: '9' } }],
  })

  test.each([
    ['notice first', [notice, message]],
    ['message first', [message, notice]],
  ])('reported twice: the message counts, %s', async (_name, frames) => {
    const rig = await setUpForward()
    for (const frame of frames) rig.fake.send(frame)
    await rig.next('message')
    await until(() => rig.losses.length === 1)
    expect(rig.losses).toEqual([{ what: 'file.upload', fidelity: 'dropped', reason: 'a.zip came as a message, too' }])
    expect(rig.events.filter(({ type }) => type === 'file.upload')).toEqual([])
  })

  test('go-cqhttp has only the notice: at once', async () => {
    const rig = await setUpForward({ appName: 'go-cqhttp' })
    rig.fake.send(notice)
    expect(await rig.next('file.upload')).toMatchObject({ peer: group, userId, file: { name: 'a.zip', sizeBytes: 9 } })
  })

  test('a notice whose message does not come is delivered', async () => {
    const delivered: FileUploadEvent[] = []
    const dropped: FileUploadEvent[] = []
    const twins = createFileTwins({
      deliver: (event) => delivered.push(event),
      dropped: (event) => dropped.push(event),
      waitMs: 10,
    })
    const event: FileUploadEvent = {
      type: 'file.upload',
      bot,
      time,
      peer: group,
      userId,
      file: { id: 'F', name: 'a', sizeBytes: 1 },
    }
    twins.hold(event)
    twins.hold(event)
    expect(delivered).toHaveLength(1)
    await until(() => delivered.length === 2)
    expect(dropped).toEqual([])
    twins.close()
  })
})
