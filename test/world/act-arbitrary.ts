// Whatever accounts may try in a world, for laws that must hold after it.
import fc from 'fast-check'
import type { GroupId, MessageId } from '../../src/core/ids.ts'
import { friend, group, temp, type World } from '../../src/world/index.ts'

const user = fc.constantFrom(10001, 10002, 20001, 20002, 20003, 20005, 20301, 77)
const groupId = fc.constantFrom(30001, 30002, 30003, 30999)
const peer = fc.oneof(
  groupId.map(group),
  user.map(friend),
  fc.tuple(user, groupId).map(([one, where]) => temp(one, where)),
)
const recent = fc.integer({ min: 995, max: 1030 })
const yes = fc.boolean()

export type Act = (world: World) => unknown

const talk: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(user, peer).map(
    ([who, to]): Act =>
      (world) =>
        world.as(who).say(to, 'x'),
  ),
  fc.tuple(user, peer, recent).map(
    ([who, to, quote]): Act =>
      (world) =>
        world.as(who).say(to, 'x', { quote }),
  ),
  fc.tuple(user, peer, recent).map(
    ([who, to, id]): Act =>
      (world) =>
        world.as(who).say(to, [{ type: 'forward', nodes: [{ messageId: id as MessageId }] }]),
  ),
  fc.tuple(user, recent).map(
    ([who, id]): Act =>
      (world) =>
        world.as(who).recall(id),
  ),
  fc.tuple(user, recent, yes).map(
    ([who, id, on]): Act =>
      (world) =>
        world.as(who).setEssence(id, on),
  ),
  fc.tuple(user, recent, yes).map(
    ([who, id, on]): Act =>
      (world) =>
        world.as(who).react(id, '66', on),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).kick(where, whom),
  ),
  fc.tuple(user, groupId, yes).map(
    ([who, where, dismiss]): Act =>
      (world) =>
        world.as(who).quit(where, { dismiss }),
  ),
  fc.tuple(user, groupId).map(
    ([who, where]): Act =>
      (world) =>
        world.as(who).join(where),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).transfer(where, whom),
  ),
  fc.tuple(user, groupId, user, yes).map(
    ([who, where, whom, on]): Act =>
      (world) =>
        world.as(who).setAdmin(where, whom, on),
  ),
  fc.tuple(user, groupId, user).map(
    ([who, where, whom]): Act =>
      (world) =>
        world.as(who).mute(where, whom, 60),
  ),
  fc.tuple(user, groupId, yes).map(
    ([who, where, on]): Act =>
      (world) =>
        world.as(who).muteAll(where, on),
  ),
  fc.tuple(user, user).map(
    ([who, whom]): Act =>
      (world) =>
        world.as(who).addFriend(whom),
  ),
  fc.tuple(user, user).map(
    ([who, whom]): Act =>
      (world) =>
        world.as(who).removeFriend(whom),
  ),
  fc.tuple(user, user, groupId).map(
    ([who, whom, where]): Act =>
      (world) =>
        world.as(who).invite(whom, where),
  ),
  fc.tuple(user, groupId).map(
    ([who, where]): Act =>
      (world) =>
        world.as(who).requestJoin(where, 'x'),
  ),
  fc.tuple(user, yes, fc.nat(20)).map(
    ([who, approve, at]): Act =>
      (world) =>
        world.as(who).answer([...world.state.requests.keys()][at] ?? 'none', { approve }),
  ),
)

type Doing = (actor: ReturnType<World['as']>, where: number, other: number) => unknown

const anyFile = (world: World, where: number): string =>
  [...(world.state.groups.get(where as GroupId)?.files.keys() ?? [])].at(-1) ?? 'none'
const anyFolder = (world: World, where: number): string =>
  [...(world.state.groups.get(where as GroupId)?.folders.keys() ?? [])].at(-1) ?? '/'
const anyNotice = (world: World, where: number): string =>
  [...(world.state.groups.get(where as GroupId)?.notices.keys() ?? [])].at(-1) ?? 'none'

const doings: readonly ((world: World) => Doing)[] = [
  () => (actor, where) => actor.say(group(where), [{ type: 'mentionAll' }]),
  () => (actor, _where, other) => actor.like(other, 4),
  () => (actor, _where, other) => actor.setTyping(other, true),
  () => (actor, _where, other) => actor.setRemark(other, 'remark'),
  () => (actor) => actor.setProfile({ nickname: 'nick', sign: 'sign', sex: 'male' }),
  () => (actor) => actor.setStatus({ status: 30, battery: 5 }),
  () => (actor) => actor.setModel('model'),
  () => (actor) => actor.setAvatar({ url: 'http://127.0.0.1/a.png' }),
  () => (actor) => actor.addFavourite('note'),
  () => (actor) => actor.setDevice({ id: 1, name: 'a', platform: 'b' }, true),
  () => (actor) => actor.setOnline(false, 'active'),
  () => (actor, where) => actor.setGroupRemark(where, 'remark'),
  () => (actor, where) => actor.setGroupAvatar(where, { url: 'http://127.0.0.1/a.png' }),
  () => (actor, where) => actor.sign(where),
  () => (actor, where) => actor.setJoinOption(where, { type: 4, question: 'q', answer: 'x' }),
  () => (actor, where) => actor.setJoinOption(where, { type: 1 }),
  () => (actor, where) => actor.setSearch(where, { byNumber: false }),
  () => (actor, where) => actor.setRobotOption(where, { memberSwitch: 1 }),
  () => (actor, where) => actor.publishNotice(where, { text: 'x', pinned: true }),
  (world) => (actor, where) => actor.readNotice(where, anyNotice(world, where), { confirm: true }),
  (world) => (actor, where) => actor.deleteNotice(where, anyNotice(world, where)),
  () => (actor, where) => actor.setHonor(where, { honor: 'legend', on: true }),
  () => (actor, where) => actor.upload(where, { name: 'a', base64: 'AAEC' }),
  () => (actor, where) => actor.upload(where, { name: 'b', folder: '/x/y' }),
  () => (actor, where) => actor.createFolder(where, 'docs'),
  (world) => (actor, where) => actor.moveFile(where, anyFile(world, where), anyFolder(world, where)),
  (world) => (actor, where) => actor.renameFile(where, anyFile(world, where), 'c'),
  (world) => (actor, where) => actor.deleteFile(where, anyFile(world, where)),
  (world) => (actor, where) => actor.deleteFolder(where, anyFolder(world, where)),
  () => (actor, _where, other) => actor.requestFriend(other, 'x', { filtered: true }),
]

const rest: fc.Arbitrary<Act> = fc.tuple(fc.constantFrom(...doings), user, groupId, user).map(
  ([doing, who, where, other]): Act =>
    (world) =>
      doing(world)(world.as(who), where, other),
)

/** Anything that anybody may try. */
export const actArbitrary: fc.Arbitrary<Act> = fc.oneof(talk, rest)
