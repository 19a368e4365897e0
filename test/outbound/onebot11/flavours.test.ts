// Where implementations differ from NapCat. Shapes and names: onebot11-actions.json, responseByImplementation and notes.
import { describe, expect, test } from 'vitest'
import type { Action, ActionName } from '../../../src/core/action.ts'
import type { GroupId, MessageId, UserId } from '../../../src/core/ids.ts'
import { failed, silence } from './fake-onebot.ts'
import { bot, errorOf, setUpForward, time, until, type Rig } from './set-up.ts'

const userId = 20001 as UserId
const groupId = 30001 as GroupId
const messageId = 501 as MessageId
const gocq = 'go-cqhttp'
const llbot = 'LLOneBot'
const lagrange = 'Lagrange.OneBot'

async function start(appName: string, scripts: Record<string, unknown>): Promise<Rig> {
  const rig = await setUpForward({ appName })
  const content = { sender: { userId, nickname: '老船长' }, time, segments: [{ type: 'text' as const, text: '旧' }] }
  rig.services.messages.learn(bot, { native: '501', peer: { kind: 'group', groupId } }, content, true)
  for (const [action, script] of Object.entries(scripts)) rig.fake.on(action, script)
  return rig
}

const ask = (rig: Rig, action: Action): Promise<unknown> => rig.call<ActionName>(action)

describe('answers', () => {
  const device = { app_id: 1, device_name: '手机', device_kind: 'android' }
  const holder = { user_id: 20001, nickname: 'n', avatar: 'a', day_count: 3 }
  const rows: [string, Action, string, unknown, unknown][] = [
    [
      gocq,
      { name: 'bot.clients', params: {} },
      'get_online_clients',
      { clients: [device] },
      [{ id: 1, name: '手机', platform: 'android' }],
    ],
    [
      gocq,
      { name: 'bot.model.get', params: { model: 'x' } },
      '_get_model_show',
      { variants: [{ model_show: 'x', need_pay: true }] },
      [{ name: 'x', needsPay: true }],
    ],
    [
      gocq,
      { name: 'friend.unidirectional', params: {} },
      'get_unidirectional_friend_list',
      [{ user_id: 20001, nickname: 'n', source: 's' }],
      [{ userId: 20001, nickname: 'n', remark: '' }],
    ],
    [
      gocq,
      { name: 'group.essence.list', params: { groupId } },
      'get_essence_msg_list',
      [
        {
          sender_id: 20001,
          sender_nick: 'n',
          sender_time: 3,
          operator_id: 20002,
          operator_nick: 'o',
          operator_time: 4,
          message_id: 501,
        },
      ],
      [
        {
          messageId: 501,
          senderId: 20001,
          senderName: 'n',
          senderTime: 3,
          operatorId: 20002,
          operatorName: 'o',
          operatorTime: 4,
          segments: [{ type: 'text', text: '旧' }],
        },
      ],
    ],
    [
      gocq,
      { name: 'server.ask', params: { kind: 'ocr', params: { image: { url: 'https://a.example/a.png' } } } },
      'ocr_image',
      { texts: [{ text: 'nU', confidence: 9, coordinates: [{ x: 1, y: 2 }] }], language: 'en' },
      [{ text: 'nU', pt1: { x: '1', y: '2' }, charBox: [], score: '9' }],
    ],
    [
      gocq,
      { name: 'media.get', params: { kind: 'image', id: 'a.image' } },
      'get_image',
      { size: 5, filename: 'a.jpg', url: 'https://a.example/a' },
      { url: 'https://a.example/a', name: 'a.jpg', sizeBytes: 5 },
    ],
    [
      gocq,
      { name: 'group.honor.get', params: { groupId, kind: 'talkative' } },
      'get_group_honor_info',
      { group_id: 30001, current_talkative: holder, talkative_list: [] },
      {
        currentTalkative: { userId: 20001, nickname: 'n', avatar: 'a', description: '', dayCount: 3 },
        lists: { talkative: [] },
      },
    ],
    [
      llbot,
      { name: 'user.like.list', params: {} },
      'get_profile_like_me',
      { users: [{ uin: 20001, nick: 'n', count: 2, latestTime: 3 }], nextStart: -1 },
      { total: 1, likes: [{ userId: 20001, nickname: 'n', count: 2, time: 3 }] },
    ],
    [
      llbot,
      { name: 'server.ask', params: { kind: 'rkey', params: {} } },
      'get_rkey',
      { private_key: 'a', group_key: 'b', expired_time: 20, updated_time: '5' },
      [
        { type: 'private', rkey: 'a', created_at: 5, ttl: 15 },
        { type: 'group', rkey: 'b', created_at: 5, ttl: 15 },
      ],
    ],
    [
      lagrange,
      { name: 'server.ask', params: { kind: 'rkey', params: {} } },
      'get_rkey',
      { rkeys: [{ type: 'group', rkey: 'b', created_at: 5, ttl: 15 }] },
      [{ type: 'group', rkey: 'b', created_at: 5, ttl: 15 }],
    ],
    [
      lagrange,
      { name: 'server.ask', params: { kind: 'credentials', params: { domain: 'd' } } },
      'get_credentials',
      { cookies: 'c', csrf_token: 7 },
      { cookies: 'c', csrf_token: 7, token: 7 },
    ],
  ]
  test.each(rows)('%s %j', async (appName, action, name, data, result) => {
    const rig = await start(appName, { [name]: data })
    expect(await ask(rig, action)).toEqual(result)
  })

  test('an older NapCat numbers its keys and has no other action for them', async () => {
    const rig = await start('NapCat.Onebot', { nc_get_rkey: [{ rkey: 'a', ttl: '9', time: 5, type: 20 }] })
    expect(await ask(rig, { name: 'server.ask', params: { kind: 'rkey', params: {} } })).toEqual([
      { type: 'group', rkey: 'a', created_at: 5, ttl: 9 },
    ])
  })
})

