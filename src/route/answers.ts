// How each action is served: by the backend, by what the bridge knows already, or by both.
import type { Action, ActionName, ActionOf, Params, Result } from '../core/action.ts'
import { BridgeError } from '../core/error.ts'
import type { Loss } from '../core/fidelity.ts'
import type { UserId } from '../core/ids.ts'
import type { CallOptions, Outbound } from '../core/ports.ts'
import { nowSeconds, toObject } from '../core/read.ts'
import type { Directory } from '../state/directory.ts'
import type { State } from '../state/index.ts'
import { splitExclusive } from '../translate/split.ts'
import type { Freshen } from './freshen.ts'
import type { Lookup } from './lookup.ts'
import {
  admitContent,
  admitExtra,
  admitSource,
  type AdmitOptions,
  type ContentLimits,
  type UploadSource,
} from './outgoing.ts'
import { admitRaw } from './raw-sources.ts'

export interface AnswersOptions {
  state: State
  directory: Directory
  lookup: Lookup
  freshen: Freshen
  /** The backend of that name, when it has the bot. */
  ownerOf: (backend: string, bot: UserId) => Outbound | undefined
  fileRoots: readonly string[]
  limits: ContentLimits
  isLocal: (backend: string) => boolean
  trace: (where: string, bot: UserId | undefined, direction: 'in' | 'out', loss: Loss) => void
}

/** Serves an action; the promise rejects with a BridgeError only. */
export type Answers = (backend: Outbound, bot: UserId, action: Action, options: CallOptions) => Promise<unknown>

interface Ask {
  backend: Outbound
  bot: UserId
  options: CallOptions
}

type Handlers = { [N in ActionName]?: (ask: Ask, params: Params<N>) => Promise<Result<N>> }

export function createAnswers(shared: AnswersOptions): Answers {
  const handlers: Handlers = {
    ...messageHandlers(shared),
    ...requestHandlers(shared),
    ...contactHandlers(shared),
    ...memberHandlers(shared),
    ...uploadHandlers(shared),
  }
  return (backend, bot, action, options) => {
    const handler = handlers[action.name] as Handler | undefined
    if (!options.extra) return serve(handler, { backend, bot, options }, action)
    return serveWithExtra(handler, { backend, bot, options }, action)
  }

  async function serveWithExtra(handler: Handler | undefined, to: Ask, action: Action): Promise<unknown> {
    const options = admitExtra(to.options, admission(shared, to))
    return serve(handler, { ...to, options }, action)
  }
}

type Handler = (ask: Ask, params: unknown) => Promise<unknown>

function serve(handler: Handler | undefined, to: Ask, action: Action): Promise<unknown> {
  return handler ? handler(to, action.params) : to.backend.call(to.bot, action, to.options)
}

function ask<N extends ActionName>({ backend, bot, options }: Ask, action: ActionOf<N>): Promise<Result<N>> {
  return backend.call(bot, action, options)
}

function admission(shared: AnswersOptions, to: Ask): AdmitOptions {
  return new Admission(shared, to)
}

/**
 * A class for its getter: one in a literal makes V8 a hidden class for each call, which keeps the call and its trace until the
 * next full collection. That was 60 % of what young-generation collections moved.
 */
class Admission implements AdmitOptions {
  readonly media: AdmitOptions['media']
  readonly limits: ContentLimits
  readonly fileRoots: readonly string[]
  readonly dialect: Outbound['dialect']
  readonly #shared: AnswersOptions
  readonly #to: Ask

  constructor(shared: AnswersOptions, to: Ask) {
    this.media = shared.state.media
    this.limits = shared.limits
    this.fileRoots = shared.fileRoots
    this.dialect = to.backend.dialect
    this.#shared = shared
    this.#to = to
  }

  /** Unopened, from this machine to this machine only. Asked for media alone: the address of the backend is parsed for it. */
  get mayPassPaths(): boolean {
    const { backend, options } = this.#to
    return options.loopback === true && this.#shared.isLocal(backend.name)
  }
}

