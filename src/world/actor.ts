// One account of a world doing things: the same acts for bots, tests, control calls and scenarios. Each throws a
// BridgeError when the world's rules forbid it, and then nothing has changed. Ids of messages are world ids.
import type { GroupId, Peer, UserId } from '../core/ids.ts'
import type { Segment } from '../core/segment.ts'
import * as groups from './decide/group.ts'
import * as messages from './decide/message.ts'
import { accountActs, type AccountActs } from './actor/account.ts'
import { fileActs, type FileActs } from './actor/file.ts'
import { noticeActs, type NoticeActs } from './actor/notice.ts'
import type { Stage } from './actor/stage.ts'
import * as people from './decide/people.ts'
import type { Happening } from './happening.ts'
import type { Device } from './state.ts'

export interface Actor extends AccountActs, FileActs, NoticeActs {
  readonly userId: UserId
  /** Returns the id of the message. */
  say(to: Peer, content: string | readonly Segment[], options?: { quote?: number | undefined }): number
  recall(id: number): void
  /** Without a peer: everything. */
  markRead(peer?: Peer): void
  nudge(where: Peer, targetId: number): void
  setEssence(id: number, on: boolean): void
  react(id: number, emojiId: string, on: boolean): void

  /** Someone enters: this account lets in `userId`, or itself when that is absent. */
  join(groupId: number, options?: { operatorId?: number | undefined; invitorId?: number | undefined }): void
  /** Leaves. An owner can only dismiss the group. */
  quit(groupId: number, options?: { dismiss?: boolean | undefined }): void
  kick(groupId: number, userId: number, options?: { block?: boolean | undefined }): void
  /** 0 lifts it. */
  mute(groupId: number, userId: number, durationSeconds: number): void
  muteAll(groupId: number, on: boolean): void
  setAdmin(groupId: number, userId: number, on: boolean): void
  /** Makes someone else the owner. */
  transfer(groupId: number, userId: number): void
  /** Own card, or that of a member of lower rank. */
  setCard(groupId: number, userId: number, card: string): void
  setTitle(groupId: number, userId: number, title: string, durationSeconds?: number): void
  configure(groupId: number, config: groups.ConfigChange): void

  /** Each returns the flag of the request. */
  requestFriend(
    toId: number,
    comment: string,
    options?: { groupId?: number | undefined; filtered?: boolean | undefined },
  ): string
  /** `filtered`: the server finds it doubtful and keeps it from view. */
  requestJoin(groupId: number, comment: string, options?: { filtered?: boolean | undefined }): string
  /** A group that is unknown is made, owned by this account. */
  invite(toId: number, groupId: number, options?: { name?: string | undefined }): string
  answer(flag: string, answer: people.Answer): void
  /** At once, without a request. */
  addFriend(userId: number, remark?: string): void
  removeFriend(userId: number): void
}

export function createActor(stage: Stage, userId: UserId, device: Device): Actor {
  return {
    userId,
    ...messageActs(stage, userId, device),
    ...groupActs(stage, userId),
    ...fileActs(stage, userId),
    ...noticeActs(stage, userId),
    ...peopleActs(stage, userId),
    ...accountActs(stage, userId),
  }
}

function messageActs(stage: Stage, userId: UserId, device: Device) {
  const { env, commit } = stage
  return {
    say: (to, content, options) => {
      const segments: readonly Segment[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
      const happenings = messages.say(stage.state, env, { senderId: userId, to, segments, device, ...options })
      commit(happenings)
      return happenings[0].message.id
    },
    recall: (id) => commit(messages.recall(stage.state, env, userId, id)),
    markRead: (peer) => commit(messages.markRead(stage.state, env, userId, peer)),
    nudge: (where, targetId) =>
      commit(messages.nudge(stage.state, env, { senderId: userId, where, targetId: targetId as UserId, device })),
    setEssence: (id, on) => commit(messages.setEssence(stage.state, env, { userId, id, on })),
    react: (id, emojiId, on) => commit(messages.react(stage.state, env, { userId, id, on }, emojiId)),
  } satisfies Partial<Actor>
}

function groupActs(stage: Stage, operatorId: UserId) {
  const { env, commit } = stage
  const on = (groupId: number): groups.OnGroup => ({ operatorId, groupId: groupId as GroupId })
  const onMember = (groupId: number, userId: number): groups.OnMember => ({ ...on(groupId), userId: userId as UserId })
  return {
    join: (groupId, options) => {
      const by = options as { operatorId?: UserId; invitorId?: UserId } | undefined
      commit(groups.join(stage.state, env, { groupId: groupId as GroupId, userId: operatorId, ...by }))
    },
    quit: (groupId, options) => commit(groups.leave(stage.state, env, on(groupId), options?.dismiss ?? false)),
    kick: (groupId, userId, options) =>
      commit(groups.kick(stage.state, env, onMember(groupId, userId), options?.block ?? false)),
    mute: (groupId, userId, seconds) => commit(groups.mute(stage.state, env, onMember(groupId, userId), seconds)),
    muteAll: (groupId, value) => commit(groups.muteAll(stage.state, env, on(groupId), value)),
    setAdmin: (groupId, userId, value) => commit(groups.setAdmin(stage.state, env, onMember(groupId, userId), value)),
    transfer: (groupId, userId) => commit(groups.transfer(stage.state, env, onMember(groupId, userId))),
    setCard: (groupId, userId, card) => commit(groups.setCard(stage.state, env, onMember(groupId, userId), card)),
    setTitle: (groupId, userId, title, durationSeconds) =>
      commit(groups.setTitle(stage.state, env, onMember(groupId, userId), { title, durationSeconds })),
    configure: (groupId, config) => commit(groups.configure(stage.state, env, on(groupId), config)),
  } satisfies Partial<Actor>
}

function peopleActs(stage: Stage, userId: UserId) {
  const { env, commit } = stage
  return {
    requestFriend: (toId, comment, options) => {
      const groupId = options?.groupId as GroupId | undefined
      const asking = { userId, toId: toId as UserId, comment, groupId, filtered: options?.filtered }
      return ask(stage, people.requestFriend(stage.state, env, asking))
    },
    requestJoin: (groupId, comment, options) => {
      const asking = { userId, groupId: groupId as GroupId, comment, filtered: options?.filtered }
      return ask(stage, people.requestJoin(stage.state, env, asking))
    },
    invite: (toId, groupId, options) => {
      const inviting = { userId, toId: toId as UserId, groupId: groupId as GroupId, name: options?.name }
      return ask(stage, people.invite(stage.state, env, inviting))
    },
    answer: (flag, answer) => commit(people.answer(stage.state, env, userId, flag, answer)),
    addFriend: (other, remark = '') =>
      commit(people.addFriend(stage.state, env, { of: userId, userId: other as UserId, remark })),
    removeFriend: (other) => commit(people.removeFriend(stage.state, env, userId, other as UserId)),
  } satisfies Partial<Actor>
}

function ask(stage: Stage, happenings: readonly Happening[]): string {
  stage.commit(happenings)
  for (const happening of happenings) if (happening.type === 'request') return happening.request.flag
  throw new Error('a request was made without a request')
}