describe('requests', () => {
  const fileId = '/f1'
  const file = { file_id: fileId, file_name: 'a.zip', busid: 104, size: 5 }
  const root = { files: [file], folders: [] }
  const rows: [string, Action, string, Record<string, unknown>, Record<string, unknown>?][] = [
    [
      llbot,
      { name: 'file.keep', params: { groupId, fileId } },
      'set_group_file_forever',
      { group_id: groupId, file_id: fileId },
    ],
    [
      llbot,
      { name: 'group.notice.delete', params: { groupId, id: 'n' } },
      '_delete_group_notice',
      { group_id: groupId, notice_id: 'n' },
    ],
    [
      llbot,
      { name: 'message.react', params: { messageId, emojiId: '76', on: false } },
      'unset_msg_emoji_like',
      { message_id: 501, emoji_id: '76' },
    ],
    [
      llbot,
      { name: 'message.react', params: { messageId, emojiId: '76', on: true } },
      'set_msg_emoji_like',
      { message_id: 501, emoji_id: '76', set: true },
    ],
    [
      lagrange,
      { name: 'message.react', params: { messageId, emojiId: '76', on: true } },
      'set_group_reaction',
      { group_id: groupId, message_id: 501, code: '76', is_add: true },
    ],
    [
      lagrange,
      { name: 'file.folder.delete', params: { groupId, folderId: '/d' } },
      'delete_group_file_folder',
      { group_id: groupId, folder_id: '/d' },
    ],
    [
      gocq,
      { name: 'file.delete', params: { groupId, fileId } },
      'delete_group_file',
      { group_id: groupId, file_id: fileId, busid: 104 },
      { get_group_root_files: root },
    ],
    [
      gocq,
      { name: 'file.url', params: { peer: { kind: 'group', groupId }, fileId } },
      'get_group_file_url',
      { group_id: groupId, file_id: fileId, busid: 102 },
      { get_group_file_url: { url: 'https://a.example/f' } },
    ],
    [
      gocq,
      { name: 'file.upload', params: { peer: { kind: 'friend', userId }, name: 'a', url: 'https://a.example/a' } },
      'upload_private_file',
      { user_id: userId, file: '/data/a', name: 'a' },
      { download_file: { file: '/data/a' } },
    ],
    [
      llbot,
      { name: 'bot.profile.set', params: { sign: '在' } },
      'set_qq_profile',
      { nickname: '桥', personal_note: '在' },
    ],
    [llbot, { name: 'bot.profile.set', params: { sex: 'female' } }, 'set_qq_profile', { nickname: '桥', sex: '2' }],
  ]
  test.each(rows)('%s %j', async (appName, action, name, params, scripts = {}) => {
    const rig = await start(appName, { [name]: null, ...scripts })
    await ask(rig, action)
    expect(rig.fake.calls.at(-1)).toEqual({ action: name, params })
  })

  test('a file that is only named is looked for in the folders', async () => {
    const rig = await start('NapCat.Onebot', {
      get_group_root_files: { files: [], folders: [{ folder_id: '/d', folder_name: '文档' }] },
      get_group_files_by_folder: { files: [file], folders: [] },
      move_group_file: { ok: true },
      get_group_file_url: { url: 'https://a.example/f' },
    })
    expect(await ask(rig, { name: 'file.get', params: { groupId, fileId, withUrl: true } })).toMatchObject({
      id: fileId,
      parentId: '/d',
      path: '/文档/a.zip',
      url: 'https://a.example/f',
    })
    await ask(rig, { name: 'file.move', params: { groupId, fileId, toFolderId: '/' } })
    expect(rig.fake.calls.at(-1)?.params).toMatchObject({ current_parent_directory: '/d' })
    expect((await errorOf(ask(rig, { name: 'file.get', params: { groupId, fileId: 'no' } }))).kind).toBe('notFound')
  })

  test('bytes for a go-cqhttp are refused: it uploads files of its own machine only', async () => {
    const rig = await start(gocq, {})
    const upload: Action = {
      name: 'file.upload',
      params: { peer: { kind: 'group', groupId }, name: 'a', base64: 'AAAA' },
    }
    expect((await errorOf(ask(rig, upload))).kind).toBe('notSupported')
    expect(rig.fake.calls).toEqual([])
  })

  test('a folder and a file without an id in the answer are looked up', async () => {
    const folders = [{ folder_id: '/d', folder_name: '新' }]
    const rig = await start(lagrange, {
      create_group_file_folder: null,
      upload_group_file: null,
      get_group_root_files: {
        files: [
          { ...file, upload_time: 1 },
          { ...file, file_id: '/f2', upload_time: 2 },
        ],
        folders,
      },
    })
    expect(await ask(rig, { name: 'file.folder.create', params: { groupId, name: '新' } })).toMatchObject({ id: '/d' })
    const upload: Action = {
      name: 'file.upload',
      params: { peer: { kind: 'group', groupId }, name: 'a.zip', url: 'https://a.example/a' },
    }
    expect(await ask(rig, upload)).toMatchObject({ fileId: '/f2', file: { name: 'a.zip' } })
  })
})

