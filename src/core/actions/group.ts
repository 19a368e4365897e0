// Groups, their members, announcements and honours.
import * as v from 'valibot'
import { Group, GroupConfig, Member } from '../contact.ts'
import { MessageId, UserId } from '../ids.ts'
import { Segment } from '../segment.ts'
import { define, flag, fresh, inGroup, none, ofMember, source } from './define.ts'

const Notice = v.object({
  id: v.string(),
  senderId: UserId,
  time: v.number(),
  text: v.string(),
  images: v.array(v.object({ id: v.string(), width: v.number(), height: v.number() })),
  readCount: v.number(),
  allConfirmed: v.boolean(),
})

const HonorHolder = v.object({
  userId: UserId,
  nickname: v.string(),
  avatar: v.string(),
  description: v.string(),
  dayCount: v.optional(v.number()),
})

export const groupActions = {
  'group.list': define(v.object(fresh), v.array(Group)),
  'group.get': define(v.object({ ...inGroup, ...fresh }), Group),
  'group.leave': define(v.object({ ...inGroup, dismiss: flag }), none),
  'group.muteAll': define(v.object({ ...inGroup, on: v.boolean() }), none),
  'group.config.get': define(v.object(inGroup), GroupConfig),
  /** Only the keys that are given change. */
  'group.config.set': define(v.object({ ...inGroup, ...v.partial(GroupConfig).entries }), none),
  'group.remark.set': define(v.object({ ...inGroup, remark: v.string() }), none),
  'group.avatar.set': define(v.object({ ...inGroup, ...source }), none),
  /** 打卡 */
  'group.sign': define(v.object(inGroup), none),
  /** How people may join. type: 1 nobody is asked, 2 asked, 3 nobody may, 4 by answer, 5 answer and asked. */
  'group.joinOption.set': define(
    v.object({ ...inGroup, type: v.number(), question: v.optional(v.string()), answer: v.optional(v.string()) }),
    none,
  ),
  'group.robotOption.set': define(
    v.object({ ...inGroup, memberSwitch: v.optional(v.number()), memberExamine: v.optional(v.number()) }),
    none,
  ),
  /** Whether others find the group by its number and by search. */
  'group.search.set': define(v.object({ ...inGroup, byNumber: flag, byFinger: flag }), none),
  /** @全体成员: left today for the group and for the bot. */
  'group.atAll.remain': define(
    v.object(inGroup),
    v.object({ allowed: v.boolean(), forGroup: v.number(), forBot: v.number() }),
  ),

  /** The bot itself included. */
  'group.member.list': define(v.object({ ...inGroup, ...fresh }), v.array(Member)),
  'group.member.get': define(v.object({ ...ofMember, ...fresh }), Member),
  'group.member.kick': define(v.object({ ...ofMember, block: flag, message: v.optional(v.string()) }), none),
  /** 0 lifts the mute. */
  'group.member.mute': define(v.object({ ...ofMember, durationSeconds: v.number() }), none),
  'group.member.admin': define(v.object({ ...ofMember, on: v.boolean() }), none),
  'group.member.card': define(v.object({ ...ofMember, card: v.string() }), none),
  /** durationSeconds absent or negative: for ever. */
  'group.member.title': define(
    v.object({ ...ofMember, title: v.string(), durationSeconds: v.optional(v.number()) }),
    none,
  ),

  'group.essence.set': define(v.object({ messageId: MessageId, on: v.boolean() }), none),
  'group.essence.list': define(
    v.object(inGroup),
    v.array(
      v.object({
        messageId: MessageId,
        senderId: UserId,
        senderName: v.string(),
        senderTime: v.number(),
        operatorId: UserId,
        operatorName: v.string(),
        operatorTime: v.number(),
        segments: v.array(Segment),
      }),
    ),
  ),

  /** Announcements (群公告), the newest first. */
  'group.notice.list': define(v.object(inGroup), v.array(Notice)),
  'group.notice.publish': define(
    v.object({
      ...inGroup,
      text: v.string(),
      image: v.optional(v.object(source)),
      pinned: flag,
      confirmRequired: flag,
      showEditCard: flag,
      showPopup: flag,
      sendToNewMember: flag,
    }),
    Notice,
  ),
  'group.notice.delete': define(v.object({ ...inGroup, id: v.string() }), none),

  /** OneBot's words: talkative, performer, legend, strong_newbie, emotion. */
  'group.honor.get': define(
    v.object({ ...inGroup, kind: v.optional(v.string()) }),
    v.object({ currentTalkative: v.optional(HonorHolder), lists: v.record(v.string(), v.array(HonorHolder)) }),
  ),
}
