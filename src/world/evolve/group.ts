// Changes of a group's own matters: settings, announcements, honours, sign-ins.
import { type Evolution, groupOf, memberOf } from './evolution.ts'

type Kinds =
  | 'group.remark'
  | 'group.sign'
  | 'group.avatar'
  | 'group.joinOption'
  | 'group.robotOption'
  | 'group.search'
  | 'group.honor'
  | 'group.notice.publish'
  | 'group.notice.read'
  | 'group.notice.delete'

export const groupEvolution: Pick<Evolution, Kinds> = {
  'group.remark': (state, { groupId, userId, remark }) => void (memberOf(state, groupId, userId).remark = remark),
  'group.sign': (state, { groupId, userId, time }) => void (memberOf(state, groupId, userId).signTime = time),
  'group.avatar': (state, { groupId, avatar }) => void (groupOf(state, groupId).avatar = avatar),
  'group.joinOption': (state, { groupId, option }) => {
    const group = groupOf(state, groupId)
    group.joinOption = option
    group.settings.autoApprove = option.type === 1
  },
  'group.robotOption': (state, { groupId, option }) => void (groupOf(state, groupId).robotOption = option),
  'group.search': (state, { groupId, search }) => void (groupOf(state, groupId).search = search),
  'group.honor': (state, { groupId, userId, honor, holder }) => {
    const { honors } = groupOf(state, groupId)
    const others = (honors.get(honor) ?? []).filter((one) => one.userId !== userId)
    honors.set(honor, holder ? [holder, ...others] : others)
  },
  'group.notice.publish': (state, { groupId, notice }) =>
    void groupOf(state, groupId).notices.set(notice.id, { ...notice, readBy: new Set(), confirmedBy: new Set() }),
  'group.notice.read': (state, { groupId, id, userId, confirmed }) => {
    const notice = groupOf(state, groupId).notices.get(id)
    notice?.readBy.add(userId)
    if (confirmed) notice?.confirmedBy.add(userId)
  },
  'group.notice.delete': (state, { groupId, id }) => void groupOf(state, groupId).notices.delete(id),
}
