// Clients of both dialects behind one face, over real sockets: what they send and see, in words that both have.
import { expect } from 'vitest'
import { WebSocket } from 'ws'
import { botId } from '../clients/stage.ts'
import { accessToken, until, verifyKey, type RunningBridge } from '../support/bridge.ts'

export type ClientKind = 'onebot11' | 'mirai'
export type Where = { group: number } | { friend: number } | { temp: number; of: number }
export type Node = { id: number } | { ref: number } | { from: number; name: string; content: Piece[] }
export type Piece =
  | { text: string }
  /** Base64. */
  | { bytes: string }
  /** As it was received. */
  | { image: string }
  | { voice: string }
  | { video: string }
  | { forward: Node[] }

export interface SeenNode {
  from: number
  name: string
  text: string
  forward: SeenNode[] | undefined
}

export interface Seen {
  id: number
  sender: number
  text: string
  quote: { id: number; sender: number; text: string } | undefined
  image: { handle: string; url: string } | undefined
  /** `seconds` where the dialect says it. */
  voice: { handle: string; url: string; seconds?: number } | undefined
  video: { handle: string; url: string } | undefined
  forward: SeenNode[] | undefined
  raw: Wire
}

export type Wire = Record<string, unknown>
export interface Answer {
  ok: boolean
  data: unknown
  frame: Wire
}

export interface Client {
  readonly kind: ClientKind
  readonly events: Wire[]
  ask(name: string, params: object): Promise<Answer>
  say(to: Where, content: Piece[], quote?: number): Promise<number>
  /** Throws when it is not found. */
  get(id: number, where: Where): Promise<Seen>
  /** The message event with this text. */
  hear(text: string): Promise<Seen>
  /** How many message events had this text. */
  heard(text: string): number
  /** The first event of which `part` is a part. */
  event(part: Wire): Promise<Wire>
  close(): void
}

