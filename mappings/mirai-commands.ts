// Every command of mirai-api-http 2.10: how it is reached, what it asks for, and by which canonical action it is done.
// Order and spelling: mah's paths and command switch. Rows without an action are the adapter's own business or refused.
import type { ActionName } from '../src/core/action.ts'
import type { FieldRow } from '../src/core/fields.ts'

export interface CommandRow {
  /** Name over WebSocket; for commands that exist over HTTP only, the path with `_` for `/`. */
  readonly name: string
  /** Which half of groupConfig and memberInfo. */
  readonly sub?: 'get' | 'update'
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly aliases?: readonly string[]
  /** Offered over WebSocket; otherwise answered with code 6 there. */
  readonly ws: boolean
  /** A webhook answer may carry it. */
  readonly webhook: boolean
  /** none: open to everybody. known: unbound sessions too. bound: needs a bot. */
  readonly session: 'none' | 'known' | 'bound'
  /** Over WebSocket `content` may be missing. */
  readonly bare?: true
  readonly action?: ActionName
  /** Wire names as mah writes them; those marked `!` are the ones that mah calls missing. */
  readonly fields?: readonly FieldRow[]
  /** Parameters that tell two commands of one action apart. */
  readonly fixed?: Readonly<Record<string, string | number | boolean>>
  /** status: code and msg. sent: and messageId. data: wrapped. naked: the object alone. */
  readonly result: 'status' | 'sent' | 'data' | 'naked'
  /** multipart/form-data instead of JSON. */
  readonly multipart?: true
}

const group = ['target', 'groupId', 'account!'] as const
const member = ['memberId', 'userId', 'account!'] as const
/** mah does not call it missing: nobody has the number 0, so code 5. */
const someone = ['memberId', 'userId', 'account'] as const
const count = [['count', 'count', 'int', 10]] as const
const eventAnswer = [
  ['eventId', 'requestId', 'account!'],
  ['operate', 'operate', 'int!'],
  ['fromId', 'fromId', 'int'],
  ['groupId', 'groupId', 'int'],
  ['message', 'message', 'text', ''],
] as const
const sending = [
  ['target', 'target', 'account'],
  ['qq', 'qq', 'account'],
  ['group', 'group', 'account'],
  ['quote', 'quote', 'int'],
  ['messageChain', 'messageChain', 'json!'],
] as const
const file = [
  ['id', 'id', 'text', ''],
  ['path', 'path', 'text'],
  ['target', 'target', 'account'],
  ['group', 'group', 'account'],
  ['qq', 'qq', 'account'],
] as const
const fileInfo = ['withDownloadInfo', 'withDownloadInfo', 'bool', false] as const

const http = { ws: false, webhook: false } as const
const both = { ws: true, webhook: false } as const
const everywhere = { ws: true, webhook: true } as const
const get = { method: 'GET', session: 'bound' } as const
const post = { method: 'POST', session: 'bound' } as const

