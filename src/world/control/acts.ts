// World control: every kind of act with its fields and what it does through the typed API of the world.
import * as v from 'valibot'
import { BridgeError } from '../../core/error.ts'
import { toObject } from '../../core/read.ts'
import { ownerIdOf } from '../decide/group.ts'
import { rewriteIds } from '../rewrite.ts'
import type { World } from '../world.ts'
import { anything, chat, flag, form, groupId, messageId, role, text, user, wholeNumber } from './fields.ts'
import {
  createScene,
  groupMessage,
  messageIn,
  nudgePeer,
  peerOf,
  type Scene,
  shownFlag,
  shownId,
  viewerOf,
  worldId,
} from './scene.ts'
import { requireBase64, segments } from './segments.ts'

export type ActAnswer = { messageId: number } | { fileId: string } | { flag: string } | Record<string, never>

function define<E extends v.ObjectEntries>(
  fields: E,
  run: (scene: Scene, act: v.InferOutput<ReturnType<typeof form<E>>>) => ActAnswer | void,
) {
  const schema = form({ kind: text, bot: v.optional(user), ...fields })
  return { schema, run: run as (scene: Scene, act: unknown) => ActAnswer | void }
}

const ofGroup = { group: groupId }
const ofMember = { ...ofGroup, user }
const inChat = { chat, group: v.optional(groupId), sender: user }

const acts = {
  message: define(
    { ...inChat, segments, quote: v.optional(form({ id: messageId })) },
    (scene, { sender, quote, segments: given, ...where }) => {
      const { world } = scene
      const to = peerOf(scene, where, sender)
      const viewer = viewerOf(scene, where, sender)
      const content = rewriteIds(given, (id) => worldId(scene, viewer, id))
      const options = quote ? { quote: worldId(scene, viewer, quote.id) } : {}
      return { messageId: shownId(world, viewer, world.as(sender).say(to, content, options)) }
    },
  ),
  recall: define(
    { ...inChat, operator: v.optional(user), id: messageId },
    (scene, { sender, operator = sender, id, ...where }) => {
      const message = messageIn(scene, where, { sender, id })
      scene.world.as(operator).recall(message.id)
    },
  ),
  nudge: define({ ...inChat, target: user }, (scene, { sender, target, ...where }) =>
    scene.world.as(sender).nudge(nudgePeer(scene, where, { sender, target }), target),
  ),
  file_upload: define(
    {
      ...ofGroup,
      sender: user,
      name: text,
      size: v.optional(wholeNumber),
      base64: v.optional(text),
      folder: v.optional(text),
    },
    ({ world }, { group, sender, name, size, base64, folder }) => {
      if ((size === undefined) === (base64 === undefined))
        throw new BridgeError('badParameter', 'one of size and base64')
      if (base64 !== undefined) requireBase64(base64, 'base64')
      return { fileId: world.as(sender).upload(group, { name, folder, base64, sizeBytes: size }) }
    },
  ),
  friend_request: define(
    { user, message: text, group: v.optional(groupId), filtered: v.optional(flag) },
    (scene, { user: asker, message, group, filtered }) => {
      const bot = scene.bot()
      return shownFlag(scene, bot, scene.world.as(asker).requestFriend(bot, message, { groupId: group, filtered }))
    },
  ),
  join_request: define(
    { ...ofMember, message: text, filtered: v.optional(flag) },
    (scene, { group, user: asker, message, filtered }) => {
      const native = scene.world.as(asker).requestJoin(group, message, { filtered })
      return shownFlag(scene, scene.botIn(group), native)
    },
  ),
  invite_request: define({ ...ofMember, name: v.optional(text) }, (scene, { group, user: inviter, name }) => {
    const bot = scene.bot()
    return shownFlag(scene, bot, scene.world.as(inviter).invite(bot, group, { name }))
  }),
  friend_add: define({ user }, (scene, act) => scene.world.as(scene.bot()).addFriend(act.user)),
  friend_remove: define({ user }, (scene, act) => scene.world.as(act.user).removeFriend(scene.bot())),
  member_join: define(
    { ...ofMember, operator: v.optional(user), invitor: v.optional(user) },
    ({ world }, { group, user: newcomer, operator, invitor }) =>
      world.as(newcomer).join(group, { operatorId: operator, invitorId: invitor }),
  ),
  member_leave: define(
    { ...ofMember, how: v.picklist(['leave', 'kick'], 'must be leave or kick'), operator: v.optional(user) },
    ({ world }, { group, user: leaver, how, operator }) => {
      if (how === 'kick') return world.as(operator ?? ownerIdOf(world.state, group)).kick(group, leaver)
      if (operator !== undefined && operator !== leaver)
        throw new BridgeError('badParameter', 'operator: only with kick')
      return world.as(leaver).quit(group)
    },
  ),
  bot_join: define({ ...ofGroup, operator: v.optional(user) }, (scene, { group, operator }) =>
    scene.world.as(scene.bot()).join(group, { operatorId: operator }),
  ),
  mute: define(
    { ...ofMember, operator: user, seconds: wholeNumber },
    ({ world }, { group, user: muted, operator, seconds }) => world.as(operator).mute(group, muted, seconds),
  ),
  mute_all: define({ ...ofGroup, operator: user, on: flag }, ({ world }, { group, operator, on }) =>
    world.as(operator).muteAll(group, on),
  ),
  permission: define({ ...ofMember, role }, ({ world }, { group, user: changed, role: next }) => {
    const owner = world.as(ownerIdOf(world.state, group))
    if (next === 'owner') owner.transfer(group, changed)
    else owner.setAdmin(group, changed, next === 'admin')
  }),
  group_name: define({ ...ofGroup, operator: user, name: text }, ({ world }, { group, operator, name }) =>
    world.as(operator).configure(group, { name }),
  ),
  member_card: define({ ...ofMember, card: text }, ({ world }, { group, user: changed, card }) =>
    world.as(changed).setCard(group, changed, card),
  ),
  member_title: define({ ...ofMember, title: text }, ({ world }, { group, user: changed, title }) =>
    world.as(ownerIdOf(world.state, group)).setTitle(group, changed, title),
  ),
  essence: define({ ...ofGroup, operator: user, id: messageId, on: flag }, (scene, { group, operator, id, on }) =>
    scene.world.as(operator).setEssence(groupMessage(scene, group, id), on),
  ),
  react: define(
    { ...ofGroup, sender: user, id: messageId, emoji: anything, on: flag },
    (scene, { group, sender, id, emoji, on }) => {
      if (typeof emoji !== 'string' && typeof emoji !== 'number')
        throw new BridgeError('badParameter', 'emoji: must be an id')
      scene.world.as(sender).react(groupMessage(scene, group, id), String(emoji), on)
    },
  ),
  online: define({ on: flag }, (scene, { on }) => scene.world.as(scene.bot()).setOnline(on)),
  like: define({ user, times: v.optional(wholeNumber) }, (scene, { user: fan, times }) =>
    scene.world.as(fan).like(scene.bot(), times ?? 1),
  ),
  typing: define({ user, on: flag }, (scene, { user: writer, on }) =>
    scene.world.as(writer).setTyping(scene.bot(), on),
  ),
  client: define({ id: wholeNumber, name: text, platform: text, on: flag }, (scene, { id, name, platform, on }) =>
    scene.world.as(scene.bot()).setDevice({ id, name, platform }, on),
  ),
  nickname: define({ user, nickname: text }, ({ world }, act) => world.as(act.user).setNickname(act.nickname)),
  honor: define(
    { ...ofMember, honor: text, on: flag, description: v.optional(text), days: v.optional(wholeNumber) },
    ({ world }, { group, user: holder, honor, on, description, days }) =>
      world.as(holder).setHonor(group, { honor, on, description, dayCount: days }),
  ),
  notice_read: define(
    { ...ofMember, id: text, confirm: v.optional(flag) },
    ({ world }, { group, user: reader, id, confirm }) => world.as(reader).readNotice(group, id, { confirm }),
  ),
}