export async function connectClient(kind: ClientKind, front: RunningBridge): Promise<Client> {
  const isOneBot = kind === 'onebot11'
  const socket = new WebSocket(
    isOneBot
      ? `ws://127.0.0.1:${front.onebotPort}/?access_token=${accessToken}`
      : `ws://127.0.0.1:${front.miraiPort}/all?verifyKey=${verifyKey}&qq=${botId}`,
  )
  const events: Wire[] = []
  const answers = new Map<string, Wire>()
  let greeted = false
  let last = 0
  socket.on('message', (data) => {
    const frame = JSON.parse((data as Buffer).toString()) as Wire
    greeted = true
    if (isOneBot) {
      if ('post_type' in frame) events.push(frame)
      else answers.set(String(frame['echo']), frame)
    } else if (frame['syncId'] === '-1') events.push(frame['data'] as Wire)
    else answers.set(String(frame['syncId']), frame['data'] as Wire)
  })
  await until(() => greeted, 'the greeting')

  async function ask(name: string, params: object): Promise<Answer> {
    const echo = String(++last)
    const [command, subCommand] = name.split(' ')
    const frame = isOneBot ? { action: name, params, echo } : { syncId: echo, command, subCommand, content: params }
    socket.send(JSON.stringify(frame))
    const answer = await until(() => answers.get(echo), `the answer to ${name}`)
    if (isOneBot) return { ok: answer['status'] === 'ok', data: answer['data'], frame: answer }
    const ok = !('code' in answer) || answer['code'] === 0
    return { ok, data: 'data' in answer ? answer['data'] : answer, frame: answer }
  }

  async function must(name: string, params: object): Promise<Wire> {
    const answer = await ask(name, params)
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.frame)}`)
    return answer.data as Wire
  }

  const grammar = isOneBot ? oneBotGrammar(must) : miraiGrammar(must)
  const textOf = (event: Wire): string | undefined => grammar.textOf(event)
  return {
    kind,
    events,
    ask,
    say: grammar.say,
    get: grammar.get,
    async hear(text) {
      const event = await until(() => events.find((one) => textOf(one) === text), `the message ${text}`)
      return grammar.see(event)
    },
    heard: (text) => events.filter((one) => textOf(one) === text).length,
    event: (part) => until(() => events.find((one) => fits(part, one)), JSON.stringify(part)),
    close: () => socket.terminate(),
  }
}

function fits(part: Wire, event: Wire): boolean {
  try {
    expect(event).toMatchObject(part)
    return true
  } catch {
    return false
  }
}

type Must = (name: string, params: object) => Promise<Wire>

interface Grammar {
  say: Client['say']
  get: Client['get']
  see(message: Wire): Promise<Seen>
  textOf(event: Wire): string | undefined
}

interface Part {
  type: string
  data: Wire
}

function oneBotGrammar(must: Must): Grammar {
  const textIn = (parts: Part[]): string =>
    parts.flatMap(({ type, data }) => (type === 'text' ? [data['text'] as string] : [])).join('')

  async function see(message: Wire): Promise<Seen> {
    const parts = message['message'] as Part[]
    const find = (type: string): Wire | undefined => parts.find((part) => part.type === type)?.data
    const [reply, image, forward] = [find('reply'), find('image'), find('forward')]
    const [voice, video] = [find('record'), find('video')]
    const handleOf = (data: Wire) => ({ handle: data['file'] as string, url: data['url'] as string })
    const quoted = reply && (await must('get_msg', { message_id: reply['id'] }).catch(() => undefined))
    return {
      id: message['message_id'] as number,
      sender: (message['sender'] as Wire)['user_id'] as number,
      text: textIn(parts),
      quote: reply && {
        id: Number(reply['id']),
        sender: quoted ? ((quoted['sender'] as Wire)['user_id'] as number) : 0,
        text: quoted ? textIn(quoted['message'] as Part[]) : '',
      },
      image: image && handleOf(image),
      voice: voice && handleOf(voice),
      video: video && handleOf(video),
      forward: forward && seeNodes((await must('get_forward_msg', { id: forward['id'] }))['messages'] as Wire[]),
      raw: message,
    }
  }

  function seeNodes(nodes: Wire[]): SeenNode[] {
    return nodes.map((node) => {
      const parts = (node['message'] ?? node['content']) as Part[]
      const inner = parts.find(({ type }) => type === 'forward')?.data['content'] as Wire[] | undefined
      const sender = node['sender'] as Wire
      return {
        from: sender['user_id'] as number,
        name: sender['nickname'] as string,
        text: textIn(parts),
        forward: inner && seeNodes(inner),
      }
    })
  }

  function segment(piece: Piece): Part[] {
    if ('text' in piece) return [{ type: 'text', data: { text: piece.text } }]
    if ('bytes' in piece) return [{ type: 'image', data: { file: `base64://${piece.bytes}` } }]
    if ('image' in piece) return [{ type: 'image', data: { file: piece.image } }]
    if ('voice' in piece) return [{ type: 'record', data: { file: piece.voice } }]
    if ('video' in piece) return [{ type: 'video', data: { file: piece.video } }]
    return piece.forward.map((node) => {
      if ('id' in node) return { type: 'node', data: { id: String(node.id) } }
      if ('ref' in node) return { type: 'node', data: { id: node.ref } }
      return {
        type: 'node',
        data: { user_id: String(node.from), nickname: node.name, content: node.content.flatMap(segment) },
      }
    })
  }

  return {
    see,
    textOf: (event) =>
      event['post_type'] === 'message' || event['post_type'] === 'message_sent'
        ? textIn(event['message'] as Part[])
        : undefined,
    get: async (id) => see(await must('get_msg', { message_id: id })),
    async say(to, content, quote) {
      const reply = quote === undefined ? [] : [{ type: 'reply', data: { id: String(quote) } }]
      const place =
        'group' in to
          ? { group_id: to.group }
          : 'friend' in to
            ? { user_id: to.friend }
            : { user_id: to.temp, group_id: to.of, message_type: 'private' }
      const message = [...reply, ...content.flatMap(segment)]
      const isForward = content.some((piece) => 'forward' in piece)
      const params = isForward ? { ...place, messages: message } : { ...place, message }
      return (await must(isForward ? 'send_forward_msg' : 'send_msg', params))['message_id'] as number
    },
  }
}