function uploadHandlers(shared: AnswersOptions): Handlers {
  const admit = <S extends UploadSource>(to: Ask, source: S, kind: 'image' | 'file'): S =>
    admitSource(source, kind, admission(shared, to))
  return {
    async 'file.upload'(to, params) {
      return ask(to, { name: 'file.upload', params: admit(to, params, 'file') })
    },
    async 'bot.avatar.set'(to, params) {
      return ask(to, { name: 'bot.avatar.set', params: admit(to, params, 'image') })
    },
    async 'group.avatar.set'(to, params) {
      return ask(to, { name: 'group.avatar.set', params: admit(to, params, 'image') })
    },
    async 'group.notice.publish'(to, params) {
      const image = params.image && admit(to, params.image, 'image')
      return ask(to, { name: 'group.notice.publish', params: image ? { ...params, image } : params })
    },
    /** The picture to read is the one source that these name. */
    async 'server.ask'(to, params) {
      const image = params.kind === 'ocr' ? toObject(params.params['image']) : undefined
      const given = image ? { ...params.params, image: admit(to, image, 'image') } : params.params
      return ask(to, { name: 'server.ask', params: { ...params, params: given } })
    },
    async raw(to, params) {
      return ask(to, { name: 'raw', params: { ...params, params: admitRaw(params.params, admission(shared, to)) } })
    },
  }
}

function messageHandlers(shared: AnswersOptions): Handlers {
  const { state, trace } = shared
  return {
    async 'message.send'(to, params) {
      const segments = admitContent(params.segments, admission(shared, to))
      if (segments.length === 0) throw new BridgeError('badParameter', 'the message is empty')
      const waits = shared.freshen.outgoing(segments, to.backend, to.bot)
      if (waits) await waits
      const [first = segments, ...rest] = splitExclusive(segments)
      const sent = await ask(to, { name: 'message.send', params: { peer: params.peer, segments: first } })
      for (const part of rest) {
        // The answer has room for one id: the others are in the log and in the trace.
        const what = part[0]?.type ?? 'text'
        const more = await ask(to, { name: 'message.send', params: { peer: params.peer, segments: part } }).catch(
          (error: unknown) => Promise.reject(sentInPart(error, sent.messageId, what)),
        )
        const reason = `sent as a message of its own, ${more.messageId}: it cannot share one`
        trace(to.backend.name, to.bot, 'in', { what, fidelity: 'lossy', reason })
      }
      return sent
    },
    async 'message.get'(to, params) {
      return shared.freshen.message(await shared.lookup(to.backend, to.bot, params.messageId, to.options), to.bot)
    },
    async 'message.forward.get'(to, params) {
      const { nodes } = await ask(to, { name: 'message.forward.get', params })
      return { nodes: await shared.freshen.nodes(nodes, to.bot) }
    },
    /** By the backend that has it: another one may serve the account by now. */
    async 'media.get'(to, params) {
      const { backend } = state.media.get(params.id) ?? {}
      const owner = backend === undefined ? undefined : shared.ownerOf(backend, to.bot)
      const found = await ask(owner ? { ...to, backend: owner } : to, { name: 'media.get', params })
      if (owner && found.url !== undefined) state.media.moved(params.id, found.url)
      return found
    },
    async 'message.recall'(to, params) {
      const result = await ask(to, { name: 'message.recall', params })
      state.messages.markRecalled(to.bot, params.messageId)
      return result
    },
  }
}

/** What stands must not be sent again with what failed. */
function sentInPart(error: unknown, messageId: number, what: string): unknown {
  if (!(error instanceof BridgeError)) return error
  const text = `sent in part: message ${messageId} stands, but not the ${what} and what follows: ${error.message}`
  return new BridgeError(error.kind, text, { certain: false, cause: error })
}

function requestHandlers({ state }: AnswersOptions): Handlers {
  function pending(bot: UserId, id: Params<'request.friend.answer'>['requestId'], friend: boolean): void {
    const request = state.requests.get(bot, id)
    if (!request || (request.kind === 'friend') !== friend) throw new BridgeError('notFound', `no such request: ${id}`)
    if (request.answered) throw new BridgeError('notFound', `request ${id} was answered before`)
    if (request.expired) throw new BridgeError('notFound', `request ${id} has expired: it was asked too long ago`)
  }
  return {
    async 'request.friend.answer'(to, params) {
      pending(to.bot, params.requestId, true)
      const result = await ask(to, { name: 'request.friend.answer', params })
      state.requests.markAnswered(to.bot, params.requestId)
      return result
    },
    async 'request.group.answer'(to, params) {
      pending(to.bot, params.requestId, false)
      const result = await ask(to, { name: 'request.group.answer', params })
      state.requests.markAnswered(to.bot, params.requestId)
      return result
    },
  }
}

