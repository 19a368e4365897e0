// Actions on the bot's own account, and small attentions to people, served by a world.
import type { UserId } from '../../core/ids.ts'
import { accountOf } from '../../world/look.ts'
import type { WorldState } from '../../world/state.ts'
import type { Handlers } from './serving.ts'

type AccountAction = Extract<
  keyof Handlers,
  | `bot.${string}`
  | 'user.status'
  | 'user.like'
  | 'user.like.list'
  | 'typing.set'
  | `favourite.${string}`
  | 'customFace.list'
>

/** What others see of an account that is not there. */
const offlineStatus = { status: 20, extStatus: 0 }
const invisible = 40
const defaultLikes = 10

export const accountHandlers: Pick<Handlers, Exclude<AccountAction, 'bot.info'>> = {
  'bot.profile.set'({ actor }, change) {
    actor.setProfile(change)
    return {}
  },
  'bot.avatar.set'({ actor }, image) {
    actor.setAvatar(image)
    return {}
  },
  'bot.status.set'({ actor }, status) {
    actor.setStatus(status)
    return {}
  },
  'bot.model.get'({ world, bot }, { model }) {
    const own = accountOf(world.state, bot).model
    const name = model ?? own
    return name === '' ? [] : [{ name, needsPay: false }]
  },
  'bot.model.set'({ actor }, { model, show }) {
    actor.setModel(show || model)
    return {}
  },
  'bot.clients': ({ world, bot }) => [...accountOf(world.state, bot).devices.values()].map((device) => ({ ...device })),
  'bot.exit'({ actor }) {
    actor.setOnline(false, 'active')
    return {}
  },
  'user.status'({ world, bot }, { userId }) {
    const { online, status } = accountOf(world.state, userId)
    const isHidden = status.status === invisible && userId !== bot
    return !online || isHidden ? offlineStatus : { status: status.status, extStatus: status.extStatus }
  },
  'user.like'({ actor }, { userId, times }) {
    actor.like(userId, times)
    return {}
  },
  'user.like.list': ({ world, bot }, { userId = bot, start = 0, count = defaultLikes }) =>
    likesOf(world.state, userId, { start, count }),
  'typing.set'({ actor }, { userId, on }) {
    actor.setTyping(userId, on)
    return {}
  },
  'favourite.add'({ actor }, { text, brief }) {
    actor.addFavourite(text, brief)
    return {}
  },
  // Notes are the only kind of favourites here, so every category is the same one. The newest come first.
  'favourite.list'({ world, bot }, { count }) {
    const newest = accountOf(world.state, bot).favourites.toReversed()
    return newest.slice(0, count ?? newest.length).map((favourite) => ({ ...favourite }))
  },
  'customFace.list'({ world, host, bot }, { count }) {
    const { customFaces } = accountOf(world.state, bot)
    const scheme = 'base64://'
    return customFaces
      .slice(0, count ?? customFaces.length)
      .flatMap((face) => (face.startsWith(scheme) ? (host.bytes.urlOfBase64(face.slice(scheme.length)) ?? []) : face))
  },
}

/** The latest first. */
function likesOf(state: WorldState, userId: UserId, { start, count }: { start: number; count: number }) {
  const all = [...accountOf(state, userId).likes]
  const likes = all
    .toSorted(([, one], [, other]) => other.time - one.time)
    .slice(start, start + count)
    .map(([by, like]) => ({ userId: by, nickname: nicknameOf(state, by), count: like.count, time: like.time }))
  return { total: all.reduce((sum, [, like]) => sum + like.count, 0), likes }
}

export function nicknameOf(state: WorldState, userId: UserId): string {
  return state.accounts.get(userId)?.nickname ?? String(userId)
}