/** mah wants all five, and looks at the id alone. */
const describedVideo = { type: 'ShortVideo', fileMd5: '', fileSize: 0, fileFormat: 'mp4', filename: 'v' }

function miraiGrammar(must: Must): Grammar {
  const textIn = (chain: Wire[]): string =>
    chain.flatMap(({ type, text }) => (type === 'Plain' ? [text as string] : [])).join('')

  function seeNodes(forward: Wire): SeenNode[] {
    return (forward['nodeList'] as Wire[]).map((node) => {
      const chain = node['messageChain'] as Wire[]
      const inner = chain.find(({ type }) => type === 'Forward')
      return {
        from: node['senderId'] as number,
        name: node['senderName'] as string,
        text: textIn(chain),
        forward: inner && seeNodes(inner),
      }
    })
  }

  async function see(message: Wire): Promise<Seen> {
    const chain = message['messageChain'] as Wire[]
    const find = (type: string): Wire | undefined => chain.find((element) => element['type'] === type)
    const [quote, image, forward] = [find('Quote'), find('Image'), find('Forward')]
    const [voice, video] = [find('Voice'), find('ShortVideo')]
    return {
      id: find('Source')?.['id'] as number,
      sender: (message['sender'] as Wire | undefined)?.['id'] as number,
      text: textIn(chain),
      quote: quote && {
        id: quote['id'] as number,
        sender: quote['senderId'] as number,
        text: textIn(quote['origin'] as Wire[]),
      },
      image: image && { handle: image['imageId'] as string, url: image['url'] as string },
      voice: voice && {
        handle: voice['voiceId'] as string,
        url: voice['url'] as string,
        seconds: voice['length'] as number,
      },
      video: video && { handle: video['videoId'] as string, url: video['videoUrl'] as string },
      forward: forward && seeNodes(forward),
      raw: message,
    }
  }

  function element(piece: Piece): Wire {
    if ('text' in piece) return { type: 'Plain', text: piece.text }
    if ('bytes' in piece) return { type: 'Image', base64: piece.bytes }
    if ('image' in piece) return { type: 'Image', imageId: piece.image }
    if ('voice' in piece) return { type: 'Voice', voiceId: piece.voice }
    if ('video' in piece) return { ...describedVideo, videoId: piece.video }
    const nodeList = piece.forward.map((node) => {
      if ('id' in node) return { messageId: node.id }
      if ('ref' in node) return { messageRef: { messageId: node.ref, target: 30001 } }
      return { senderId: node.from, time: 1, senderName: node.name, messageChain: node.content.map(element) }
    })
    return { type: 'Forward', display: { title: 'Log', brief: '[Log]' }, nodeList }
  }

  return {
    see,
    textOf: (event) => (Array.isArray(event['messageChain']) ? textIn(event['messageChain'] as Wire[]) : undefined),
    async get(id, where) {
      const target = 'group' in where ? where.group : 'friend' in where ? where.friend : where.temp
      return see(await must('messageFromId', { messageId: id, target }))
    },
    async say(to, content, quote) {
      const rest = { messageChain: content.map(element), ...(quote !== undefined && { quote }) }
      const sent =
        'group' in to
          ? await must('sendGroupMessage', { target: to.group, ...rest })
          : 'friend' in to
            ? await must('sendFriendMessage', { target: to.friend, ...rest })
            : await must('sendTempMessage', { qq: to.temp, group: to.of, ...rest })
      return sent['messageId'] as number
    },
  }
}
