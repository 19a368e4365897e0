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
  /** Wire segment types that it cannot send. */
  segments: Readonly<Record<string, Limit>>
  /** Of these, the ones that it can send inside a merged forward all the same. */
  segmentsInForward: readonly string[]
  /** Canonical actions that it does less well than mappings/actions says. */
  actions: Readonly<Partial<Record<ActionName, Limit>>>
  /** The name under which a medium was received sends it again. */
  resendByName: boolean
  /** The id of a received forward sends it again. NapCat takes a resid there but hands out message ids. */
  resendForward: boolean
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
      poke: { fidelity: 'asText', reason: 'NapCat sends nothing for poke messages' },
      share: { fidelity: 'asText', reason: 'NapCat does not know link cards' },
      location: { fidelity: 'asText', reason: 'NapCat sends one fixed text instead of a location' },
      keyboard: { fidelity: 'asText', reason: 'NapCat cannot send buttons' },
      markdown: { fidelity: 'asText', reason: 'normal accounts send markdown inside forwards only' },
    },
    segmentsInForward: ['markdown'],
    actions: {},
    resendByName: false,
    resendForward: false,
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
      poke: { fidelity: 'asText', reason: 'LuckyLilliaBot has no poke messages' },
      share: { fidelity: 'asText', reason: 'LuckyLilliaBot does not know link cards' },
      location: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send locations' },
      keyboard: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send buttons' },
      markdown: { fidelity: 'asText', reason: 'LuckyLilliaBot cannot send markdown' },
    },
    segmentsInForward: [],
    actions: {},
    resendByName: false,
    resendForward: true,
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
    },
    segmentsInForward: [],
    actions: { 'message.repeat': { fidelity: 'lossy', reason: 'sent anew from its content' } },
    resendByName: false,
    resendForward: true,
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
    resendByName: true,
    resendForward: true,
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
    resendByName: false,
    resendForward: true,
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
