// Every OneBot 11 action name that any implementation knows: what it means, or that it is passed through.
// Names, members and defaults: the standard, go-cqhttp, NapCat, LuckyLilliaBot, Lagrange.OneBot. Where defaults differ, the
// standard's (set_group_ban 1800 s, set_group_admin true). The first row of a canonical action is the one asked of backends.
import type { ActionName, Params } from '../src/core/action.ts'
import type { Fidelity } from '../src/core/fidelity.ts'
import type { FieldRow } from '../src/core/fields.ts'

export interface OneBot11ActionRow {
  /** Canonical action. Absent: passed through to OneBot backends as it is, refused by all others. */
  to?: ActionName
  params?: readonly FieldRow[]
  /** Parameters that the name itself says. */
  fixed?: Readonly<Record<string, boolean | string>>
  /** Of server.ask: what is asked for. Its parameters keep the wire's names. */
  ask?: Params<'server.ask'>['kind']
  /** The answer when the backend has nothing of the kind: clients ask while they connect and give up on a failure. */
  otherwise?: null | readonly never[]
  /** Reader in dialect/onebot11, where rows cannot say it. */
  special?: OneBot11Special
  /** Printer of the answer's data in dialect/onebot11. Absent: null. */
  result?: OneBot11Result
  /** Passed through, with a bridge message id in `message_id`. */
  messageId?: true
  /** How a mah backend does what this name asks for, where that is not what it makes of the canonical action. */
  mirai?: { fidelity: Fidelity; reason?: string }
  /** Answered in several pieces, the last of which is the answer. */
  pieces?: true
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
  | 'essenceOff'
  | 'answerFriend'
  | 'answerGroup'
  | 'kickMany'
  | 'profile'
  | 'typing'
  | 'botAvatar'
  | 'groupAvatar'
  | 'groupSearch'
  | 'publishNotice'
  | 'honor'
  | 'ocr'
  | 'getImage'
  | 'getVoice'
  | 'getFile'
  | 'groupFileUrl'
  | 'privateFileUrl'
  | 'uploadGroup'
  | 'uploadPrivate'

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
  | 'atAllRemain'
  | 'clients'
  | 'cookies'
  | 'credentials'
  | 'doubtFriends'
  | 'emptyText'
  | 'essences'
  | 'favourites'
  | 'fileDeleted'
  | 'fileInfo'
  | 'fileSpace'
  | 'files'
  | 'filteredJoinList'
  | 'filteredJoins'
  | 'fine'
  | 'folderDeleted'
  | 'folderMade'
  | 'given'
  | 'groupRequests'
  | 'honors'
  | 'likes'
  | 'likesPage'
  | 'list'
  | 'models'
  | 'mutedMembers'
  | 'nothing'
  | 'notices'
  | 'numberedRkeys'
  | 'reactionList'
  | 'reactions'
  | 'recent'
  | 'requestEvents'
  | 'unidirectional'
  | 'uploaded'
  | 'userStatus'

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
    mirai: { fidelity: 'exact' },
  },
  delete_essence_msg: {
    to: 'group.essence.set',
    special: 'essenceOff',
    fixed: { on: false },
    result: 'essence',
    mirai: { fidelity: 'refused', reason: 'an essence message cannot be taken back' },
  },
  get_status: { local: true },
  get_version_info: { local: true },
  can_send_image: { local: true },
  can_send_record: { local: true },
  '.handle_quick_operation': { local: true },
  get_supported_actions: { local: true },
  clean_cache: { local: true },
  download_file: { local: true },
  unknown: { local: true },
  set_qq_profile: { to: 'bot.profile.set', special: 'profile', result: 'callResult' },
  set_self_longnick: { to: 'bot.profile.set', params: [['longNick|long_nick', 'sign', 'text!']], result: 'callResult' },
  get_doubt_friends_add_request: {
    to: 'request.filtered',
    params: [['count', 'count', 'int', 50]],
    fixed: { kind: 'friend' },
    result: 'doubtFriends',
  },
  set_doubt_friends_add_request: {
    to: 'request.friend.answer',
    special: 'answerFriend',
    mirai: { fidelity: 'refused', reason: 'mah does not show filtered requests' },
  },
  ArkSharePeer: {
    to: 'server.ask',
    ask: 'share.peer',
    params: [
      ['group_id', 'group_id', 'account'],
      ['user_id', 'user_id', 'account'],
      ['phone_number|phoneNumber', 'phone_number', 'text', ''],
    ],
    result: 'given',
  },
  send_ark_share: {
    to: 'server.ask',
    ask: 'share.peer',
    params: [
      ['group_id', 'group_id', 'account'],
      ['user_id', 'user_id', 'account'],
      ['phone_number|phoneNumber', 'phone_number', 'text', ''],
    ],
    result: 'given',
  },
  ArkShareGroup: {
    to: 'server.ask',
    ask: 'share.group',
    params: [['group_id', 'group_id', 'account!']],
    result: 'given',
  },
  send_group_ark_share: {
    to: 'server.ask',
    ask: 'share.group',
    params: [['group_id', 'group_id', 'account!']],
    result: 'given',
  },
  get_online_clients: { to: 'bot.clients', result: 'clients' },
  set_online_status: {
    to: 'bot.status.set',
    params: [
      ['status', 'status', 'int!'],
      ['ext_status|extStatus', 'extStatus', 'int', 0],
      ['battery_status|batteryStatus', 'battery', 'int', 0],
    ],
  },
  set_diy_online_status: {
    to: 'bot.status.set',
    params: [
      ['face_id', 'faceId', 'int!'],
      ['face_type', 'faceType', 'int', 1],
      ['wording', 'text', 'text', ' '],
    ],
    result: 'emptyText',
  },
  set_qq_avatar: { to: 'bot.avatar.set', special: 'botAvatar' },
  send_like: {
    to: 'user.like',
    params: [
      ['user_id', 'userId', 'account!'],
      ['times', 'times', 'int', 1],
    ],
  },
  create_collection: {
    to: 'favourite.add',
    params: [
      ['rawData', 'text', 'text!'],
      ['brief', 'brief', 'text', ''],
    ],
    result: 'callResult',
  },
  get_collection_list: {
    to: 'favourite.list',
    params: [
      ['category', 'category', 'int', 0],
      ['count', 'count', 'int', 50],
    ],
    result: 'favourites',
  },
  get_recent_contact: { to: 'message.recent', params: [['count', 'count', 'int', 10]], result: 'recent' },
  get_profile_like: {
    to: 'user.like.list',
    params: [
      ['user_id', 'userId', 'account'],
      ['start', 'start', 'int', 0],
      ['count', 'count', 'int', 10],
    ],
    result: 'likes',
  },
  get_profile_like_me: {
    to: 'user.like.list',
    params: [
      ['start', 'start', 'int', 0],
      ['count', 'count', 'int', 10],
    ],
    result: 'likesPage',
  },
  fetch_custom_face: { to: 'customFace.list', params: [['count', 'count', 'int', 48]], result: 'given' },
  _get_model_show: { to: 'bot.model.get', params: [['model', 'model', 'text']], result: 'models' },
  _set_model_show: {
    to: 'bot.model.set',
    params: [
      ['model', 'model', 'text', ''],
      ['model_show', 'show', 'text'],
    ],
  },
  nc_get_user_status: { to: 'user.status', params: [['user_id', 'userId', 'account!']], result: 'userStatus' },
  get_mini_app_ark: { to: 'server.ask', ask: 'miniApp', result: 'given' },
  get_unidirectional_friend_list: { to: 'friend.unidirectional', result: 'unidirectional' },
  set_friend_remark: {
    to: 'friend.remark.set',
    params: [
      ['user_id', 'userId', 'account!'],
      ['remark', 'remark', 'text!'],
    ],
  },
  set_msg_emoji_like: {
    to: 'message.react',
    params: [
      ['message_id', 'messageId', 'messageId!'],
      ['emoji_id', 'emojiId', 'text!'],
      ['set', 'on', 'bool', true],
    ],
    result: 'callResult',
  },
  unset_msg_emoji_like: {
    to: 'message.react',
    params: [
      ['message_id', 'messageId', 'messageId!'],
      ['emoji_id', 'emojiId', 'text!'],
    ],
    fixed: { on: false },
  },
  set_group_reaction: {
    to: 'message.react',
    params: [
      ['message_id', 'messageId', 'messageId!'],
      ['code', 'emojiId', 'text!'],
      ['is_add', 'on', 'bool', true],
    ],
  },
  fetch_emoji_like: {
    to: 'message.reactions',
    params: [
      ['message_id', 'messageId', 'messageId!'],
      ['emojiId|emoji_id', 'emojiId', 'text!'],
      ['count', 'count', 'int', 20],
    ],
    result: 'reactions',
  },
  get_emoji_likes: {
    to: 'message.reactions',
    params: [
      ['message_id', 'messageId', 'messageId!'],
      ['emoji_id', 'emojiId', 'text!'],
      ['count', 'count', 'int'],
    ],
    result: 'reactionList',
  },
  get_record: { to: 'media.get', special: 'getVoice', result: 'fileInfo' },
  get_image: { to: 'media.get', special: 'getImage', result: 'fileInfo' },
  get_file: { to: 'media.get', special: 'getFile', result: 'fileInfo' },
  send_group_ai_record: {
    to: 'server.ask',
    ask: 'ai.record.send',
    params: [
      ['group_id', 'group_id', 'account!'],
      ['character', 'character', 'text!'],
      ['text', 'text', 'text!'],
    ],
    result: 'given',
  },
  set_group_search: { to: 'group.search.set', special: 'groupSearch' },
  set_group_add_option: {
    to: 'group.joinOption.set',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['add_type', 'type', 'int!'],
      ['group_question', 'question', 'text'],
      ['group_answer', 'answer', 'text'],
    ],
  },
  set_group_robot_add_option: {
    to: 'group.robotOption.set',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['robot_member_switch', 'memberSwitch', 'int'],
      ['robot_member_examine', 'memberExamine', 'int'],
    ],
  },
  set_group_remark: {
    to: 'group.remark.set',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['remark', 'remark', 'text!'],
    ],
  },
  get_group_system_msg: { to: 'request.group.list', params: [['count', 'count', 'int', 50]], result: 'groupRequests' },
  get_essence_msg_list: { to: 'group.essence.list', params: [['group_id', 'groupId', 'account!']], result: 'essences' },
  set_group_portrait: { to: 'group.avatar.set', special: 'groupAvatar', result: 'callResult' },
  _send_group_notice: { to: 'group.notice.publish', special: 'publishNotice' },
  _get_group_notice: { to: 'group.notice.list', params: [['group_id', 'groupId', 'account!']], result: 'notices' },
  _del_group_notice: {
    to: 'group.notice.delete',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['notice_id', 'id', 'text!'],
    ],
    result: 'callResult',
  },
  _delete_group_notice: {
    to: 'group.notice.delete',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['notice_id', 'id', 'text!'],
    ],
  },
  get_group_honor_info: { to: 'group.honor.get', special: 'honor', result: 'honors' },
  get_group_info_ex: {
    to: 'server.ask',
    ask: 'group.extra',
    params: [['group_id', 'group_id', 'account!']],
    result: 'given',
  },
  get_group_at_all_remain: {
    to: 'group.atAll.remain',
    params: [['group_id', 'groupId', 'account!']],
    result: 'atAllRemain',
  },
  get_group_shut_list: {
    to: 'group.member.list',
    params: [['group_id', 'groupId', 'account!']],
    fixed: { fresh: true },
    result: 'mutedMembers',
  },
  get_group_ignored_notifies: { to: 'request.filtered', fixed: { kind: 'group' }, result: 'filteredJoins' },
  get_group_ignore_add_request: { to: 'request.filtered', fixed: { kind: 'group' }, result: 'filteredJoinList' },
  send_group_sign: { to: 'group.sign', params: [['group_id', 'groupId', 'account!']] },
  set_group_sign: { to: 'group.sign', params: [['group_id', 'groupId', 'account!']] },
  move_group_file: {
    to: 'file.move',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_id', 'fileId', 'text!'],
      ['current_parent_directory|parent_directory', 'fromFolderId', 'text'],
      ['target_parent_directory|target_directory', 'toFolderId', 'text!'],
    ],
    result: 'fine',
  },
  trans_group_file: {
    to: 'file.keep',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_id', 'fileId', 'text!'],
    ],
    result: 'fine',
  },
  set_group_file_forever: {
    to: 'file.keep',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_id', 'fileId', 'text!'],
    ],
  },
  rename_group_file: {
    to: 'file.rename',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_id', 'fileId', 'text!'],
      ['current_parent_directory', 'folderId', 'text'],
      ['new_name', 'name', 'text!'],
    ],
    result: 'fine',
  },
  upload_group_file: { to: 'file.upload', special: 'uploadGroup', result: 'uploaded', mirai: { fidelity: 'exact' } },
  upload_private_file: {
    to: 'file.upload',
    special: 'uploadPrivate',
    result: 'uploaded',
    mirai: { fidelity: 'refused', reason: 'mah has files of groups only' },
  },
  create_group_file_folder: {
    to: 'file.folder.create',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['folder_name|name', 'name', 'text!'],
      ['parent_id', 'parentId', 'text', '/'],
    ],
    result: 'folderMade',
  },
  delete_group_file: {
    to: 'file.delete',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_id', 'fileId', 'text!'],
    ],
    result: 'fileDeleted',
  },
  delete_group_folder: {
    to: 'file.folder.delete',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['folder_id|folder', 'folderId', 'text!'],
    ],
    result: 'folderDeleted',
  },
  delete_group_file_folder: {
    to: 'file.folder.delete',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['folder_id', 'folderId', 'text!'],
    ],
  },
  get_group_file_system_info: { to: 'file.space', params: [['group_id', 'groupId', 'account!']], result: 'fileSpace' },
  get_group_root_files: {
    to: 'file.list',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['file_count', 'count', 'int', 50],
    ],
    result: 'files',
  },
  get_group_files_by_folder: {
    to: 'file.list',
    params: [
      ['group_id', 'groupId', 'account!'],
      ['folder_id|folder', 'folderId', 'text!'],
      ['file_count', 'count', 'int', 50],
    ],
    result: 'files',
  },
  get_group_file_url: { to: 'file.url', special: 'groupFileUrl', result: 'given', mirai: { fidelity: 'exact' } },
  get_private_file_url: {
    to: 'file.url',
    special: 'privateFileUrl',
    result: 'given',
    mirai: { fidelity: 'refused', reason: 'mah has files of groups only' },
  },
  get_clientkey: { to: 'server.ask', ask: 'clientKey', result: 'given' },
  get_cookies: { to: 'server.ask', ask: 'cookies', params: [['domain', 'domain', 'text', '']], result: 'cookies' },
  get_csrf_token: { to: 'server.ask', ask: 'csrfToken', result: 'given' },
  get_credentials: {
    to: 'server.ask',
    ask: 'credentials',
    params: [['domain', 'domain', 'text', '']],
    result: 'credentials',
  },
  get_rkey: { to: 'server.ask', ask: 'rkey', result: 'given' },
  nc_get_rkey: { to: 'server.ask', ask: 'rkey', result: 'numberedRkeys' },
  get_rkey_server: { to: 'server.ask', ask: 'rkeyServer', result: 'given' },
  ocr_image: { to: 'server.ask', ask: 'ocr', special: 'ocr', result: 'given' },
  '.ocr_image': { to: 'server.ask', ask: 'ocr', special: 'ocr', result: 'given' },
  translate_en2zh: { to: 'server.ask', ask: 'translate', params: [['words', 'words', 'json!']], result: 'given' },
  set_input_status: { to: 'typing.set', special: 'typing', result: 'callResult' },
  get_ai_characters: {
    to: 'server.ask',
    ask: 'ai.characters',
    params: [
      ['group_id', 'group_id', 'account!'],
      ['chat_type', 'chat_type', 'int', 1],
    ],
    result: 'given',
  },
  get_ai_record: {
    to: 'server.ask',
    ask: 'ai.record',
    params: [
      ['group_id', 'group_id', 'account!'],
      ['character', 'character', 'text!'],
      ['text', 'text', 'text!'],
    ],
    result: 'given',
  },
  click_inline_keyboard_button: {
    to: 'server.ask',
    ask: 'keyboard.click',
    params: [
      ['group_id', 'group_id', 'account!'],
      ['bot_appid', 'bot_appid', 'text!'],
      ['button_id', 'button_id', 'text', ''],
      ['callback_data', 'callback_data', 'text', ''],
      ['msg_seq', 'msg_seq', 'text', '10086'],
    ],
    result: 'given',
  },
  get_robot_uin_range: { to: 'server.ask', ask: 'robot.range', result: 'given' },
  bot_exit: { to: 'bot.exit', result: 'nothing' },
  send_packet: {
    to: 'server.ask',
    ask: 'packet.send',
    params: [
      ['cmd', 'cmd', 'text!'],
      ['data', 'data', 'text!'],
      ['rsp', 'rsp', 'bool', true],
    ],
    result: 'given',
  },
  nc_get_packet_status: { to: 'server.ask', ask: 'packet.status', result: 'given' },
  check_url_safely: { to: 'server.ask', ask: 'url.check', params: [['url', 'url', 'text!']], result: 'given' },
  get_guild_list: { to: 'server.ask', ask: 'guild.list', result: 'list', otherwise: [] },
  get_guild_service_profile: { to: 'server.ask', ask: 'guild.profile', result: 'given', otherwise: null },
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
  download_file_stream: { pieces: true },
  download_file_record_stream: { pieces: true },
  download_file_image_stream: { pieces: true },
  test_download_stream: { pieces: true },
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
  fetch_ptt_text: { messageId: true },
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
  set_friend_category: {},
  set_group_msg_mask: {},
  rename_group_file_folder: {},
  get_recommend_face: {},
  get_profile_like_count: {},
  set_group_bot_status: {},
  send_group_bot_callback: {},
  get_music_ark: {},
  upload_image: {},
  '.join_friend_emoji_chain': { messageId: true },
  '.send_packet': {},
  fetch_mface_key: {},
  '.join_group_emoji_chain': { messageId: true },
  get_group_requests: { to: 'request.group.list', result: 'requestEvents' },
  _get_vip_info: {},
} as const satisfies Record<string, OneBot11ActionRow>

/** Any action name may carry one of these; it is run normally and its real result comes back, as NapCat does. */
export const onebot11Suffixes = ['_async', '_rate_limited'] as const