describe('failures', () => {
  test('an implementation that leaves at once has understood that it should', async () => {
    const rig = await start('NapCat.Onebot', {})
    rig.fake.on('bot_exit', () => {
      rig.fake.drop()
      return silence
    })
    expect(await ask(rig, { name: 'bot.exit', params: {} })).toEqual({})
    expect(await rig.next('bot.offline')).toEqual({ type: 'bot.offline', bot, time: expect.any(Number), how: 'active' })
  })

  test('an account that logged out went on request, and is told of once', async () => {
    const rig = await setUpForward({ options: { graceMs: 1 } })
    rig.fake.on('bot_exit', null)
    expect(await ask(rig, { name: 'bot.exit', params: {} })).toEqual({})
    rig.fake.drop()
    await until(() => rig.events.length === 3)
    expect(rig.events).toEqual([
      expect.objectContaining({ type: 'bot.online', again: false }),
      { type: 'bot.offline', bot, time: expect.any(Number), how: 'active' },
      expect.objectContaining({ type: 'bot.online', again: true }),
    ])
  })

  test.each<[Action, string, unknown]>([
    [{ name: 'file.keep', params: { groupId, fileId: 'f' } }, 'trans_group_file', { ok: false }],
    [
      { name: 'file.folder.delete', params: { groupId, folderId: 'f' } },
      'delete_group_folder',
      { retCode: 7, clientWording: '不行' },
    ],
    [{ name: 'favourite.add', params: { text: 't' } }, 'create_collection', { result: 1, errMsg: 'no' }],
    [
      { name: 'file.folder.create', params: { groupId, name: 'n' } },
      'create_group_file_folder',
      { result: { retCode: 3, retMsg: 'x', clientWording: '' } },
    ],
  ])('%j: a success that is none', async (action, name, data) => {
    const rig = await start('NapCat.Onebot', { [name]: data })
    expect((await errorOf(ask(rig, action))).kind).toBe('backend')
  })

  test('what an implementation has no action for is refused, and its capabilities say so', async () => {
    const rig = await start(gocq, {})
    const { actions } = rig.outbound.capabilities(bot)
    expect(actions['user.like']).toMatchObject({ fidelity: 'refused' })
    expect((await errorOf(ask(rig, { name: 'user.like', params: { userId, times: 1 } }))).kind).toBe('notSupported')
  })

  test('a medium that the backend does not find is given by the address that was seen', async () => {
    const rig = await start('NapCat.Onebot', { get_image: failed(1200, 'file not found') })
    const id = rig.services.media.learn({
      kind: 'image',
      backend: 'back',
      native: 'n.jpg',
      url: 'https://a.example/n.jpg',
    })
    const get: Action = { name: 'media.get', params: { kind: 'image', id } }
    expect(await ask(rig, get)).toEqual({ url: 'https://a.example/n.jpg' })
    expect(rig.fake.calls[0]?.params).toEqual({ file: 'n.jpg', file_id: 'n.jpg' })
    expect(rig.losses).toMatchObject([{ what: 'media.get', fidelity: 'lossy' }])
    expect((await errorOf(ask(rig, { name: 'media.get', params: { kind: 'image', id: 'x' } }))).kind).toBe('notFound')
  })

  test('bytes that the bridge holds need no backend', async () => {
    const rig = await start(lagrange, {})
    const { id } = rig.services.media.put('image', Buffer.from([1, 2, 3]), 'a.png')
    expect(await ask(rig, { name: 'media.get', params: { kind: 'image', id } })).toEqual({
      name: 'a.png',
      sizeBytes: 3,
      base64: 'AQID',
    })
    expect(rig.fake.calls).toEqual([])
  })
})
