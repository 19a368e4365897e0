// node-mirai-sdk, unchanged: every method that it has.
import { expect } from 'vitest'
import { describeMethods, sent, success, type Known, type Row } from './mirai-methods.ts'
import { bob, botId, captain, mate, nemo, owned, picture, ship, startBeforeOneBot, startEmbedded } from './stage.ts'

const chain = [{ type: 'Plain', text: 'hi' }]
const voice = { bytes: Buffer.from('#!AMR\n').toString('base64') }
const listed = (id: number): unknown => expect.arrayContaining([expect.objectContaining({ id })])
const inGroup = { type: 'GroupMessage', sender: { id: captain, group: { id: ship } } }
const quoting = ({ heardId }: Known): object => ({ ...inGroup, messageChain: [{ type: 'Source', id: heardId }] })
const noUploads = { skip: 'a WebSocket alone takes no uploads, which it says itself' }
const noHttp = { skip: 'it asks over HTTP, where it has no session when it uses a WebSocket alone' }
const unwrapped = 'over WebSocket it takes the answer out of its wrapper'

const rows: Readonly<Record<string, Row>> = {
  auth: { skip: 'the log-in, which is over; a second one would cut the first' },
  startListeningEvents: { skip: 'how it hears; see the other tests of this client' },
  emitEventListener: { skip: 'hands an event to its listeners, without the server' },
  on: { skip: 'its own registry of listeners' },
  onSignal: { skip: 'its own registry of listeners' },
  onMessage: { skip: 'its own registry of listeners' },
  onEvent: { skip: 'its own registry of listeners' },
  onCommand: { skip: 'the 1.x socket /command, with the key under a name that this socket never had' },
  listen: { skip: 'its own filter of what it hears' },
  getPlugins: { skip: 'its own list of plug-ins' },
  use: { skip: 'its own list of plug-ins' },
  remove: { skip: 'its own list of plug-ins' },
  getManager: { skip: 'a name without a call: it answers a function' },
  getBotList: { answer: [botId] },
  verify: { answer: success, overWs: { answer: undefined, because: 'there is nothing to bind' } },
  fetchMessage: { args: [1], answer: expect.any(Array) as unknown, overWs: noHttp },
  getRoamingMessages: {
    args: [0, 4_000_000_000, ship],
    answer: { code: 0, data: expect.any(Array) as unknown },
    overWs: { answer: expect.any(Array) as unknown, because: unwrapped },
  },
  sendFriendMessage: { args: [chain, captain], answer: sent },
  sendGroupMessage: {
    args: [chain, ship],
    answer: sent,
    keep: ({ messageId }: { messageId: number }) => ({ own: messageId }),
  },
  sendTempMessage: { args: [chain, nemo, ship], answer: sent },
  sendImageMessage: { args: [{ bytes: picture }, inGroup], answer: sent, overWs: noUploads },
  sendFlashImageMessage: { args: [{ bytes: picture }, inGroup], answer: sent, overWs: noUploads },
  sendVoiceMessage: { args: [voice, inGroup], answer: sent, overWs: noUploads },
  uploadImage: {
    args: [{ bytes: picture }, inGroup],
    answer: { imageId: expect.stringMatching(/^\{.+\}\.png$/) as string },
    overWs: noUploads,
  },
  uploadVoice: { args: [voice], answer: { voiceId: expect.stringMatching(/\.amr$/) as string }, overWs: noUploads },
  sendMessage: { args: [chain, inGroup], answer: sent },
  sendQuotedFriendMessage: { args: [chain, captain, 0], answer: sent },
  sendQuotedGroupMessage: { args: ({ heardId }) => [chain, ship, heardId], answer: sent },
  sendQuotedTempMessage: { args: [chain, nemo, ship, -1], answer: sent },
  sendQuotedMessage: { args: (known) => [chain, quoting(known)], answer: sent },
  reply: { args: ['yes', inGroup], answer: sent },
  quoteReply: { args: (known) => ['yes', quoting(known)], answer: sent },
  sendNudge: { args: [bob, ship] },
  setEssence: {
    args: ({ own }) => [ship, own],
    answer: { thrown: expect.stringContaining('host is not defined') as string },
    overWs: { answer: { code: 5 }, because: 'it leaves out which message' },
  },
  getMessageById: {
    args: ({ own }) => [own, ship],
    answer: { code: 0, data: { type: 'GroupMessage', sender: { id: botId } } },
    overWs: { answer: { type: 'GroupMessage', sender: { id: botId } }, because: unwrapped },
  },
  recall: { args: ({ own }) => [own, ship] },
  getFriendList: { answer: listed(captain) },
  getGroupList: { answer: listed(ship) },
  getGroupMemberList: { args: [ship], answer: listed(nemo) },
  getBotProfile: { answer: { nickname: '桥上机器人', age: 3, level: 16, sex: 'FEMALE' } },
  getFriendProfile: { args: [captain], answer: { nickname: '老船长', age: 54, level: 64, sex: 'MALE' } },
  getGroupMemberProfile: { args: [ship, nemo], answer: { nickname: 'Nemo🐟', level: 1, sex: 'UNKNOWN' } },
  setGroupMute: { args: [ship, nemo, 60] },
  setGroupUnmute: { args: [ship, nemo] },
  setGroupMuteAll: { args: [ship] },
  setGroupUnmuteAll: {
    args: [ship],
    answer: { data: success },
    overWs: { answer: success, because: 'over HTTP it wraps this one answer' },
  },
  getGroupConfig: { args: [{ target: ship }], answer: { name: '夜航船 #1', muteAll: false } },
  setGroupConfig: { args: [owned, { name: 'new' }] },
  getGroupMemberInfo: { args: [ship, mate], answer: { id: mate, permission: 'ADMINISTRATOR' } },
  setGroupMemberInfo: { args: [ship, nemo, { name: 'fish' }] },
  handleMemberJoinRequest: { args: [4711, nemo, ship, 1, 'no'], answer: { code: 5 } },
  handleBotInvitedJoinGroupRequest: { args: [4711, nemo, ship, 0], answer: { code: 5 } },
  handleNewFriendRequest: { args: [4711, nemo, 0, 0], answer: { code: 5 } },
  uploadFileAndSend: {
    args: [voice, '', ship],
    answer: { code: 0, data: { isFile: true, contact: { id: ship } } },
    overWs: noUploads,
  },
  makeDir: {
    args: ['', 'box', ship],
    answer: { code: 0, data: { name: 'box', isDirectory: true } },
    overWs: { answer: { name: 'box', isDirectory: true }, because: unwrapped },
  },
  getGroupFileList: {
    args: ['/', ship],
    answer: expect.arrayContaining([expect.objectContaining({ name: 'box' })]) as unknown,
    keep: (list: { isFile: boolean; id: string }[]) => ({ file: list.find(({ isFile }) => isFile)?.id }),
  },
  getGroupFileInfo: {
    args: ({ file }) => [file, ship],
    answer: { code: 0, data: { isFile: true } },
    overWs: { answer: { isFile: true }, because: unwrapped },
  },
  moveGroupFile: { args: ({ file }) => [file, '/box', ship] },
  renameGroupFile: { args: ({ file }) => [file, 'two.txt', ship] },
  deleteGroupFile: { args: ({ file }) => [file, ship], overWs: noHttp },
  deleteFriend: { args: [20004] },
  getManagers: { answer: [] },
  registerCommand: {
    args: [{ name: 'roll', alias: ['r'], description: 'rolls', usage: '/roll' }],
    answer: { data: success },
  },
  sendCommand: { args: [{ name: 'roll', args: ['6'] }] },
  setGroupKick: { args: [ship, nemo] },
  quit: { args: [30004] },
  release: { answer: success, overWs: noHttp },
}

describeMethods({ script: 'node-mirai-sdk.ts', rows }, [
  { mode: 'http', title: 'the embedded core', start: startEmbedded },
  { mode: 'http and ws', title: 'the embedded core', start: startEmbedded },
  { mode: 'ws', title: 'the embedded core', start: startEmbedded },
  { mode: 'http', title: 'a OneBot backend', start: startBeforeOneBot },
  { mode: 'ws', title: 'a OneBot backend', start: startBeforeOneBot },
])
