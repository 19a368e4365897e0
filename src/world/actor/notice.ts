// Acts on the card of a group: announcements, avatar, ways to join, honours.
import type { GroupId, UserId } from '../../core/ids.ts'
import type { ImageSource } from '../decide/account.ts'
import * as notices from '../decide/notice.ts'
import type { Stage } from './stage.ts'

export interface NoticeActs {
  /** Returns the id of the announcement. */
  publishNotice(groupId: number, notice: notices.Publishing): string
  readNotice(groupId: number, id: string, options?: { confirm?: boolean | undefined }): void
  deleteNotice(groupId: number, id: string): void
  setGroupAvatar(groupId: number, image: ImageSource): void
  /** type: 1 nobody is asked, 2 asked, 3 nobody may, 4 by answer, 5 answer and asked. */
  setJoinOption(groupId: number, option: Parameters<typeof notices.setJoinOption>[3]): void
  setRobotOption(groupId: number, option: Parameters<typeof notices.setRobotOption>[3]): void
  setSearch(groupId: number, search: Parameters<typeof notices.setSearch>[3]): void
  /** What this account calls the group. */
  setGroupRemark(groupId: number, remark: string): void
  /** 打卡, once a day. */
  sign(groupId: number): void
  /** The server gives or takes an honour of this account. */
  setHonor(groupId: number, honor: notices.Honoring): void
}

export function noticeActs(stage: Stage, operatorId: UserId): NoticeActs {
  const { env, commit } = stage
  const on = (groupId: number) => ({ operatorId, groupId: groupId as GroupId })
  return {
    publishNotice: (groupId, notice) => {
      const happenings = notices.publishNotice(stage.state, env, on(groupId), notice)
      commit(happenings)
      return happenings[0].notice.id
    },
    readNotice: (groupId, id, options) =>
      commit(notices.readNotice(stage.state, env, on(groupId), { id, confirm: options?.confirm ?? false })),
    deleteNotice: (groupId, id) => commit(notices.deleteNotice(stage.state, env, on(groupId), id)),
    setGroupAvatar: (groupId, image) => commit(notices.setGroupAvatar(stage.state, env, on(groupId), image)),
    setJoinOption: (groupId, option) => commit(notices.setJoinOption(stage.state, env, on(groupId), option)),
    setRobotOption: (groupId, option) => commit(notices.setRobotOption(stage.state, env, on(groupId), option)),
    setSearch: (groupId, search) => commit(notices.setSearch(stage.state, env, on(groupId), search)),
    setGroupRemark: (groupId, remark) => commit(notices.setGroupRemark(stage.state, env, on(groupId), remark)),
    sign: (groupId) => commit(notices.sign(stage.state, env, on(groupId))),
    setHonor: (groupId, honor) =>
      commit(notices.setHonor(stage.state, env, { groupId: groupId as GroupId, userId: operatorId }, honor)),
  }
}
