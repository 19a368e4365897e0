// Settings of the account and of groups whose parameters no table can read.
import type { Action } from '../../core/action.ts'
import type { WireObject } from '../../core/read.ts'
import {
  account,
  flagOf,
  groupOf,
  integerIn,
  invalid,
  isAbsent,
  missing,
  requiredSource,
  sourceIn,
  textIn,
} from './params.ts'
import { withoutAbsent } from './segment-parse.ts'

type Reader = (params: WireObject) => Action[]

/** By QQ's number for it. */
export const sexes = ['unknown', 'male', 'female'] as const
export const honorKinds = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion'] as const

export const settingReaders = {
  profile: readProfileChange,
  typing: (params) => {
    const type = integerIn(params, 'event_type') ?? missing('event_type')
    // 0 speaking, 1 typing; whatever else ends it.
    return [{ name: 'typing.set', params: { userId: account(params, 'user_id'), on: type === 0 || type === 1 } }]
  },
  botAvatar: (params) => [{ name: 'bot.avatar.set', params: requiredSource(params, 'file') }],
  groupAvatar: (params) => [
    { name: 'group.avatar.set', params: { groupId: groupOf(params), ...requiredSource(params, 'file') } },
  ],
  groupSearch: (params) => [
    {
      name: 'group.search.set',
      params: withoutAbsent({
        groupId: groupOf(params),
        byNumber: opposite(flagOf(params, 'no_code_finger_open')),
        byFinger: opposite(flagOf(params, 'no_finger_open')),
      }),
    },
  ],
  publishNotice: readNotice,
  honor: (params) => [
    { name: 'group.honor.get', params: withoutAbsent({ groupId: groupOf(params), kind: readHonorKind(params) }) },
  ],
  ocr: (params) => [
    { name: 'server.ask', params: { kind: 'ocr', params: { image: requiredSource(params, 'image') } } },
  ],
} satisfies Record<string, Reader>

function readProfileChange(params: WireObject): Action[] {
  const nickname = textIn(params, 'nickname')
  const note = params['personal_note']
  const sign = typeof note === 'string' ? note : undefined
  const number = integerIn(params, 'sex')
  const sex = number === undefined ? undefined : (sexes[number] ?? invalid('sex', '0, 1 or 2'))
  if (nickname === undefined && sign === undefined && sex === undefined) return missing('nickname')
  return [{ name: 'bot.profile.set', params: withoutAbsent({ nickname, sign, sex }) }]
}

/** Yes and no arrive as 0 and 1, as text of it, or as booleans. */
function readNotice(params: WireObject): Action[] {
  const image = sourceIn(params, 'image')
  return [
    {
      name: 'group.notice.publish',
      params: withoutAbsent({
        groupId: groupOf(params),
        text: typeof params['content'] === 'string' ? params['content'] : missing('content'),
        image,
        pinned: flagOf(params, 'pinned') ?? false,
        confirmRequired: flagOf(params, 'confirm_required') ?? true,
        showEditCard: flagOf(params, 'is_show_edit_card') ?? false,
        showPopup: flagOf(params, 'tip_window_type') ?? false,
      }),
    },
  ]
}

function readHonorKind(params: WireObject): string | undefined {
  const kind = isAbsent(params['type']) ? 'all' : params['type']
  if (kind === 'all') return undefined
  return honorKinds.find((known) => known === kind) ?? invalid('type', `all, ${honorKinds.join(', ')}`)
}

/** The wire asks what is closed. */
function opposite(closed: boolean | undefined): boolean | undefined {
  return closed === undefined ? undefined : !closed
}
