// How the OneBot 11 implementations differ where the bridge asks them for something. Read from NapCat af07479, LuckyLilliaBot
// 8.1.7, Lagrange.OneBot v1, go-cqhttp a5923f1. `unknown` is for everybody else: the standard, nothing taken for granted.
import type { ActionName } from '../src/core/action.ts'
import type { Fidelity } from '../src/core/fidelity.ts'

interface Limit {
  fidelity: Exclude<Fidelity, 'exact'>
  reason: string
}

interface Flavour {
  /** Parts of `app_name` by which get_version_info gives it away, in lower case. */
  appNames: readonly string[]
  /** Wire segment types that it cannot send, and `flash` for pictures that are seen once. */
  segments: Readonly<Record<string, Limit>>
  /** Of these, the ones that it can send inside a merged forward all the same. */
  segmentsInForward: readonly string[]
  /** Canonical actions that it does less well than mappings/actions says. */
  actions: Readonly<Partial<Record<ActionName, Limit>>>
  /**
   * Canonical actions for which it has no action of its own. Shown as refused, but asked for once all the same: the
   * implementation may have grown since. What it says then counts until the next connection.
   */
  lacks: readonly ActionName[]
  /** Actions that it calls otherwise than mappings/onebot11-actions has them first. */
  names: Readonly<Record<string, string>>
  /** How a reaction is taken off: by the same action, by one of its own, or by Lagrange's, which wants the group. */
  react: 'set' | 'unset' | 'group'
  /** The action for the likes that the account itself got. */
  ownLikes: 'get_profile_like' | 'get_profile_like_me'
  /** What it uploads: whatever can be sent, or files of its own machine. */
  uploads: 'anySource' | 'localPath'
  /** Actions on a group file want the number of its store. */
  wantsBusId: boolean
  /** The name under which a medium was received sends it again. */
  resendByName: boolean
  /** The id of a received forward sends it again. NapCat takes a resid there but hands out message ids. */
  resendForward: boolean
  /** Its message ids survive its restart. NapCat keeps 5000 in memory, and leaves what it does not know out of a forward. */
  keepsIds: boolean
  /** Levels of forwards inside forwards. Known of NapCat only; the same is taken for granted of the others. */
  forwardDepth: number
  /** What `message_seq` of the history actions holds. */
  historyFrom: 'messageId' | 'sequence'
  /** mark_group_msg_as_read and mark_private_msg_as_read with a conversation, or mark_msg_as_read with its last message. */
  markRead: 'conversation' | 'message'
  /** group_poke and friend_poke, or a poke segment with the account in qq. */
  nudge: 'action' | 'segment'
  /** A file in a group is reported as message and as notice. */
  reportsFilesTwice: boolean
  /** set_group_kick takes a text for the one who is removed. */
  kickMessage: boolean
  /** set_group_leave can dissolve the group. */
  dismissGroup: boolean
  /** Numbering of rock-paper-scissors results, see mappings/faces. */
  rps: 'nt' | 'gocq'
}

