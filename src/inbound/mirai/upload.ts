// Media uploads: the bytes stay with the bridge until a message names their id.
import { BridgeError } from '../../core/error.ts'
import type { MediaId } from '../../core/ids.ts'
import type { MediaRecord } from '../../core/ports.ts'
import { toText, type WireObject } from '../../core/read.ts'
import { printData, toImageId, toVoiceId, type Command, type CommandName } from '../../dialect/mirai/index.ts'
import type { HttpContext } from '../../transport/mount.ts'
import { letIn } from '../../transport/strangers.ts'
import { isLocalPeer } from '../../transport/peer.ts'
import { keyInFields, keyInHeaders } from './http-input.ts'
import { readForm, type Form } from './multipart.ts'
import { needPart } from './form-part.ts'
import { receiveFile } from './group-file-upload.ts'
import type { Parts } from './parts.ts'

const uploadTypes = new Set(['Group', 'group', 'Friend', 'friend', 'Temp', 'temp'])

type Receive = (form: Form, parts: Parts) => WireObject

const receivers = new Map<string, Receive>([
  ['uploadImage', receiveImage],
  ['uploadVoice', receiveVoice],
  ['uploadShortVideo', receiveVideo],
] satisfies [CommandName, Receive][])

type Print = (result: unknown) => unknown

interface Serving {
  c: HttpContext
  command: Command
  print: Print | undefined
  form: Form
  /** Key of a session that is there. */
  header: string | undefined
}

/** `print`: the shape of the answer, when it is another than today's. */
export function createUploads(parts: Parts): (c: HttpContext, command: Command, print?: Print) => Promise<Response> {
  const { gate, options, host } = parts
  return async (c, command, print) => {
    const { incoming } = c.env
    const header = keyInHeaders(incoming.headers)
    const known = header !== undefined && gate.find(header) !== undefined
    // Nobody has a session, so nobody may upload: the body is not read.
    if (!known && !gate.isOpen && gate.sessions.size === 0) throw new BridgeError('noSession', 'no such session')
    const form = await readForm(incoming, {
      limits: options.limits,
      receive: (pieces) => host.media.receive(pieces),
      isVouched: (fields) => known || gate.isOpen || gate.find(keyInFields(fields)) !== undefined,
    })
    try {
      return await serve({ c, command, print, form, header: known ? header : undefined })
    } finally {
      for (const { received } of form.files.values()) received.discard()
    }
  }

  async function serve({ c, command, print, form, header }: Serving): Promise<Response> {
    const { incoming } = c.env
    const { bot } = gate.bound(header ?? keyInFields(form.fields) ?? keyInHeaders(incoming.headers))
    letIn(incoming.socket)
    const loopback = isLocalPeer(incoming.socket.remoteAddress, incoming.headers)
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
  const { id } = keepPart(form, 'img', 'image')
  return { imageId: toImageId(id), url: media.urlOf(id) ?? '' }
}

function receiveVoice(form: Form, { host: { media } }: Parts): WireObject {
  const url = urlIn(form)
  const id = url === undefined ? keepPart(form, 'voice', 'voice').id : learnVoice(url, media)
  return { voiceId: toVoiceId(id) }
}

function learnVoice(url: string, media: Parts['host']['media']): MediaId {
  return media.learn({ kind: 'voice', url, name: url })
}

/** mah answers the id alone; the thumbnail stays known under its own. */
function receiveVideo(form: Form): WireObject {
  needPart(form, 'video')
  keepPart(form, 'thumbnail', 'image')
  return { videoId: keepPart(form, 'video', 'video').id }
}

function keepPart(form: Form, name: string, kind: MediaRecord['kind']): MediaRecord {
  const part = needPart(form, name)
  return part.received.keep(kind, part.name)
}

/** `url` wins over the file. It is fetched only when a message uses it. */
function urlIn({ fields }: Form): string | undefined {
  const url = toText(fields['url'])?.trim()
  if (!url) return undefined
  if (!/^https?:\/\//i.test(url)) throw new BridgeError('badParameter', 'url must start with http:// or https://')
  return url
}
