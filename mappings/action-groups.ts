// Names for actions that a route allows or forbids together: canonical actions and families of them, OneBot actions.

export const actionGroups = {
  /** What opens the account to whoever holds it. */
  credentials: ['get_cookies', 'get_csrf_token', 'get_credentials', 'get_clientkey', 'get_rkey', 'get_rkey_server'],
  /** Bytes for Tencent's servers as the client wrote them: with these everything else can be done as well. */
  packets: ['send_packet', '.send_packet', 'send_pb', 'llonebot_debug'],
  /** Ties that are cut. */
  leave: ['group.leave', 'friend.delete', 'delete_unidirectional_friend'],
  /** Power over groups and their members. */
  admin: [
    ...['group.member.kick', 'group.member.mute', 'group.member.admin', 'group.member.card', 'group.member.title'],
    ...['group.muteAll', 'group.config.set', 'group.avatar.set', 'group.joinOption.set', 'group.robotOption.set'],
    ...['group.search.set', 'group.essence.set', 'group.notice.publish', 'group.notice.delete'],
    ...['set_group_anonymous', 'set_group_anonymous_ban', 'set_group_member_invite_policy', 'set_group_bot_status'],
    ...['set_group_member_permissions', 'set_group_new_member_history_visibility'],
  ],
  /** Files of groups and of people. */
  files: [
    ...['file', 'rename_group_file_folder', 'upload_file_stream', 'download_file_stream', 'send_online_file'],
    ...['send_online_folder', 'receive_online_file', 'refuse_online_file', 'cancel_online_file', 'create_flash_task'],
    ...['send_flash_msg', 'upload_flash_file', 'download_flash_file', 'reshare_flash_file', 'download_fileset'],
  ],
  /** Answers to who wants in. */
  requests: ['request.friend.answer', 'request.group.answer'],
  /** The account itself: its profile, its state, the process that runs it. */
  account: [
    ...['bot.profile.set', 'bot.avatar.set', 'bot.status.set', 'bot.model.set', 'bot.exit'],
    ...['set_restart', 'set_config', 'get_config', 'scan_qrcode', 'reload_event_filter', 'clean_cache'],
  ],
  /** What others see in their conversations. */
  send: [
    ...['message.send', 'message.repeat', 'nudge.send', 'message.react', 'file.upload', 'send_group_ai_record'],
    ...['send_guild_channel_msg', 'send_qzone_msg', 'send_flash_msg', 'send_online_file', 'send_online_folder'],
    ...['.join_friend_emoji_chain', '.join_group_emoji_chain'],
  ],
} as const satisfies Record<string, readonly string[]>
