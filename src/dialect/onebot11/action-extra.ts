// Parameters of a known action that the canonical one has no place for: for backends of the same dialect.
import type { OneBot11Special } from '../../../mappings/onebot11-actions.ts'
import { restOf, type Extra } from '../../core/extra.ts'
import type { WireObject } from '../../core/read.ts'
import type { OneBotAction } from './action.ts'
import { dialectName } from './wire.ts'

/** Who is meant, and what never leaves the bridge. */
const always = ['self_id', 'access_token', 'echo']

const peer = ['message_type', 'group_id', 'user_id']
const card = ['news', 'prompt', 'summary', 'source']
const content = [...peer, ...card, 'message', 'messages', 'auto_escape']
const history = ['group_id', 'user_id', 'message_seq', 'message_id', 'count']
const repeat = [...peer, 'message_id']
const answer = ['flag', 'approve']
const medium = ['file', 'file_id', 'out_format']
const upload = ['user_id', 'group_id', 'file', 'name']

/** What the readers of action-special read. */
const readBySpecial: Record<OneBot11Special, readonly string[]> = {
  send: content,
  sendGroup: content,
  sendPrivate: content,
  forward: content,
  forwardGroup: content,
  forwardPrivate: content,
  historyGroup: history,
  historyFriend: history,
  repeatGroup: repeat,
  repeatFriend: repeat,
  markRead: repeat,
  essenceOff: ['message_id'],
  poke: ['group_id', 'user_id', 'target_id'],
  answerFriend: [...answer, 'remark'],
  answerGroup: [...answer, 'reason', 'sub_type', 'type'],
  kickMany: ['group_id', 'user_id', 'user_ids', 'reject_add_request'],
  profile: ['nickname', 'personal_note', 'sex'],
  typing: ['user_id', 'event_type'],
  botAvatar: ['file'],
  groupAvatar: ['group_id', 'file'],
  groupSearch: ['group_id', 'no_code_finger_open', 'no_finger_open'],
  publishNotice: [
    ...['group_id', 'content', 'image', 'pinned', 'type', 'confirm_required', 'is_show_edit_card'],
    'tip_window_type',
  ],
  honor: ['group_id', 'type'],
  ocr: ['image'],
  getImage: medium,
  getVoice: medium,
  getFile: medium,
  groupFileUrl: ['group_id', 'file_id', 'busid', 'bus_id'],
  privateFileUrl: ['user_id', 'file_id'],
  uploadGroup: [...upload, 'folder', 'folder_id'],
  uploadPrivate: upload,
}

/** Names by action, made when the action is first asked for. */
const held = new Map<string, ReadonlySet<string>>()

function heldBy({ name, row, fields }: OneBotAction): ReadonlySet<string> {
  const known = held.get(name)
  if (known) return known
  const read = row.special ? readBySpecial[row.special] : (fields?.names ?? [])
  const names = new Set([...always, ...read])
  held.set(name, names)
  return names
}

/** undefined when there are none, or when everything is passed on anyway. */
export function paramsExtra(action: OneBotAction, params: WireObject): Extra | undefined {
  const { row, fields } = action
  if (!row.to || (row.ask && !fields && !row.special)) return undefined
  const names = heldBy(action)
  const members = restOf(params, (name) => names.has(name))
  return members && { dialect: dialectName, members }
}
