// Media uploads: the bytes stay with the bridge until a message names their id.
import { BridgeError } from '../../core/error.ts'
import type { MediaId } from '../../core/ids.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { toImageId, toVoiceId, type Command, type CommandName } from '../../dialect/mirai/index.ts'
import type { HttpContext } from '../../transport/http-server.ts'
import { keyInFields, keyInHeaders } from './http-input.ts'
import { readForm, type Form } from './multipart.ts'
import type { Parts } from './parts.ts'

const uploadTypes = new Set(['Group', 'group', 'Friend', 'friend', 'Temp', 'temp'])

type Receive = (form: Form, parts: Parts) => WireObject

const receivers = new Map<string, Receive>([
  ['uploadImage', receiveImage],
  ['uploadVoice', receiveVoice],
  ['uploadShortVideo', receiveVideo],
] satisfies [CommandName, Receive][])

export function createUploads(parts: Parts): (c: HttpContext, command: Command) => Promise<Response> {
  return async (c, command) => {
    const { incoming } = c.env
    const { gate, options, host } = parts
    const header = keyInHeaders(incoming.headers)
    const known = header !== undefined && gate.find(header) !== undefined
    // Nobody has a session, so nobody may upload: the body is not read.
    if (!known && !gate.single && gate.sessions.size === 0) throw new BridgeError('noSession', 'no such session')
    const form = await readForm(incoming, options.limits.uploadBytes)
    gate.bound(known ? header : (keyInFields(form.fields) ?? header))
    const receive = receivers.get(command.name)
    if (!receive) throw new BridgeError('notSupported', `${command.name} is not offered by this bridge`)
    const type = toText(form.fields['type'])
    if (type === undefined || !uploadTypes.has(type)) throw new BridgeError('badParameter', '无效参数')
    const answer = receive(form, parts)
    await host.durable()
    return c.body(JSON.stringify(answer), 200, { 'content-type': 'application/json' })
  }
}

function receiveImage(form: Form, { host: { media } }: Parts): WireObject {
  const url = urlIn(form)
  if (url !== undefined) return { imageId: toImageId(media.learn({ kind: 'image', url, name: url })), url }
  const { id } = media.put('image', ...needFile(form, 'img'))
  return { imageId: toImageId(id), url: media.urlOf(id) ?? '' }
}

function receiveVoice(form: Form, { host: { media } }: Parts): WireObject {
  const url = urlIn(form)
  const id = url === undefined ? media.put('voice', ...needFile(form, 'voice')).id : learnVoice(url, media)
  return { voiceId: toVoiceId(id) }
}

function learnVoice(url: string, media: Parts['host']['media']): MediaId {
  return media.learn({ kind: 'voice', url, name: url })
}

/** mah answers the id alone; the thumbnail stays known under its own. */
function receiveVideo(form: Form, { host: { media } }: Parts): WireObject {
  const video = needFile(form, 'video')
  media.put('image', ...needFile(form, 'thumbnail'))
  return { videoId: media.put('video', ...video).id }
}

/** `url` wins over the file. It is fetched only when a message uses it. */
function urlIn({ fields }: Form): string | undefined {
  const url = toText(fields['url'])?.trim()
  if (!url) return undefined
  if (!/^https?:\/\//i.test(url)) throw new BridgeError('badParameter', 'url must start with http:// or https://')
  return url
}

function needFile({ fields, files }: Form, name: string): [bytes: Uint8Array, name?: string] {
  const file = files.get(name)
  if (file && file.bytes.length > 0) return file.name === undefined ? [file.bytes] : [file.bytes, file.name]
  throw new BridgeError('badParameter', Object.hasOwn(fields, name) ? `缺少参数 ${name}` : '无效参数')
}
