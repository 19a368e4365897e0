// Message content: canonical segment <-> OneBot 11 segment <-> mirai chain element, and what each way costs.
// `send`: printed for a backend of that dialect. `event`: printed for a client of that dialect.
import type { Fidelity } from '../src/core/fidelity.ts'
import type { SegmentType } from '../src/core/segment.ts'

interface Cell {
  /** Wire name, null where the dialect has none. */
  type: string | null
  send: Fidelity
  event: Fidelity
  /** What is lost, where something is. */
  reason?: string
}

interface Row {
  onebot11: Cell
  mirai: Cell
  /** Stands alone in a QQ message: other content goes into messages of its own. */
  exclusive?: true
}

export const segments = {
  text: {
    onebot11: { type: 'text', send: 'exact', event: 'exact' },
    mirai: { type: 'Plain', send: 'exact', event: 'exact' },
  },
  mention: {
    onebot11: { type: 'at', send: 'exact', event: 'exact' },
    mirai: { type: 'At', send: 'exact', event: 'exact' },
  },
  mentionAll: {
    onebot11: { type: 'at', send: 'exact', event: 'exact' },
    mirai: { type: 'AtAll', send: 'exact', event: 'exact' },
  },
  face: {
    onebot11: { type: 'face', send: 'exact', event: 'exact' },
    mirai: { type: 'Face', send: 'exact', event: 'exact' },
  },
  image: {
    onebot11: { type: 'image', send: 'exact', event: 'exact' },
    mirai: { type: 'Image', send: 'exact', event: 'exact' },
  },
  voice: {
    onebot11: { type: 'record', send: 'exact', event: 'exact' },
    mirai: { type: 'Voice', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  video: {
    onebot11: { type: 'video', send: 'exact', event: 'exact' },
    mirai: {
      type: 'ShortVideo',
      send: 'lossy',
      event: 'exact',
      reason: 'mah wants video and thumbnail as addresses, or a video it knows',
    },
    exclusive: true,
  },
  file: {
    onebot11: { type: 'file', send: 'exact', event: 'exact' },
    mirai: {
      type: 'File',
      send: 'refused',
      event: 'lossy',
      reason: 'mah shows id, name and size, and has no files in messages; one alone goes into the files of a group',
    },
    exclusive: true,
  },
  reply: {
    onebot11: { type: 'reply', send: 'exact', event: 'exact' },
    mirai: { type: 'Quote', send: 'exact', event: 'exact' },
  },
  forward: {
    onebot11: { type: 'forward', send: 'exact', event: 'exact' },
    mirai: { type: 'Forward', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  card: {
    onebot11: { type: 'json', send: 'exact', event: 'exact' },
    mirai: { type: 'App', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  music: {
    onebot11: { type: 'music', send: 'exact', event: 'exact' },
    mirai: { type: 'MusicShare', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  dice: {
    onebot11: { type: 'dice', send: 'lossy', event: 'exact', reason: 'the backend rolls, the value cannot be chosen' },
    mirai: { type: 'Dice', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  rps: {
    onebot11: { type: 'rps', send: 'lossy', event: 'exact', reason: 'the backend draws, the hand cannot be chosen' },
    mirai: {
      type: 'MarketFace',
      send: 'lossy',
      event: 'lossy',
      reason: 'mah shows it as a market face; it is sent as mirai code, which servers before mirai 2.14 show as text',
    },
    exclusive: true,
  },
  poke: {
    onebot11: { type: 'poke', send: 'exact', event: 'exact' },
    mirai: { type: 'Poke', send: 'exact', event: 'exact' },
    exclusive: true,
  },
  marketFace: {
    onebot11: { type: 'mface', send: 'exact', event: 'exact' },
    mirai: {
      type: 'MarketFace',
      send: 'asText',
      event: 'lossy',
      reason: 'mah knows package and name only and cannot send it',
    },
    exclusive: true,
  },
  markdown: {
    onebot11: { type: 'markdown', send: 'exact', event: 'exact' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'mirai has no markdown' },
  },
  keyboard: {
    onebot11: { type: 'keyboard', send: 'exact', event: 'exact' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'mirai has no buttons' },
  },
  contact: {
    onebot11: { type: 'contact', send: 'exact', event: 'exact' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'mirai has no contact card' },
  },
  location: {
    onebot11: { type: 'location', send: 'exact', event: 'exact' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'mirai has no location' },
  },
  link: {
    onebot11: { type: 'share', send: 'exact', event: 'exact' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'mirai has no link card' },
  },
  unknown: {
    onebot11: { type: null, send: 'dropped', event: 'dropped', reason: 'a segment type of another dialect' },
    mirai: { type: null, send: 'asText', event: 'asText', reason: 'a segment type of another dialect' },
  },
} satisfies Record<SegmentType, Row>

/** What segments that only OneBot has say to people who read text, before what they say themselves. null: nothing, they leave. */
export const wordsOfUnknown: Readonly<Record<string, string | null>> = {
  anonymous: null,
  redbag: '[红包]',
  gift: '[礼物]',
  onlinefile: '[在线文件]',
  flashtransfer: '[QQ闪传]',
  cardimage: '[图片]',
  longmsg: '[长消息]',
}

/** Every element of mirai's chains and what it is here. `note`: where it says something that no content does. */
export const chainElements = {
  Source: { note: 'number and time of a message; received only, ignored when sent' },
  Quote: { content: 'reply', note: 'received only: a send names what it quotes beside the chain' },
  At: { content: 'mention' },
  AtAll: { content: 'mentionAll' },
  Face: { content: 'face' },
  Plain: { content: 'text' },
  Image: { content: 'image' },
  FlashImage: { content: 'image', note: 'OneBot implementations on NT send it as a normal picture' },
  Voice: { content: 'voice' },
  Xml: { content: 'card', note: 'as text where the implementation has no xml cards' },
  Json: { content: 'card' },
  App: { content: 'card', note: 'songs of the platforms that mirai knows arrive as MusicShare' },
  Poke: { content: 'poke' },
  Dice: { content: 'dice' },
  MarketFace: { content: 'marketFace', note: 'received only; rock-paper-scissors arrives as one, too' },
  MusicShare: { content: 'music' },
  Forward: { content: 'forward' },
  File: { content: 'file', note: 'received only; files are sent by file_upload' },
  MiraiCode: { note: 'sent only: expanded to the elements that it stands for' },
  ShortVideo: { content: 'video' },
  Unknown: { note: 'never printed; ignored when sent' },
} as const satisfies Record<string, { content?: SegmentType; note?: string }>
