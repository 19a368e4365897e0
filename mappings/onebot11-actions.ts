// Every OneBot 11 action name that any implementation knows: what it means, or that it is passed through.
// Names, members and defaults: the standard, go-cqhttp, NapCat, LuckyLilliaBot, Lagrange.OneBot. Where defaults differ, the
// standard's (set_group_ban 1800 s, set_group_admin true). The first row of a canonical action is the one asked of backends.
import type { ActionName } from '../src/core/action.ts'
import type { FieldRow } from '../src/core/fields.ts'

export interface OneBot11ActionRow {
  /** Canonical action. Absent: passed through to OneBot backends as it is, refused by all others. */
  to?: ActionName
  params?: readonly FieldRow[]
  /** Parameters that the name itself says. */
  fixed?: Readonly<Record<string, boolean>>
  /** Reader in dialect/onebot11, where rows cannot say it. */
  special?: OneBot11Special
  /** Printer of the answer's data in dialect/onebot11. Absent: null. */
  result?: OneBot11Result
  /** Passed through, with a bridge message id in `message_id`. */
  messageId?: true
  /** Answered by the bridge itself. */
  local?: true
}

export type OneBot11Special =
  | 'send'
  | 'sendGroup'
  | 'sendPrivate'
  | 'forward'
  | 'forwardGroup'
  | 'forwardPrivate'
  | 'historyGroup'
  | 'historyFriend'
  | 'repeatGroup'
  | 'repeatFriend'
  | 'markRead'
  | 'poke'
  | 'answerFriend'
  | 'answerGroup'
  | 'kickMany'

export type OneBot11Result =
  | 'sent'
  | 'forwardSent'
  | 'message'
  | 'forward'
  | 'history'
  | 'login'
  | 'stranger'
  | 'friends'
  | 'categories'
  | 'callResult'
  | 'group'
  | 'groups'
  | 'member'
  | 'members'
  | 'essence'

