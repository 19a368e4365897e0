// Requests about the account's and a group's settings, where a table of fields cannot print them.
import type { Params } from '../../core/action.ts'
import { sexes } from './action-settings.ts'
import { filteredMark, toWireId, type OneBotRequest, type RequestIds } from './request.ts'
import { printUpload } from './request-files.ts'
import { withoutAbsent } from './segment-parse.ts'

export const settingPrinters = {
  /** A signature alone has an action of its own; the one for profiles wants a nickname. */
  'bot.profile.set': ({ nickname, sign, sex }: Params<'bot.profile.set'>): OneBotRequest => {
    if (nickname === undefined && sex === undefined) {
      return { action: 'set_self_longnick', params: { longNick: sign ?? '' } }
    }
    const number = sex === undefined ? undefined : String(sexes.indexOf(sex))
    return { action: 'set_qq_profile', params: withoutAbsent({ nickname, personal_note: sign, sex: number }) }
  },
  'bot.avatar.set': (source: Params<'bot.avatar.set'>, ids: RequestIds): OneBotRequest => ({
    action: 'set_qq_avatar',
    params: { file: printUpload('image', source, ids) },
  }),
  'bot.status.set': (params: Params<'bot.status.set'>): OneBotRequest => {
    const { status, extStatus, battery, text, faceId, faceType } = params
    if (text === undefined && faceId === undefined) {
      const wire = { status: status ?? 10, ext_status: extStatus ?? 0, battery_status: battery ?? 0 }
      return { action: 'set_online_status', params: wire }
    }
    const wire = { face_id: faceId ?? 0, face_type: faceType ?? 1, wording: text ?? ' ' }
    return { action: 'set_diy_online_status', params: wire }
  },
  /** 1 typing; what is neither speaking (0) nor typing ends it. */
  'typing.set': ({ userId, on }: Params<'typing.set'>): OneBotRequest => ({
    action: 'set_input_status',
    params: { user_id: userId, event_type: on ? 1 : 2 },
  }),
  'message.reactions': (
    { messageId, emojiId, count }: Params<'message.reactions'>,
    ids: RequestIds,
  ): OneBotRequest => ({
    action: 'fetch_emoji_like',
    params: {
      message_id: toWireId(ids.message(messageId)),
      emojiId,
      // QQ's own faces have at most three digits, Unicode code points more.
      emojiType: emojiId.length <= 3 ? '1' : '2',
      count: count || 20,
    },
  }),
  'request.friend.answer': (params: Params<'request.friend.answer'>, ids: RequestIds): OneBotRequest => {
    const { native } = ids.request(params.requestId)
    const { approve, remark = '' } = params
    return native.startsWith(filteredMark)
      ? { action: 'set_doubt_friends_add_request', params: { flag: native.slice(filteredMark.length), approve } }
      : { action: 'set_friend_add_request', params: { flag: native, approve, remark } }
  },
  'group.avatar.set': ({ groupId, ...source }: Params<'group.avatar.set'>, ids: RequestIds): OneBotRequest => ({
    action: 'set_group_portrait',
    params: { group_id: groupId, file: printUpload('image', source, ids) },
  }),
  /** The wire says what is closed. */
  'group.search.set': ({ groupId, byNumber, byFinger }: Params<'group.search.set'>): OneBotRequest => ({
    action: 'set_group_search',
    params: withoutAbsent({
      group_id: groupId,
      no_code_finger_open: byNumber === undefined ? undefined : Number(!byNumber),
      no_finger_open: byFinger === undefined ? undefined : Number(!byFinger),
    }),
  }),
  'group.notice.publish': (params: Params<'group.notice.publish'>, ids: RequestIds): OneBotRequest => ({
    action: '_send_group_notice',
    params: withoutAbsent({
      group_id: params.groupId,
      content: params.text,
      image: params.image && printUpload('image', params.image, ids),
      pinned: Number(params.pinned ?? false),
      type: 1,
      confirm_required: Number(params.confirmRequired ?? false),
      is_show_edit_card: Number(params.showEditCard ?? false),
      tip_window_type: Number(params.showPopup ?? false),
    }),
  }),
  'group.honor.get': ({ groupId, kind }: Params<'group.honor.get'>): OneBotRequest => ({
    action: 'get_group_honor_info',
    params: { group_id: groupId, type: kind ?? 'all' },
  }),
}
