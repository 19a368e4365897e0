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
    onebot11: {
      names: ['forward_group_single_msg', 'forward_friend_single_msg'],
      fidelity: 'lossy',
      reason: 'only NapCat and LuckyLilliaBot have it; elsewhere the stored content is sent anew',
    },
    mirai: {
      names: ['messageFromId', 'sendGroupMessage', 'sendFriendMessage'],
      fidelity: 'lossy',
      reason: 'sent anew from the stored content',
    },
  },
  'message.markRead': {
    onebot11: {
      names: ['mark_group_msg_as_read', 'mark_private_msg_as_read', '_mark_all_as_read'],
      fidelity: 'lossy',
      reason: 'only NapCat marks whole conversations',
    },
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
  'message.recent': {
    onebot11: {
      names: ['get_recent_contact'],
      fidelity: 'lossy',
      reason: 'conversations whose last message cannot be loaded are left out',
    },
    mirai: { names: [], fidelity: 'lossy', reason: 'from the messages that the bridge saw' },
  },
  'message.react': {
    onebot11: { names: ['set_msg_emoji_like', 'unset_msg_emoji_like', 'set_group_reaction'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has no reactions' },
  },
  'message.reactions': {
    onebot11: { names: ['fetch_emoji_like'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has no reactions' },
  },
  'typing.set': {
    onebot11: { names: ['set_input_status'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'media.get': {
    onebot11: { names: ['get_image', 'get_record', 'get_file'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'lossy', reason: 'addresses that the bridge saw, never expired ones made new' },
  },
  'bot.profile.set': {
    onebot11: { names: ['set_qq_profile', 'set_self_longnick'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'account settings are not in mah' },
  },
  'bot.avatar.set': {
    onebot11: { names: ['set_qq_avatar'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'account settings are not in mah' },
  },
  'bot.status.set': {
    onebot11: { names: ['set_online_status', 'set_diy_online_status'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'account settings are not in mah' },
  },
  'bot.model.get': {
    onebot11: { names: ['_get_model_show'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'account settings are not in mah' },
  },
  'bot.model.set': {
    onebot11: { names: ['_set_model_show'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'account settings are not in mah' },
  },
  'bot.clients': {
    onebot11: { names: ['get_online_clients'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'lossy', reason: 'only clients whose coming and going was seen' },
  },
  'bot.exit': {
    onebot11: { names: ['bot_exit'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah can neither log in nor log out' },
  },
  'user.status': {
    onebot11: { names: ['nc_get_user_status'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'user.like': {
    onebot11: { names: ['send_like'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'user.like.list': {
    onebot11: { names: ['get_profile_like', 'get_profile_like_me'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'friend.remark.set': {
    onebot11: { names: ['set_friend_remark'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'friend.unidirectional': {
    onebot11: { names: ['get_unidirectional_friend_list'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'request.filtered': {
    onebot11: {
      names: ['get_doubt_friends_add_request', 'get_group_ignored_notifies', 'get_group_ignore_add_request'],
      fidelity: 'lossy',
      reason: 'times of requests about groups are not reported',
    },
    mirai: { names: [], fidelity: 'refused', reason: 'mah does not show filtered requests' },
  },
  'request.group.list': {
    onebot11: { names: ['get_group_system_msg'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'lossy', reason: 'requests that the bridge saw' },
  },
  'favourite.add': {
    onebot11: { names: ['create_collection'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'favourite.list': {
    onebot11: { names: ['get_collection_list'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'customFace.list': {
    onebot11: { names: ['fetch_custom_face'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.remark.set': {
    onebot11: { names: ['set_group_remark'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.avatar.set': {
    onebot11: { names: ['set_group_portrait'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.sign': {
    onebot11: { names: ['send_group_sign'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.joinOption.set': {
    onebot11: { names: ['set_group_add_option'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.robotOption.set': {
    onebot11: { names: ['set_group_robot_add_option'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.search.set': {
    onebot11: { names: ['set_group_search'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'group.atAll.remain': {
    onebot11: { names: ['get_group_at_all_remain'], fidelity: 'exact' },
    mirai: {
      names: ['memberInfo'],
      fidelity: 'lossy',
      reason: 'whether it is allowed follows from the rank, the counts are not reported',
    },
  },
  'group.essence.list': {
    onebot11: { names: ['get_essence_msg_list'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah cannot list essence messages' },
  },
  'group.notice.list': {
    onebot11: { names: ['_get_group_notice'], fidelity: 'lossy', reason: 'whether all have confirmed is not reported' },
    mirai: { names: ['anno_list'], fidelity: 'lossy', reason: 'pictures are not reported' },
  },
  'group.notice.publish': {
    onebot11: { names: ['_send_group_notice'], fidelity: 'lossy', reason: 'sending to new members cannot be chosen' },
    mirai: { names: ['anno_publish'], fidelity: 'exact' },
  },
  'group.notice.delete': {
    onebot11: { names: ['_del_group_notice', '_delete_group_notice'], fidelity: 'exact' },
    mirai: { names: ['anno_delete'], fidelity: 'exact' },
  },
  'group.honor.get': {
    onebot11: { names: ['get_group_honor_info'], fidelity: 'exact' },
    mirai: { names: ['memberInfo'], fidelity: 'refused', reason: 'mah tells honours of one member at a time' },
  },
  'file.list': {
    onebot11: {
      names: ['get_group_root_files', 'get_group_files_by_folder'],
      fidelity: 'lossy',
      reason: 'hashes are not reported',
    },
    mirai: { names: ['file_list'], fidelity: 'exact' },
  },
  'file.get': {
    onebot11: {
      names: ['get_group_root_files', 'get_group_files_by_folder'],
      fidelity: 'lossy',
      reason: 'found by looking through the folders; hashes are not reported',
    },
    mirai: { names: ['file_info'], fidelity: 'exact' },
  },
  'file.upload': {
    onebot11: { names: ['upload_group_file', 'upload_private_file'], fidelity: 'exact' },
    mirai: { names: ['file_upload'], fidelity: 'lossy', reason: 'group files only' },
  },
  'file.delete': {
    onebot11: { names: ['delete_group_file'], fidelity: 'exact' },
    mirai: { names: ['file_delete'], fidelity: 'exact' },
  },
  'file.move': {
    onebot11: { names: ['move_group_file'], fidelity: 'exact' },
    mirai: { names: ['file_move'], fidelity: 'exact' },
  },
  'file.rename': {
    onebot11: { names: ['rename_group_file'], fidelity: 'exact' },
    mirai: { names: ['file_rename'], fidelity: 'exact' },
  },
  'file.keep': {
    onebot11: { names: ['trans_group_file', 'set_group_file_forever'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah has nothing like it' },
  },
  'file.url': {
    onebot11: { names: ['get_group_file_url', 'get_private_file_url'], fidelity: 'exact' },
    mirai: { names: ['file_info'], fidelity: 'lossy', reason: 'group files only' },
  },
  'file.folder.create': {
    onebot11: { names: ['create_group_file_folder'], fidelity: 'exact' },
    mirai: { names: ['file_mkdir'], fidelity: 'exact' },
  },
  'file.folder.delete': {
    onebot11: { names: ['delete_group_folder', 'delete_group_file_folder'], fidelity: 'exact' },
    mirai: { names: [], fidelity: 'refused', reason: 'mah deletes files only' },
  },
  'file.space': {
    onebot11: { names: ['get_group_file_system_info'], fidelity: 'exact' },
    mirai: { names: ['file_list'], fidelity: 'lossy', reason: 'counted in the root folder; limits are not reported' },
  },
  'server.ask': {
    onebot11: {
      names: [
        'ArkSharePeer',
        'ArkShareGroup',
        'get_mini_app_ark',
        'send_group_ai_record',
        'get_group_info_ex',
        'get_clientkey',
        'get_cookies',
        'get_csrf_token',
        'get_credentials',
        'get_rkey',
        'get_rkey_server',
        'ocr_image',
        'translate_en2zh',
        'get_ai_characters',
        'get_ai_record',
        'click_inline_keyboard_button',
        'get_robot_uin_range',
        'send_packet',
        'nc_get_packet_status',
        'check_url_safely',
        'get_guild_list',
        'get_guild_service_profile',
      ],
      fidelity: 'exact',
    },
    mirai: { names: [], fidelity: 'refused', reason: "only Tencent's servers can do this" },
  },
  raw: {
    onebot11: { names: ['(any)'], fidelity: 'exact', reason: 'passed through from OneBot clients only' },
    mirai: { names: ['(any)'], fidelity: 'exact', reason: 'passed through from mah clients only' },
  },
} as const satisfies Record<ActionName, { onebot11: Cell; mirai: Cell }>