export const onebot11Actions = {
  send_msg: { to: 'message.send', special: 'send', result: 'sent' },
  send_group_msg: { to: 'message.send', special: 'sendGroup', result: 'sent' },
  send_private_msg: { to: 'message.send', special: 'sendPrivate', result: 'sent' },
  send_forward_msg: { to: 'message.send', special: 'forward', result: 'forwardSent' },
  send_group_forward_msg: { to: 'message.send', special: 'forwardGroup', result: 'forwardSent' },
  send_private_forward_msg: { to: 'message.send', special: 'forwardPrivate', result: 'forwardSent' },
  delete_msg: { to: 'message.recall', params: [['message_id', 'messageId', 'messageId!']] },
  get_msg: { to: 'message.get', params: [['message_id', 'messageId', 'messageId!']], result: 'message' },
  get_forward_msg: { to: 'message.forward.get', params: [['id|message_id', 'id', 'text!']], result: 'forward' },
  get_group_msg_history: { to: 'message.history', special: 'historyGroup', result: 'history' },
  get_friend_msg_history: { to: 'message.history', special: 'historyFriend', result: 'history' },
  forward_group_single_msg: { to: 'message.repeat', special: 'repeatGroup' },
  forward_friend_single_msg: { to: 'message.repeat', special: 'repeatFriend' },
  mark_group_msg_as_read: { to: 'message.markRead', special: 'markRead' },
  mark_private_msg_as_read: { to: 'message.markRead', special: 'markRead' },
  mark_msg_as_read: { to: 'message.markRead', special: 'markRead' },
  _mark_all_as_read: { to: 'message.markRead' },
  group_poke: { to: 'nudge.send', special: 'poke' },
  friend_poke: { to: 'nudge.send', special: 'poke' },
  send_poke: { to: 'nudge.send', special: 'poke' },
  get_login_info: { to: 'bot.info', result: 'login' },
  get_stranger_info: {
    to: 'user.profile',
    params: [
      ['user_id', 'userId', 'account!'],
      ['no_cache', 'fresh', 'bool'],
    ],
    result: 'stranger',
  },
  get_friend_list: { to: 'friend.list', params: [['no_cache', 'fresh', 'bool']], result: 'friends' },
  get_friends_with_category: { to: 'friend.list', result: 'categories' },
  delete_friend: {
    to: 'friend.delete',
    params: [['user_id|friend_id|id', 'userId', 'account!']],
    result: 'callResult',
  },
  set_friend_add_request: { to: 'request.friend.answer', special: 'answerFriend' },
  set_group_add_request: { to: 'request.group.answer', special: 'answerGroup' },
  get_group_list: { to: 'group.list', params: [['no_cache', 'fresh', 'bool']], result: 'groups' },
  get_group_info: {
    to: 'group.get',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['no_cache', 'fresh', 'bool'],
    ],
    result: 'group',
  },
  get_group_detail_info: { to: 'group.get', params: [['group_id', 'groupId', 'account!']], result: 'group' },
  set_group_leave: {
    to: 'group.leave',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['is_dismiss', 'dismiss', 'bool'],
    ],
  },
  set_group_whole_ban: {
    to: 'group.muteAll',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['enable', 'on', 'bool', true],
    ],
  },
  set_group_name: {
    to: 'group.config.set',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['group_name|name', 'name', 'text!'],
    ],
  },
  get_group_member_list: {
    to: 'group.member.list',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['no_cache', 'fresh', 'bool'],
    ],
    result: 'members',
  },
  get_group_member_info: {
    to: 'group.member.get',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['no_cache', 'fresh', 'bool'],
    ],
    result: 'member',
  },
  set_group_kick: {
    to: 'group.member.kick',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['reject_add_request', 'block', 'bool'],
      ['message', 'message', 'text'],
    ],
  },
  set_group_kick_members: { to: 'group.member.kick', special: 'kickMany' },
  batch_delete_group_member: { to: 'group.member.kick', special: 'kickMany' },
  set_group_ban: {
    to: 'group.member.mute',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['duration', 'durationSeconds', 'int', 1800],
    ],
  },
  set_group_admin: {
    to: 'group.member.admin',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['enable', 'on', 'bool', true],
    ],
  },
  set_group_card: {
    to: 'group.member.card',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['card', 'card', 'text', ''],
    ],
  },
  set_group_special_title: {
    to: 'group.member.title',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['user_id', 'userId', 'account!'],
      ['special_title|title', 'title', 'text', ''],
      ['duration', 'durationSeconds', 'int'],
    ],
  },
  set_essence_msg: {
    to: 'group.essence.set',
    params: [['message_id', 'messageId', 'messageId!']],
    fixed: { on: true },
    result: 'essence',
  },
  delete_essence_msg: {
    to: 'group.essence.set',
    params: [['message_id', 'messageId', 'messageId!']],
    fixed: { on: false },
    result: 'essence',
  },
  get_status: { local: true },
  get_version_info: { local: true },
  can_send_image: { local: true },
  can_send_record: { local: true },
  '.handle_quick_operation': { local: true },
  get_supported_actions: { local: true },
  get_guild_service_profile: { local: true },

  set_qq_profile: {},
  get_doubt_friends_add_request: {},
  ArkSharePeer: {},
  set_doubt_friends_add_request: {},
  get_online_clients: {},
  ArkShareGroup: {},
  set_online_status: {},
  set_qq_avatar: {},
  send_like: {},
  create_collection: {},
  set_self_longnick: {},
  get_recent_contact: {},
  get_profile_like: {},
  fetch_custom_face: {},
  _get_model_show: {},
  _set_model_show: {},
  nc_get_user_status: {},
  get_mini_app_ark: {},
  get_unidirectional_friend_list: {},
  set_diy_online_status: {},
  set_friend_remark: {},
  set_msg_emoji_like: { messageId: true },
  fetch_emoji_like: { messageId: true },
  get_record: {},
  get_image: {},
  send_group_ai_record: {},
  set_group_search: {},
  set_group_add_option: {},
  set_group_robot_add_option: {},
  set_group_remark: {},
  get_group_system_msg: {},
  get_essence_msg_list: {},
  set_group_portrait: {},
  _send_group_notice: {},
  _get_group_notice: {},
  _del_group_notice: {},
  get_group_honor_info: {},
  get_group_info_ex: {},
  get_group_at_all_remain: {},
  get_group_shut_list: {},
  get_group_ignored_notifies: {},
  set_group_sign: {},
  send_group_sign: {},
  move_group_file: {},
  trans_group_file: {},
  rename_group_file: {},
  get_file: {},
  upload_group_file: {},
  create_group_file_folder: {},
  delete_group_file: {},
  delete_group_folder: {},
  upload_private_file: {},
  get_group_file_system_info: {},
  download_file: {},
  get_group_root_files: {},
  get_group_files_by_folder: {},
  get_group_file_url: {},
  get_private_file_url: {},
  clean_cache: {},
  get_clientkey: {},
  get_cookies: {},
  get_csrf_token: {},
  get_credentials: {},
  nc_get_rkey: {},
  get_rkey: {},
  get_rkey_server: {},
  ocr_image: {},
  '.ocr_image': {},
  translate_en2zh: {},
  set_input_status: {},
  get_ai_characters: {},
  click_inline_keyboard_button: {},
  get_ai_record: {},
  get_robot_uin_range: {},
  bot_exit: {},
  send_packet: {},
  nc_get_packet_status: {},
  unknown: {},
  get_guild_list: {},
  check_url_safely: {},
  get_collection_list: {},
  get_group_ignore_add_request: {},
  set_group_anonymous_ban: {},
  set_group_anonymous: {},
  set_restart: {},
  '.get_word_slices': {},
  create_guild_role: {},
  delete_guild_role: {},
  delete_unidirectional_friend: {},
  get_guild_channel_list: {},
  get_guild_member_list: {},
  get_guild_member_profile: {},
  get_guild_meta_by_guest: {},
  get_guild_msg: {},
  get_guild_roles: {},
  get_topic_channel_feeds: {},
  qidian_get_account_info: {},
  reload_event_filter: {},
  send_guild_channel_msg: {},
  set_guild_member_role: {},
  update_guild_role: {},
  get_updates: {},
  clean_stream_temp_file: {},
  download_file_stream: {},
  download_file_record_stream: {},
  download_file_image_stream: {},
  test_download_stream: {},
  upload_file_stream: {},
  del_group_album_media: {},
  set_group_album_media_like: {},
  cancel_group_album_media_like: {},
  do_group_album_comment: {},
  get_group_album_media_list: {},
  get_qun_album_list: {},
  upload_image_to_qun_album: {},
  set_group_todo: { messageId: true },
  complete_group_todo: { messageId: true },
  cancel_group_todo: { messageId: true },
  get_emoji_likes: { messageId: true },
  fetch_ptt_text: { messageId: true },
  send_group_ark_share: {},
  send_ark_share: {},
  get_group_signed_list: {},
  send_qzone_msg: {},
  delete_qzone_msg: {},
  set_group_member_invite_policy: {},
  set_group_member_permissions: {},
  set_group_new_member_history_visibility: {},
  fetch_custom_face_detail: {},
  add_custom_face: {},
  delete_custom_face: {},
  set_custom_face_desc: {},
  create_flash_task: {},
  get_flash_file_list: {},
  get_flash_file_url: {},
  send_flash_msg: {},
  get_share_link: {},
  get_fileset_info: {},
  get_online_file_msg: {},
  send_online_file: {},
  send_online_folder: {},
  receive_online_file: {},
  refuse_online_file: {},
  cancel_online_file: {},
  download_fileset: {},
  get_fileset_id: {},
  scan_qrcode: {},
  get_group_album_list: {},
  create_group_album: {},
  delete_group_album: {},
  upload_group_album: {},
  get_flash_file_info: {},
  download_flash_file: {},
  get_flash_file_download_urls: {},
  upload_flash_file: {},
  reshare_flash_file: {},
  send_pb: {},
  voice_msg_to_text: { messageId: true },
  get_qq_avatar: {},
  get_config: {},
  set_config: {},
  llonebot_debug: {},
  get_event: {},
  get_profile_like_me: {},
  unset_msg_emoji_like: { messageId: true },
  set_friend_category: {},
  set_group_msg_mask: {},
  set_group_file_forever: {},
  rename_group_file_folder: {},
  get_recommend_face: {},
  _delete_group_notice: {},
  get_profile_like_count: {},
  set_group_bot_status: {},
  set_group_reaction: { messageId: true },
  send_group_bot_callback: {},
  delete_group_file_folder: {},
  get_music_ark: {},
  upload_image: {},
  '.join_friend_emoji_chain': { messageId: true },
  '.send_packet': {},
  fetch_mface_key: {},
  '.join_group_emoji_chain': { messageId: true },
  get_group_requests: {},
  _get_vip_info: {},
} as const satisfies Record<string, OneBot11ActionRow>

/** Any action name may carry one of these; it is run normally and its real result comes back, as NapCat does. */
export const onebot11Suffixes = ['_async', '_rate_limited'] as const
