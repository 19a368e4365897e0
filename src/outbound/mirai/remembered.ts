// Actions that mah has no command for, answered from what the bridge saw, and from a member's rank.
import { BridgeError } from '../../core/error.ts'
import { request, type Handlers } from './account.ts'
import { readMember } from '../../dialect/mirai/index.ts'
import { nowSeconds } from '../../core/read.ts'

type Name = 'message.recent' | 'media.get' | 'bot.clients' | 'request.group.list' | 'group.atAll.remain'

const defaultRecent = 10
const defaultRequests = 50

export const rememberedHandlers: Handlers<Name> = {
  'message.recent': ({ account }, { count = defaultRecent }) => Promise.resolve(account.seen.recent(count)),
  'bot.clients': ({ account }) => Promise.resolve(account.seen.clients()),
  'request.group.list': ({ account }, { count = defaultRequests }) => {
    const { bot, services, seen } = account
    const isAnswered = (id: Parameters<typeof services.requests.get>[1]): boolean =>
      services.requests.get(bot, id)?.answered ?? false
    return Promise.resolve(seen.requests(count).map((one) => ({ ...one, answered: isAnswered(one.requestId) })))
  },
  async 'media.get'({ account }, { id }) {
    const record = account.services.media.get(id)
    if (!record || (!record.url && !record.bytes)) throw new BridgeError('notFound', `no such medium: ${id}`)
    const { url, name, sizeBytes, bytes } = record
    return {
      ...(url && { url }),
      ...(name && { name }),
      ...(sizeBytes !== undefined && { sizeBytes }),
      ...(bytes && !url && { base64: Buffer.from(bytes).toString('base64') }),
    }
  },
  // Admins may; how often is known to Tencent alone.
  async 'group.atAll.remain'(ask, { groupId }) {
    const { bot } = ask.account
    const { data } = await request(ask, 'memberInfo', { groupId, userId: bot }, { sub: 'get' })
    const role = readMember(data, nowSeconds(), groupId)?.role
    return { allowed: role === 'owner' || role === 'admin', forGroup: 0, forBot: 0 }
  },
}