export const flavours = {
  napcat: {
    appNames: ['napcat'],
    segments: {
      xml: { fidelity: 'asText', reason: 'NapCat sends nothing for xml cards' },
      flash: { fidelity: 'lossy', reason: 'NapCat sends flash pictures as normal ones' },
      poke: { fidelity: 'asText', reason: 'NapCat sends nothing for poke messages' },
      share: { fidelity: 'asText', reason: 'NapCat does not know link cards' },
      location: { fidelity: 'asText', reason: 'NapCat sends one fixed text instead of a location' },
      keyboard: { fidelity: 'asText', reason: 'NapCat cannot send buttons' },
      markdown: { fidelity: 'asText', reason: 'normal accounts send markdown inside forwards only' },
    },
    segmentsInForward: ['markdown'],
    actions: {},
    lacks: [],
    names: {},
    react: 'set',
    ownLikes: 'get_profile_like',
    uploads: 'anySource',
    wantsBusId: false,
    resendByName: false,
    resendForward: false,
    keepsIds: false,
    forwardDepth: 3,
    historyFrom: 'messageId',
    markRead: 'conversation',
    nudge: 'action',
    reportsFilesTwice: true,
    kickMessage: false,
    dismissGroup: false,
    rps: 'nt',
  },
  llbot: {
    appNames: ['llonebot', 'llbot', 'luckylillia'],
    segments: {
      xml: { fidelity: 'asText', reason: 'LuckyLilliaBot has no xml cards' },
      flash: { fidelity: 'lossy', reason: 'LuckyLilliaBot sends flash pictures as normal ones' },
      poke: { fidelity: 'asText', reason: 'LuckyLilliaBot has no poke messages' },
      share: { fidelity: 'asText', reason: 'LuckyLilliaBot does not know link cards' },
      location: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send locations' },
      keyboard: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send buttons' },
      markdown: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send markdown' },
    },
    segmentsInForward: [],
    actions: {},
    lacks: [
      'bot.clients',
      'bot.exit',
      'bot.model.get',
      'bot.model.set',
      'favourite.add',
      'favourite.list',
      'friend.unidirectional',
      'group.joinOption.set',
      'group.robotOption.set',
      'group.search.set',
      'message.recent',
      'user.status',
    ],
    names: { trans_group_file: 'set_group_file_forever', _del_group_notice: '_delete_group_notice' },
    react: 'unset',
    ownLikes: 'get_profile_like_me',
    uploads: 'anySource',
    wantsBusId: false,
    resendByName: false,
    resendForward: true,
    keepsIds: true,
    forwardDepth: 3,
    historyFrom: 'messageId',
    markRead: 'message',
    nudge: 'action',
    reportsFilesTwice: true,
    kickMessage: false,
    dismissGroup: true,
    rps: 'nt',
  },
  lagrange: {
    appNames: ['lagrange'],
    segments: {
      share: { fidelity: 'asText', reason: 'Lagrange does not know link cards' },
      contact: { fidelity: 'asText', reason: 'Lagrange does not know contact cards' },
      file: { fidelity: 'refused', reason: 'Lagrange cannot send files in messages' },
      flash: { fidelity: 'lossy', reason: 'Lagrange sends flash pictures as normal ones' },
    },
    segmentsInForward: [],
    actions: {
      'message.repeat': { fidelity: 'lossy', reason: 'sent anew from its content' },
      'media.get': { fidelity: 'lossy', reason: 'addresses that were seen, perhaps expired' },
    },
    lacks: [
      'bot.clients',
      'bot.exit',
      'bot.model.get',
      'bot.model.set',
      'bot.profile.set',
      'bot.status.set',
      'favourite.add',
      'favourite.list',
      'file.keep',
      'file.rename',
      'file.space',
      'friend.remark.set',
      'friend.unidirectional',
      'group.atAll.remain',
      'group.joinOption.set',
      'group.remark.set',
      'group.robotOption.set',
      'group.search.set',
      'group.sign',
      'message.reactions',
      'message.recent',
      'request.filtered',
      'typing.set',
      'user.like.list',
      'user.status',
    ],
    names: { delete_group_folder: 'delete_group_file_folder', get_group_system_msg: 'get_group_requests' },
    react: 'group',
    ownLikes: 'get_profile_like',
    uploads: 'anySource',
    wantsBusId: true,
    resendByName: false,
    resendForward: true,
    keepsIds: true,
    forwardDepth: 3,
    historyFrom: 'messageId',
    markRead: 'message',
    nudge: 'action',
    reportsFilesTwice: false,
    kickMessage: false,
    dismissGroup: true,
    rps: 'nt',
  },
  gocq: {
    appNames: ['go-cqhttp'],
    segments: {
      mface: { fidelity: 'asText', reason: 'go-cqhttp does not know market faces' },
      markdown: { fidelity: 'asText', reason: 'go-cqhttp has no markdown' },
      keyboard: { fidelity: 'asText', reason: 'go-cqhttp has no buttons' },
      contact: { fidelity: 'asText', reason: 'go-cqhttp does not know contact cards' },
      location: { fidelity: 'asText', reason: 'go-cqhttp does not know locations' },
      poke: { fidelity: 'asText', reason: 'go-cqhttp takes a poke segment for a nudge' },
      file: { fidelity: 'refused', reason: 'go-cqhttp can only send group files again' },
    },
    segmentsInForward: [],
    actions: {
      'message.repeat': { fidelity: 'lossy', reason: 'sent anew from its content' },
      'message.history': { fidelity: 'lossy', reason: 'groups only, by sequence number' },
    },
    lacks: [
      'bot.avatar.set',
      'bot.exit',
      'bot.status.set',
      'customFace.list',
      'favourite.add',
      'favourite.list',
      'file.keep',
      'file.move',
      'file.rename',
      'friend.remark.set',
      'group.joinOption.set',
      'group.remark.set',
      'group.robotOption.set',
      'group.search.set',
      'message.react',
      'message.reactions',
      'message.recent',
      'request.filtered',
      'typing.set',
      'user.like',
      'user.like.list',
      'user.status',
    ],
    names: {},
    react: 'set',
    ownLikes: 'get_profile_like',
    uploads: 'localPath',
    wantsBusId: true,
    resendByName: true,
    resendForward: true,
    keepsIds: true,
    forwardDepth: 3,
    historyFrom: 'sequence',
    markRead: 'message',
    nudge: 'segment',
    reportsFilesTwice: false,
    kickMessage: true,
    dismissGroup: false,
    rps: 'gocq',
  },
  unknown: {
    appNames: [],
    segments: {},
    segmentsInForward: [],
    actions: {},
    lacks: [],
    names: {},
    react: 'set',
    ownLikes: 'get_profile_like',
    uploads: 'anySource',
    wantsBusId: false,
    resendByName: false,
    resendForward: true,
    keepsIds: false,
    forwardDepth: 3,
    historyFrom: 'messageId',
    markRead: 'conversation',
    nudge: 'action',
    reportsFilesTwice: true,
    kickMessage: false,
    dismissGroup: true,
    rps: 'nt',
  },
} as const satisfies Record<string, Flavour>
