// mirai-ts, unchanged: every method that it has.
import { expect } from 'vitest'
import { describeMethods, sent, success, type Row } from './mirai-methods.ts'
import { bob, botId, captain, mate, nemo, owned, picture, ship, startBeforeOneBot, startEmbedded } from './stage.ts'

const chain = [{ type: 'Plain', text: 'hi' }]
const voice = Buffer.from('#!AMR\n').toString('base64')
const events = { code: 0, msg: '', data: expect.any(Array) as unknown[] }
const file = (name: string): object => ({ code: 0, msg: '', data: { name, contact: { id: ship }, isFile: true } })
const request = (type: string): object => ({ type, eventId: 4711, fromId: nemo, groupId: ship })

const rows: Readonly<Record<string, Row>> = {
  'api.axios': { skip: 'its HTTP client, not a call' },
  'api.handleStatusCode': { skip: 'hooks its HTTP client; called while it logs in' },
  'api._buildWsChannel': { skip: 'what message, event and all share' },
  'resp._request': { skip: 'what the answers to requests share' },
  'api.about': { answer: { code: 0, msg: '', data: { version: '2.10.0' } } },
  'api.verify': { answer: { code: 0, session: expect.any(String) as string } },
  'api.bind': { args: [botId] },
  'api.message': { args: ['LISTENER'], answer: undefined },
  'api.event': { args: ['LISTENER'], answer: undefined },
  'api.all': { skip: 'how it hears events over WebSocket; see the other tests of this client' },
  'api.fetchMessage': { args: [1], answer: events },
  'api.fetchLatestMessage': { args: [1], answer: events },
  'api.peekMessage': { args: [1], answer: events },
  'api.peekLatestMessage': { args: [1], answer: events },
  'api.sendFriendMessage': { args: [chain, captain], answer: sent },
  'api.sendGroupMessage': {
    args: [chain, ship],
    answer: sent,
    keep: ({ messageId }: { messageId: number }) => ({ own: messageId }),
  },
  'api.sendTempMessage': { args: [chain, nemo, ship], answer: sent },
  'api.sendImageMessage': {
    args: [['https://a.example/p.png'], undefined, undefined, ship],
    answer: { code: 0, msg: '', data: [expect.stringMatching(/^\{.+\}\.png$/)] },
  },
  'api.messageFromId': {
    args: ({ own }) => [own, ship],
    answer: { type: 'GroupMessage', messageChain: [{ type: 'Source' }, ...chain], sender: { id: botId } },
  },
  'api.uploadImage': {
    args: ['group', { bytes: picture, name: 'a.png' }],
    answer: {
      imageId: expect.stringMatching(/^\{.+\}\.png$/) as string,
      url: expect.stringMatching(/^http/) as string,
    },
  },
  'api.uploadVoice': {
    args: ['group', { bytes: voice, name: 'a.amr' }],
    answer: { voiceId: expect.stringMatching(/\.amr$/) as string },
  },
  'api.uploadFileAndSend': {
    args: ['Group', ship, '/one.txt', { bytes: voice, name: 'a.txt' }],
    answer: { ...success, id: expect.any(String) as string },
    keep: ({ id }: { id: string }) => ({ file: id }),
  },
  'file.mkdir': {
    args: [{ id: '', target: ship, directoryName: 'box' }],
    answer: { code: 0, msg: '', data: { name: 'box', isDirectory: true } },
  },
  'file.list': {
    args: [{ id: '', target: ship }],
    answer: {
      code: 0,
      msg: '',
      data: expect.arrayContaining([expect.objectContaining({ name: 'one.txt' })]) as unknown[],
    },
  },
  'file.info': { args: ({ file }) => [{ id: file, target: ship }], answer: file('one.txt') },
  'file.move': { args: ({ file }) => [{ id: file, target: ship, movePath: '/box' }] },
  'file.rename': { args: ({ file }) => [{ id: file, target: ship, rename: 'two.txt' }] },
  'file.delete': { args: ({ file }) => [{ id: file, target: ship }] },
  'api.setEssence': { args: ({ own }) => [own] },
  'api.recall': { args: ({ own }) => [{ messageId: own, target: ship }] },
  'api.friendList': {
    answer: { code: 0, msg: '', data: expect.arrayContaining([expect.objectContaining({ id: captain })]) as unknown[] },
  },
  'api.groupList': {
    answer: { code: 0, msg: '', data: expect.arrayContaining([expect.objectContaining({ id: ship })]) as unknown[] },
  },
  'api.memberList': {
    args: [ship],
    answer: { code: 0, msg: '', data: expect.arrayContaining([expect.objectContaining({ id: nemo })]) as unknown[] },
  },
  'api.botProfile': { answer: { nickname: '桥上机器人', age: 3, level: 16, sex: 'FEMALE' } },
  'api.friendProfile': { args: [captain], answer: { nickname: '老船长', age: 54, level: 64, sex: 'MALE' } },
  'api.memberProfile': { args: [ship, nemo], answer: { nickname: 'Nemo🐟', level: 1, sex: 'UNKNOWN' } },
  'api.muteAll': { args: [ship] },
  'api.unmuteAll': { args: [ship] },
  'api.mute': { args: [ship, nemo, 60] },
  'api.unmute': { args: [ship, nemo] },
  'api.groupConfig': { args: [owned, { name: 'new' }] },
  'api.memberInfo': { args: [ship, mate], answer: { id: mate, permission: 'ADMINISTRATOR' } },
  'api.sendNudge': { args: [bob, ship] },
  'api.managers': { answer: [] },
  'command.listen': {
    answer: { thrown: expect.stringContaining('404') as string },
  },
  'command.register': { args: ['roll', ['r'], 'rolls', '/roll'] },
  'command.execute': { args: [['roll', '6']] },
  'resp.newFriendRequest': { args: [request('NewFriendRequestEvent'), 0], answer: { code: 5 } },
  'resp.memberJoinRequest': { args: [request('MemberJoinRequestEvent'), 1, 'no'], answer: { code: 5 } },
  'resp.botInvitedJoinGroupRequest': { args: [request('BotInvitedJoinGroupRequestEvent'), 0], answer: { code: 5 } },
  'api.kick': { args: [ship, nemo] },
  'api.quit': { args: [30004] },
  'api.release': { args: [botId] },
}

describeMethods({ script: 'mirai-ts.ts', rows }, [
  { mode: 'http', title: 'the embedded core', start: startEmbedded },
  { mode: 'ws', title: 'the embedded core', start: startEmbedded },
  { mode: 'http', title: 'a OneBot backend', start: startBeforeOneBot },
  { mode: 'ws', title: 'a OneBot backend', start: startBeforeOneBot },
])