export const commands = [
  {
    name: 'verify',
    method: 'POST',
    path: '/verify',
    ...http,
    session: 'none',
    fields: [['verifyKey', 'verifyKey', 'text!']],
    result: 'naked',
  },
  {
    name: 'bind',
    method: 'POST',
    path: '/bind',
    ...http,
    session: 'known',
    fields: [['qq', 'qq', 'account!']],
    result: 'status',
  },
  {
    name: 'release',
    method: 'POST',
    path: '/release',
    ...http,
    session: 'known',
    fields: [['qq', 'qq', 'account!']],
    result: 'status',
  },
  { name: 'countMessage', ...get, path: '/countMessage', ...http, session: 'known', fields: count, result: 'data' },
  { name: 'fetchMessage', ...get, path: '/fetchMessage', ...http, session: 'known', fields: count, result: 'data' },
  {
    name: 'fetchLatestMessage',
    ...get,
    path: '/fetchLatestMessage',
    ...http,
    session: 'known',
    fields: count,
    result: 'data',
  },
  {
    name: 'peekMessage',
    ...get,
    path: '/peekMessage',
    aliases: ['/peakMessage'],
    ...http,
    session: 'known',
    fields: count,
    result: 'data',
  },
  {
    name: 'peekLatestMessage',
    ...get,
    path: '/peekLatestMessage',
    ...http,
    session: 'known',
    fields: count,
    result: 'data',
  },

  {
    name: 'about',
    method: 'GET',
    path: '/about',
    ws: true,
    webhook: true,
    session: 'none',
    bare: true,
    result: 'data',
  },
  { name: 'botList', method: 'GET', path: '/botList', ...both, session: 'none', bare: true, result: 'data' },
  { name: 'sessionInfo', ...get, path: '/sessionInfo', ...both, result: 'data' },

  {
    name: 'messageFromId',
    ...get,
    path: '/messageFromId',
    ...both,
    action: 'message.get',
    fields: [
      ['messageId|id', 'messageId', 'messageId!'],
      ['target', 'target', 'account'],
    ],
    result: 'data',
  },
  {
    name: 'sendFriendMessage',
    ...post,
    path: '/sendFriendMessage',
    ...everywhere,
    action: 'message.send',
    fields: sending,
    result: 'sent',
  },
  {
    name: 'sendGroupMessage',
    ...post,
    path: '/sendGroupMessage',
    ...everywhere,
    action: 'message.send',
    fields: sending,
    result: 'sent',
  },
  {
    name: 'sendTempMessage',
    ...post,
    path: '/sendTempMessage',
    ...everywhere,
    action: 'message.send',
    fields: sending,
    result: 'sent',
  },
  {
    name: 'sendOtherClientMessage',
    ...post,
    path: '/sendOtherClientMessage',
    ...everywhere,
    fields: sending,
    result: 'sent',
  },
  {
    name: 'sendImageMessage',
    ...post,
    path: '/sendImageMessage',
    ...everywhere,
    action: 'message.send',
    fields: [
      ['target', 'target', 'account'],
      ['qq', 'qq', 'account'],
      ['group', 'group', 'account'],
      ['urls', 'urls', 'json!'],
    ],
    result: 'data',
  },
  {
    name: 'sendNudge',
    ...post,
    path: '/sendNudge',
    ...everywhere,
    action: 'nudge.send',
    fields: [
      ['target', 'targetId', 'account!'],
      ['subject', 'subject', 'account!'],
      ['kind', 'kind', 'text!'],
    ],
    result: 'status',
  },
  {
    name: 'recall',
    ...post,
    path: '/recall',
    ...everywhere,
    action: 'message.recall',
    fields: [
      ['messageId|target', 'messageId', 'messageId!'],
      ['target', 'target', 'account'],
    ],
    result: 'status',
  },
  {
    name: 'roamingMessages',
    ...post,
    path: '/roamingMessages',
    ...both,
    action: 'message.history',
    fields: [
      ['timeStart', 'timeStart', 'int!'],
      ['timeEnd', 'timeEnd', 'int!'],
      ['target', 'target', 'account'],
      ['qq', 'qq', 'account'],
      ['group', 'group', 'account'],
    ],
    result: 'data',
  },

  { name: 'uploadImage', ...post, path: '/uploadImage', ...http, multipart: true, result: 'naked' },
  { name: 'uploadVoice', ...post, path: '/uploadVoice', ...http, multipart: true, result: 'naked' },
  { name: 'uploadShortVideo', ...post, path: '/uploadShortVideo', ...http, multipart: true, result: 'naked' },

  {
    name: 'file_list',
    ...get,
    path: '/file/list',
    ...both,
    action: 'file.list',
    fields: [...file, ['offset', 'offset', 'int', 0], ['size', 'size', 'int', 2147483647], fileInfo],
    result: 'data',
  },
  {
    name: 'file_info',
    ...get,
    path: '/file/info',
    ...both,
    action: 'file.get',
    fields: [...file, fileInfo],
    result: 'data',
  },
  {
    name: 'file_mkdir',
    ...post,
    path: '/file/mkdir',
    ...both,
    action: 'file.folder.create',
    fields: [...file, ['directoryName|dictionaryName', 'name', 'text!']],
    result: 'data',
  },
  {
    name: 'file_upload',
    ...post,
    path: '/file/upload',
    ...http,
    action: 'file.upload',
    multipart: true,
    result: 'data',
  },
  {
    name: 'file_delete',
    ...post,
    path: '/file/delete',
    ...both,
    action: 'file.delete',
    fields: file,
    result: 'status',
  },
  {
    name: 'file_move',
    ...post,
    path: '/file/move',
    ...both,
    action: 'file.move',
    fields: [...file, ['moveTo', 'folderId', 'text'], ['moveToPath', 'folderPath', 'text']],
    result: 'status',
  },
  {
    name: 'file_rename',
    ...post,
    path: '/file/rename',
    ...both,
    action: 'file.rename',
    fields: [...file, ['renameTo', 'name', 'text!']],
    result: 'status',
  },

  { name: 'friendList', ...get, path: '/friendList', ...both, bare: true, action: 'friend.list', result: 'data' },
  { name: 'groupList', ...get, path: '/groupList', ...both, bare: true, action: 'group.list', result: 'data' },
  {
    name: 'memberList',
    ...get,
    path: '/memberList',
    ...both,
    action: 'group.member.list',
    fields: [group],
    result: 'data',
  },
  {
    name: 'latestMemberList',
    ...get,
    path: '/latestMemberList',
    ...both,
    action: 'group.member.list',
    fields: [group, ['memberIds', 'userIds', 'accounts']],
    fixed: { fresh: true },
    result: 'data',
  },
  { name: 'botProfile', ...get, path: '/botProfile', ...both, bare: true, action: 'bot.info', result: 'naked' },
  {
    name: 'friendProfile',
    ...get,
    path: '/friendProfile',
    ...both,
    action: 'user.profile',
    fields: [['target', 'userId', 'account!']],
    result: 'naked',
  },
  {
    name: 'memberProfile',
    ...get,
    path: '/memberProfile',
    ...both,
    action: 'user.profile',
    fields: [group, member],
    result: 'naked',
  },
  {
    name: 'userProfile',
    ...get,
    path: '/userProfile',
    ...both,
    action: 'user.profile',
    fields: [['target', 'userId', 'account!']],
    result: 'naked',
  },
  {
    name: 'deleteFriend',
    ...post,
    path: '/deleteFriend',
    ...everywhere,
    action: 'friend.delete',
    fields: [['target', 'userId', 'account!']],
    result: 'status',
  },

  {
    name: 'mute',
    ...post,
    path: '/mute',
    ...everywhere,
    action: 'group.member.mute',
    fields: [group, someone, ['time', 'durationSeconds', 'int', 0]],
    result: 'status',
  },
  {
    name: 'unmute',
    ...post,
    path: '/unmute',
    ...everywhere,
    action: 'group.member.mute',
    fields: [group, someone],
    fixed: { durationSeconds: 0 },
    result: 'status',
  },
  {
    name: 'kick',
    ...post,
    path: '/kick',
    ...everywhere,
    action: 'group.member.kick',
    fields: [group, member, ['block', 'block', 'bool', false], ['msg', 'message', 'text', '']],
    result: 'status',
  },
  {
    name: 'quit',
    ...post,
    path: '/quit',
    ...everywhere,
    action: 'group.leave',
    fields: [group],
    result: 'status',
  },
  {
    name: 'muteAll',
    ...post,
    path: '/muteAll',
    ...everywhere,
    action: 'group.muteAll',
    fields: [group],
    fixed: { on: true },
    result: 'status',
  },
  {
    name: 'unmuteAll',
    ...post,
    path: '/unmuteAll',
    ...everywhere,
    action: 'group.muteAll',
    fields: [group],
    fixed: { on: false },
    result: 'status',
  },
  {
    name: 'setEssence',
    ...post,
    path: '/setEssence',
    ...everywhere,
    action: 'group.essence.set',
    fields: [
      ['messageId|target', 'messageId', 'messageId!'],
      ['target', 'target', 'account'],
    ],
    fixed: { on: true },
    result: 'status',
  },
  {
    name: 'groupConfig',
    sub: 'get',
    ...get,
    path: '/groupConfig',
    ...both,
    action: 'group.config.get',
    fields: [group],
    result: 'naked',
  },
  {
    name: 'groupConfig',
    sub: 'update',
    ...post,
    path: '/groupConfig',
    ...everywhere,
    action: 'group.config.set',
    fields: [group, ['config', 'config', 'json!']],
    result: 'status',
  },
  {
    name: 'memberInfo',
    sub: 'get',
    ...get,
    path: '/memberInfo',
    ...both,
    action: 'group.member.get',
    fields: [group, member],
    result: 'naked',
  },
  {
    name: 'memberInfo',
    sub: 'update',
    ...post,
    path: '/memberInfo',
    ...everywhere,
    action: 'group.member.card',
    fields: [group, member, ['info', 'info', 'json!']],
    result: 'status',
  },
  {
    name: 'memberAdmin',
    ...post,
    path: '/memberAdmin',
    ...everywhere,
    action: 'group.member.admin',
    fields: [group, member, ['assign', 'on', 'bool!']],
    result: 'status',
  },

  {
    name: 'anno_list',
    ...get,
    path: '/anno/list',
    ...everywhere,
    action: 'group.notice.list',
    fields: [
      ['id', 'groupId', 'account!'],
      ['offset', 'offset', 'int', 0],
      ['size', 'size', 'int', 2147483647],
    ],
    result: 'data',
  },
  {
    name: 'anno_publish',
    ...post,
    path: '/anno/publish',
    ...everywhere,
    action: 'group.notice.publish',
    fields: [
      group,
      ['content', 'text', 'text!'],
      ['sendToNewMember', 'sendToNewMember', 'bool', false],
      ['pinned', 'pinned', 'bool', false],
      ['showEditCard', 'showEditCard', 'bool', false],
      ['showPopup', 'showPopup', 'bool', false],
      ['requireConfirmation', 'confirmRequired', 'bool', false],
      ['imageUrl', 'imageUrl', 'text'],
      ['imagePath', 'imagePath', 'text'],
      ['imageBase64', 'imageBase64', 'text'],
    ],
    result: 'data',
  },
  {
    name: 'anno_delete',
    ...post,
    path: '/anno/delete',
    ...everywhere,
    action: 'group.notice.delete',
    fields: [
      ['id', 'groupId', 'account!'],
      ['fid', 'id', 'text!'],
    ],
    result: 'status',
  },

  {
    name: 'resp_newFriendRequestEvent',
    ...post,
    path: '/resp/newFriendRequestEvent',
    ...everywhere,
    action: 'request.friend.answer',
    fields: eventAnswer,
    result: 'status',
  },
  {
    name: 'resp_memberJoinRequestEvent',
    ...post,
    path: '/resp/memberJoinRequestEvent',
    ...everywhere,
    action: 'request.group.answer',
    fields: eventAnswer,
    result: 'status',
  },
  {
    name: 'resp_botInvitedJoinGroupRequestEvent',
    ...post,
    path: '/resp/botInvitedJoinGroupRequestEvent',
    ...everywhere,
    action: 'request.group.answer',
    fields: eventAnswer,
    result: 'status',
  },

  {
    name: 'cmd_execute',
    ...post,
    path: '/cmd/execute',
    ...everywhere,
    fields: [['command', 'command', 'json!']],
    result: 'status',
  },
  {
    name: 'cmd_register',
    ...post,
    path: '/cmd/register',
    ...everywhere,
    fields: [
      ['name', 'name', 'text!'],
      ['alias', 'alias', 'json', []],
      ['usage', 'usage', 'text', '<no usages given>'],
      ['description', 'description', 'text', '<command registered from Mirai http api>'],
    ],
    result: 'status',
  },
] as const satisfies readonly CommandRow[]