const kinds = new Map(Object.entries(acts))

/** The fields of each kind, for who describes them. */
export const actForms: ReadonlyMap<string, v.GenericSchema> = new Map(
  [...kinds].map(([kind, { schema }]) => [kind, schema]),
)

/** One act from outside. Throws a BridgeError that says what is wrong; nothing has changed then. */
export function act(world: World, input: unknown): ActAnswer {
  const form = formOf(input)
  if (typeof form === 'string') throw new BridgeError('badParameter', form)
  const result = v.safeParse(form.schema, input)
  if (!result.success) throw new BridgeError('badParameter', result.issues.map(printIssue).join('; '))
  return form.run(createScene(world, result.output.bot), result.output) ?? {}
}

/** Or what is wrong with the kind. */
function formOf(input: unknown) {
  const wire = toObject(input)
  if (!wire) return 'act: must be a JSON object'
  const kind = wire['kind']
  const head = kind === undefined ? 'is missing' : 'unknown kind'
  return kinds.get(String(kind)) ?? `kind: ${head}, allowed are: ${[...kinds.keys()].join(', ')}`
}

/** What can be said about an act without a world: each fault with its dotted path, a colon and the reason. */
export function findActFaults(input: unknown): string[] {
  const form = formOf(input)
  if (typeof form === 'string') return [form]
  const result = v.safeParse(form.schema, input)
  return result.success ? [] : result.issues.map(printIssue)
}

function printIssue(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'act'
  const isSaid = issue.message.startsWith(`${path}.`) || issue.message.startsWith(`${path}: `)
  return isSaid ? issue.message : `${path}: ${issue.message}`
}
