// Canonical actions: by which OneBot actions and mah commands a client asks for them, and how well each kind of backend does them.
import type { ActionName } from '../src/core/action.ts'
import type { Fidelity } from '../src/core/fidelity.ts'

interface Cell {
  /** Actions or commands by which the bridge asks a backend of this dialect for it. */
  names: readonly string[]
  fidelity: Fidelity
  reason?: string
}

export const actionTable = {
  'message.send': {
    onebot11: {
      names: ['send_group_msg', 'send_private_msg', 'send_group_forward_msg', 'send_private_forward_msg'],
      fidelity: 'exact',
    },
    mirai: { names: ['sendGroupMessage', 'sendFriendMessage', 'sendTempMessage'], fidelity: 'exact' },
  },
  'message.recall': {
    onebot11: { names: ['delete_msg'], fidelity: 'exact' },
    mirai: { names: ['recall'], fidelity: 'exact' },
  },
  'message.get': {
    onebot11: { names: ['get_msg'], fidelity: 'exact' },
    mirai: { names: ['messageFromId'], fidelity: 'exact' },
  },
  'message.history': {
    onebot11: {
      names: ['get_group_msg_history', 'get_friend_msg_history'],
      fidelity: 'lossy',
      reason: 'by count, not by time: paged until the time is reached',
    },
    mirai: {
      names: ['roamingMessages'],
      fidelity: 'lossy',
      reason: 'by time, not by count: the window grows until the count is reached',
    },
  },
  'message.forward.get': {
    onebot11: { names: ['get_forward_msg'], fidelity: 'exact' },
    mirai: {
      names: ['messageFromId'],
      fidelity: 'lossy',
      reason: 'only forwards inside messages that mah still caches',
    },
  },
  'message.repeat': {
    onebot11: { names: ['forward_group_single_msg', 'forward_friend_single_msg'], fidelity: 'exact' },
    mirai: {
      names: ['messageFromId', 'sendGroupMessage', 'sendFriendMessage'],
      fidelity: 'lossy',
      reason: 'sent anew from the stored content',
    },
  },
  'message.markRead': {
    onebot11: { names: ['mark_group_msg_as_read', 'mark_private_msg_as_read', '_mark_all_as_read'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'exact', reason: 'mirai marks messages as read by itself' },
  },
  'nudge.send': {
    onebot11: { names: ['group_poke', 'friend_poke'], fidelity: 'exact' },
    mirai: { names: ['sendNudge'], fidelity: 'exact' },
  },
  'bot.info': {
    onebot11: { names: ['get_login_info', 'get_stranger_info'], fidelity: 'exact' },
    mirai: { names: ['botProfile'], fidelity: 'exact' },
  },
  'user.profile': {
    onebot11: { names: ['get_stranger_info'], fidelity: 'lossy', reason: 'the e-mail address is not reported' },
    mirai: { names: ['userProfile'], fidelity: 'exact' },
  },
  'friend.list': {
    onebot11: { names: ['get_friend_list'], fidelity: 'exact' },
    mirai: { names: ['friendList'], fidelity: 'exact' },
  },
  'friend.delete': {
    onebot11: { names: ['delete_friend'], fidelity: 'exact' },
    mirai: { names: ['deleteFriend'], fidelity: 'exact' },
  },
  'request.friend.answer': {
    onebot11: { names: ['set_friend_add_request'], fidelity: 'lossy', reason: 'blocking the asker is not possible' },
    mirai: { names: ['resp_newFriendRequestEvent'], fidelity: 'lossy', reason: 'the remark is lost' },
  },
  'request.group.answer': {
    onebot11: { names: ['set_group_add_request'], fidelity: 'lossy', reason: 'blocking the asker is not possible' },
    mirai: { names: ['resp_memberJoinRequestEvent', 'resp_botInvitedJoinGroupRequestEvent'], fidelity: 'exact' },
  },
  'group.list': {
    onebot11: { names: ['get_group_list'], fidelity: 'exact' },
    mirai: { names: ['groupList'], fidelity: 'lossy', reason: 'member counts are not reported' },
  },
  'group.get': {
    onebot11: { names: ['get_group_info'], fidelity: 'exact' },
    mirai: {
      names: ['groupList', 'groupConfig', 'memberList'],
      fidelity: 'lossy',
      reason: 'the largest number of members is not reported',
    },
  },
  'group.leave': {
    onebot11: { names: ['set_group_leave'], fidelity: 'exact' },
    mirai: { names: ['quit'], fidelity: 'lossy', reason: 'a group cannot be dissolved' },
  },
  'group.muteAll': {
    onebot11: { names: ['set_group_whole_ban'], fidelity: 'exact' },
    mirai: { names: ['muteAll', 'unmuteAll'], fidelity: 'exact' },
  },
  'group.config.get': {
    onebot11: { names: ['get_group_info'], fidelity: 'lossy', reason: 'only name and whole-group mute are reported' },
    mirai: { names: ['groupConfig'], fidelity: 'exact' },
  },
  'group.config.set': {
    onebot11: {
      names: ['set_group_name', 'set_group_whole_ban'],
      fidelity: 'lossy',
      reason: 'only name and whole-group mute can be set',
    },
    mirai: {
      names: ['groupConfig', 'muteAll', 'unmuteAll'],
      fidelity: 'lossy',
      reason: 'only name, member invitations and whole-group mute can be set',
    },
  },
  'group.member.list': {
    onebot11: { names: ['get_group_member_list'], fidelity: 'exact' },
    mirai: {
      names: ['memberList', 'latestMemberList', 'memberInfo'],
      fidelity: 'lossy',
      reason: 'nickname and card are one field',
    },
  },
  'group.member.get': {
    onebot11: { names: ['get_group_member_info'], fidelity: 'exact' },
    mirai: { names: ['memberInfo'], fidelity: 'lossy', reason: 'nickname and card are one field' },
  },
  'group.member.kick': {
    onebot11: { names: ['set_group_kick'], fidelity: 'lossy', reason: 'the text is lost' },
    mirai: { names: ['kick'], fidelity: 'exact' },
  },
  'group.member.mute': {
    onebot11: { names: ['set_group_ban'], fidelity: 'exact' },
    mirai: { names: ['mute', 'unmute'], fidelity: 'exact' },
  },
  'group.member.admin': {
    onebot11: { names: ['set_group_admin'], fidelity: 'exact' },
    mirai: { names: ['memberAdmin'], fidelity: 'exact' },
  },
  'group.member.card': {
    onebot11: { names: ['set_group_card'], fidelity: 'exact' },
    mirai: { names: ['memberInfo'], fidelity: 'exact' },
  },
  'group.member.title': {
    onebot11: { names: ['set_group_special_title'], fidelity: 'exact' },
    mirai: { names: ['memberInfo'], fidelity: 'lossy', reason: 'titles last for ever' },
  },
  'group.essence.set': {
    onebot11: { names: ['set_essence_msg', 'delete_essence_msg'], fidelity: 'exact' },
    mirai: { names: ['setEssence'], fidelity: 'lossy', reason: 'an essence message cannot be taken back' },
  },
  raw: {
    onebot11: { names: ['(any)'], fidelity: 'exact', reason: 'passed through from OneBot clients only' },
    mirai: { names: ['(any)'], fidelity: 'exact', reason: 'passed through from mah clients only' },
  },
} as const satisfies Record<ActionName, { onebot11: Cell; mirai: Cell }>
