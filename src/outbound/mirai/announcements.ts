// Group announcements.
import { BridgeError } from '../../core/error.ts'
import type { Params } from '../../core/action.ts'
import type { WireObject } from '../../core/read.ts'
import { readAnnouncement } from '../../dialect/mirai/index.ts'
import { order, readList, request, type Account, type Ask, type Handlers } from './account.ts'
import { isAble } from './version.ts'

export const announcementHandlers: Handlers<'group.notice.list' | 'group.notice.publish' | 'group.notice.delete'> = {
  async 'group.notice.list'(ask, { groupId }) {
    requireVersion(ask)
    const answer = await request(ask, 'anno_list', { groupId })
    return readList(ask, answer, (wire) => readAnnouncement(wire, ask.account.bot))
  },
  async 'group.notice.publish'(ask, { image, ...params }) {
    requireVersion(ask)
    const answer = await request(ask, 'anno_publish', params, { extra: image ? toImage(image, ask.account) : {} })
    const [first]: unknown[] = Array.isArray(answer.data) ? answer.data : [answer.data]
    const notice = readAnnouncement(first, ask.account.bot)
    if (notice) return notice
    throw new BridgeError('backend', 'published, but the server gave no id', {
      certain: false,
      backend: ask.account.backend,
    })
  },
  async 'group.notice.delete'(ask, { groupId, id }) {
    requireVersion(ask)
    return order(ask, 'anno_delete', { groupId, id })
  },
}

function requireVersion({ account: { session } }: Ask): void {
  if (isAble(session.version, 'announcements')) return
  throw new BridgeError('notSupported', `mirai-api-http ${session.version} has no announcements`)
}

/** The bytes that the bridge keeps travel in the request. */
function toImage(image: NonNullable<Params<'group.notice.publish'>['image']>, { services }: Account): WireObject {
  const { id, url, path, base64 } = image
  const kept = id === undefined ? undefined : services.media.get(id)
  if (kept?.bytes) return { imageBase64: Buffer.from(kept.bytes).toString('base64') }
  const address = url ?? kept?.url
  if (address !== undefined) return { imageUrl: address }
  if (path !== undefined) return { imagePath: path }
  if (base64 !== undefined) return { imageBase64: base64 }
  throw new BridgeError('notFound', 'the picture of the announcement is not known')
}
