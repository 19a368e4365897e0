// Media uploads: the bytes stay with the bridge until a message names their id.
import { BridgeError } from '../../core/error.ts'
import type { MediaId } from '../../core/ids.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { printData, toImageId, toVoiceId, type Command, type CommandName } from '../../dialect/mirai/index.ts'
import { holdBody } from '../../transport/body.ts'
import type { HttpContext } from '../../transport/http-server.ts'
import { keyInFields, keyInHeaders } from './http-input.ts'
import { readForm, type Form } from './multipart.ts'
import { needPart } from './form-part.ts'
import { receiveFile } from './group-file-upload.ts'
import type { Parts } from './parts.ts'
import { isLoopback } from './remote.ts'

const uploadTypes = new Set(['Group', 'group', 'Friend', 'friend', 'Temp', 'temp'])

type Receive = (form: Form, parts: Parts) => WireObject

const receivers = new Map<string, Receive>([
  ['uploadImage', receiveImage],
  ['uploadVoice', receiveVoice],
  ['uploadShortVideo', receiveVideo],
] satisfies [CommandName, Receive][])

type Print = (result: unknown) => unknown

/** `print`: the shape of the answer, when it is another than today's. */
export function createUploads(parts: Parts): (c: HttpContext, command: Command, print?: Print) => Promise<Response> {
  return async (c, command, print) => {
    const { incoming } = c.env
    const { gate, options, host } = parts
    const header = keyInHeaders(incoming.headers)
    const known = header !== undefined && gate.find(header) !== undefined
    // Nobody has a session, so nobody may upload: the body is not read.
    if (!known && !gate.single && gate.sessions.size === 0) throw new BridgeError('noSession', 'no such session')
    const form = await readForm(incoming, {
      maxFileBytes: options.limits.uploadBytes,
      hold: holdBody(c),
    })
    const { bot } = gate.bound(known ? header : (keyInFields(form.fields) ?? header))
    const loopback = isLoopback(incoming.socket.remoteAddress)
    const receive = receivers.get(command.name)
    const answer = receive
      ? receiveMedium(form, receive, parts)
      : await receiveFile(form, { ask: { host, bot, params: form.fields, loopback }, isV1: print !== undefined })
    await host.durable()
    const shaped = print ? print(answer) : receive ? answer : printData(answer)
    return c.body(JSON.stringify(shaped), 200, { 'content-type': 'application/json' })
  }
}

function receiveMedium(form: Form, receive: Receive, parts: Parts): WireObject {
  const type = toText(form.fields['type'])
  if (type === undefined || !uploadTypes.has(type)) throw new BridgeError('badParameter', '无效参数')
  return receive(form, parts)
}

function receiveImage(form: Form, { host: { media } }: Parts): WireObject {
  const url = urlIn(form)
  if (url !== undefined) return { imageId: toImageId(media.learn({ kind: 'image', url, name: url })), url }
  const { id } = media.put('image', ...needPart(form, 'img'))
  return { imageId: toImageId(id), url: media.urlOf(id) ?? '' }
}

function receiveVoice(form: Form, { host: { media } }: Parts): WireObject {
  const url = urlIn(form)
  const id = url === undefined ? media.put('voice', ...needPart(form, 'voice')).id : learnVoice(url, media)
  return { voiceId: toVoiceId(id) }
}

function learnVoice(url: string, media: Parts['host']['media']): MediaId {
  return media.learn({ kind: 'voice', url, name: url })
}

/** mah answers the id alone; the thumbnail stays known under its own. */
function receiveVideo(form: Form, { host: { media } }: Parts): WireObject {
  const video = needPart(form, 'video')
  media.put('image', ...needPart(form, 'thumbnail'))
  return { videoId: media.put('video', ...video).id }
}

/** `url` wins over the file. It is fetched only when a message uses it. */
function urlIn({ fields }: Form): string | undefined {
  const url = toText(fields['url'])?.trim()
  if (!url) return undefined
  if (!/^https?:\/\//i.test(url)) throw new BridgeError('badParameter', 'url must start with http:// or https://')
  return url
}