/** Shared with everybody who asks until something in it changes: by that its text is found again. */
function asResult<T>(list: readonly T[]): T[] {
  return list as T[]
}

function contactHandlers({ directory }: AnswersOptions): Handlers {
  const { contacts } = directory
  return {
    async 'friend.list'(to, params) {
      const known = params.fresh ? undefined : contacts.friends(to.bot)
      if (known) return asResult(known)
      const friends = await ask(to, { name: 'friend.list', params })
      contacts.storeFriends(to.bot, friends)
      return asResult(contacts.friends(to.bot) ?? friends)
    },
    async 'friend.delete'(to, params) {
      const result = await ask(to, { name: 'friend.delete', params })
      contacts.forgetFriend(to.bot, params.userId)
      return result
    },
    async 'group.list'(to, params) {
      const known = params.fresh ? undefined : contacts.groups(to.bot)
      if (known) return asResult(known)
      const groups = await ask(to, { name: 'group.list', params })
      contacts.storeGroups(to.bot, groups)
      return asResult(contacts.groups(to.bot) ?? groups)
    },
    async 'group.get'(to, params) {
      const isKnown = !params.fresh && contacts.hasGroups(to.bot, params.groupId)
      const known = isKnown ? contacts.group(to.bot, params.groupId) : undefined
      // mah's list has no member counts: this one group is asked for then.
      if (known?.memberCount !== undefined) return known
      const group = await ask(to, { name: 'group.get', params })
      contacts.storeGroup(to.bot, group)
      return group
    },
    async 'group.leave'(to, params) {
      const result = await ask(to, { name: 'group.leave', params })
      contacts.forgetGroup(to.bot, params.groupId)
      return result
    },
    async 'group.muteAll'(to, params) {
      const result = await ask(to, { name: 'group.muteAll', params })
      directory.changeGroup(to.bot, params.groupId, { muteAll: params.on })
      return result
    },
    async 'group.config.set'(to, params) {
      const { groupId, name, muteAll } = params
      const result = await ask(to, { name: 'group.config.set', params })
      const change = { ...(name !== undefined && { name }), ...(muteAll !== undefined && { muteAll }) }
      directory.changeGroup(to.bot, groupId, change)
      return result
    },
    async 'user.profile'(to, params) {
      const profile = await ask(to, { name: 'user.profile', params })
      contacts.storeProfile(to.bot, profile)
      return profile
    },
  }
}

function memberHandlers({ directory }: AnswersOptions): Handlers {
  const { contacts } = directory
  return {
    async 'group.member.list'(to, params) {
      const known = params.fresh ? undefined : contacts.members(to.bot, params.groupId)
      if (known) return asResult(known)
      const members = await ask(to, { name: 'group.member.list', params })
      contacts.storeMembers(to.bot, params.groupId, members)
      return asResult(contacts.members(to.bot, params.groupId) ?? members)
    },
    async 'group.member.get'(to, params) {
      const member = await ask(to, { name: 'group.member.get', params })
      contacts.storeMember(to.bot, member)
      if (member.userId === to.bot) contacts.changeGroup(to.bot, member.groupId, { botRole: member.role })
      return member
    },
    async 'group.member.kick'(to, params) {
      const result = await ask(to, { name: 'group.member.kick', params })
      contacts.forgetMember(to.bot, params.groupId, params.userId)
      return result
    },
    async 'group.member.mute'(to, params) {
      const result = await ask(to, { name: 'group.member.mute', params })
      const mutedUntil = params.durationSeconds > 0 ? nowSeconds() + params.durationSeconds : 0
      directory.changeMember(to.bot, params.groupId, params.userId, { mutedUntil })
      return result
    },
    async 'group.member.card'(to, params) {
      const result = await ask(to, { name: 'group.member.card', params })
      directory.changeMember(to.bot, params.groupId, params.userId, { card: params.card })
      return result
    },
    async 'group.member.title'(to, params) {
      const result = await ask(to, { name: 'group.member.title', params })
      directory.changeMember(to.bot, params.groupId, params.userId, { title: params.title })
      return result
    },
    async 'group.member.admin'(to, params) {
      const result = await ask(to, { name: 'group.member.admin', params })
      directory.changeMember(to.bot, params.groupId, params.userId, { role: params.on ? 'admin' : 'member' })
      return result
    },
  }
}
