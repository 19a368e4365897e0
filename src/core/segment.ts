// Message content, neutral between the dialects. A message is a list of segments.
import * as v from 'valibot'
import { Extra } from './extra.ts'
import { MessageId, UserId } from './ids.ts'

/**
 * Where the bytes of an image, voice, video or file are. To send, the first present of id, url, path, base64 counts
 * (mah's own priority). On receipt `id` is always there and `url` when the backend gave one.
 */
const media = {
  id: v.optional(v.string()),
  url: v.optional(v.string()),
  /** A path on the machine of the client that named it. Only `media` policy code may open it. */
  path: v.optional(v.string()),
  /** Bare base64: no prefix, no line breaks. */
  base64: v.optional(v.string()),
  name: v.optional(v.string()),
  sizeBytes: v.optional(v.number()),
}

/** One entry of a merged forward: an existing message by id, or a literal one. */
export interface ForwardNode {
  messageId?: MessageId | undefined
  senderId?: UserId | undefined
  senderName?: string | undefined
  /** Unix seconds. */
  time?: number | undefined
  segments?: Segment[] | undefined
  extra?: Extra | undefined
}

export const ForwardNode: v.GenericSchema<unknown, ForwardNode> = v.object({
  messageId: v.optional(MessageId),
  senderId: v.optional(UserId),
  senderName: v.optional(v.string()),
  time: v.optional(v.number()),
  segments: v.optional(v.array(v.lazy(() => Segment))),
  extra: v.optional(Extra),
})

export const Segment = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.string() }),
  v.object({ type: v.literal('mention'), userId: UserId, name: v.optional(v.string()) }),
  v.object({ type: v.literal('mentionAll') }),
  v.object({
    type: v.literal('face'),
    /** QQ face id, see mappings/faces. */
    id: v.number(),
    name: v.optional(v.string()),
    large: v.optional(v.boolean()),
  }),
  v.object({
    type: v.literal('image'),
    ...media,
    flash: v.optional(v.boolean()),
    /** A sticker rather than a picture (OneBot sub_type 1). */
    emoji: v.optional(v.boolean()),
    summary: v.optional(v.string()),
    width: v.optional(v.number()),
    height: v.optional(v.number()),
  }),
  v.object({
    type: v.literal('voice'),
    ...media,
    durationSeconds: v.optional(v.number()),
    magic: v.optional(v.boolean()),
  }),
  v.object({ type: v.literal('video'), ...media, thumb: v.optional(v.string()), md5: v.optional(v.string()) }),
  v.object({ type: v.literal('file'), ...media, busId: v.optional(v.number()) }),
  v.object({ type: v.literal('reply'), messageId: MessageId }),
  v.object({
    type: v.literal('forward'),
    /** Backend's opaque id of a received or already uploaded forward. */
    id: v.optional(v.string()),
    nodes: v.optional(v.array(ForwardNode)),
    title: v.optional(v.string()),
    brief: v.optional(v.string()),
    summary: v.optional(v.string()),
    source: v.optional(v.string()),
    preview: v.optional(v.array(v.string())),
    /** The text of the light app that it came as, from backends that show forwards so. */
    card: v.optional(v.string()),
  }),
  /** A rich card; `data` is its text. json: a JSON card, app: a light app (JSON with an "app" key), xml: service message. */
  v.object({ type: v.literal('card'), format: v.picklist(['json', 'xml', 'app']), data: v.string() }),
  v.object({
    type: v.literal('music'),
    platform: v.picklist(['qq', '163', 'kugou', 'kuwo', 'migu', 'xm', 'custom']),
    /** Song id, for the form without the rest. */
    id: v.optional(v.string()),
    title: v.optional(v.string()),
    summary: v.optional(v.string()),
    jumpUrl: v.optional(v.string()),
    pictureUrl: v.optional(v.string()),
    musicUrl: v.optional(v.string()),
    brief: v.optional(v.string()),
  }),
  /** value 1 to 6; absent: the server rolls. */
  v.object({ type: v.literal('dice'), value: v.optional(v.number()) }),
  v.object({ type: v.literal('rps'), value: v.optional(v.picklist(['rock', 'scissors', 'paper'])) }),
  /** The poke *message* (window shake family), not the avatar nudge. Ids in mappings/faces. */
  v.object({ type: v.literal('poke'), pokeType: v.number(), pokeId: v.number() }),
  v.object({
    type: v.literal('marketFace'),
    packageId: v.optional(v.number()),
    faceId: v.optional(v.string()),
    key: v.optional(v.string()),
    name: v.optional(v.string()),
    url: v.optional(v.string()),
  }),
  v.object({ type: v.literal('markdown'), content: v.string() }),
  /** Buttons below an official robot's message; content as the backend gave it. */
  v.object({ type: v.literal('keyboard'), content: v.unknown() }),
  v.object({ type: v.literal('contact'), kind: v.picklist(['friend', 'group']), id: v.number() }),
  v.object({
    type: v.literal('location'),
    lat: v.number(),
    lon: v.number(),
    title: v.optional(v.string()),
    content: v.optional(v.string()),
  }),
  v.object({
    type: v.literal('link'),
    url: v.string(),
    title: v.string(),
    content: v.optional(v.string()),
    image: v.optional(v.string()),
  }),
  /** What has no canonical home. Passed through untouched between equal dialects. */
  v.object({ type: v.literal('unknown'), dialect: v.string(), name: v.string(), data: v.unknown() }),
])
/** `extra`: what its wire form said beyond that. Callers from outside cannot give it. */
export type Segment = v.InferOutput<typeof Segment> & { extra?: Extra | undefined }
export type SegmentType = Segment['type']
export type SegmentOf<T extends SegmentType> = Extract<Segment, { type: T }>
export type MediaSegment = SegmentOf<'image' | 'voice' | 'video' | 'file'>

/** What a song says in lists of conversations, unless that is what everybody makes of its title. */
export function briefOf({ brief, title }: SegmentOf<'music'>): string | undefined {
  return brief === '' || brief === `[分享]${title ?? ''}` ? undefined : brief
}
