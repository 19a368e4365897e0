// Commands about group announcements.
import type { Params } from '../../core/action.ts'
import { BridgeError } from '../../core/error.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { printAnnouncement } from '../../dialect/mirai/index.ts'
import { callBot, groupIn, type Handler } from './ask.ts'
import { pageOf } from './file-commands.ts'
import { groupOf } from './group.ts'

export const announcementCommands: Readonly<Record<string, Handler>> = {
  async anno_list(ask) {
    const groupId = groupIn(ask.params)
    const notices = await callBot(ask, { name: 'group.notice.list', params: { groupId } })
    const group = await groupOf(ask, groupId)
    return pageOf(notices, ask.params).map((notice) => printAnnouncement(notice, group))
  },
  // One object; the public documentation shows a list.
  async anno_publish(ask) {
    const groupId = groupIn(ask.params)
    const { imageUrl, imagePath, imageBase64, ...said } = ask.params
    const image = imageIn(imageUrl, imagePath, imageBase64)
    if (image?.['path'] !== undefined && !ask.loopback) {
      throw new BridgeError('forbiddenSource', 'only clients on this machine may name a path')
    }
    const params = { ...said, ...(image && { image }) } as Params<'group.notice.publish'>
    const notice = await callBot(ask, { name: 'group.notice.publish', params })
    return printAnnouncement(notice, await groupOf(ask, groupId))
  },
}

/** The address wins over the path, that over the bytes. Blank counts as absent. */
function imageIn(url: unknown, path: unknown, base64: unknown): WireObject | undefined {
  const [first] = Object.entries({ url, path, base64 }).flatMap(([name, value]) => {
    const text = toText(value)?.trim()
    return text ? [{ [name]: text }] : []
  })
  return first
}
