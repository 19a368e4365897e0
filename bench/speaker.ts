// How a client of each dialect asks, and what it makes of what comes back.
import { groupId } from './facts.ts'

export interface Content {
  text: string
  /** Id of a message that is quoted; a mention and an image come with it. */
  quote?: number
}

export interface Answer {
  /** The number that was asked with. */
  at: number
  /** undefined: it is not an answer to a send. */
  messageId: number | undefined
  data: unknown
}

export interface Speaker {
  /** A send to the group. `at` comes back in its answer. */
  send(at: number, content: Content): string
  listGroups(at: number): string
  /** `fresh`: as the backend says now. */
  listMembers(at: number, group: number, fresh?: boolean): string
  /** undefined: not an answer. */
  readAnswer(text: string): Answer | undefined
}

export const oneBotSpeaker: Speaker = {
  send: (at, { text, quote }) => {
    const said = { type: 'text', data: { text } }
    const rich = [
      { type: 'reply', data: { id: String(quote) } },
      { type: 'at', data: { qq: '20001' } },
      said,
      { type: 'image', data: { file: 'http://127.0.0.1:9/A.png' } },
    ]
    const message = quote === undefined ? [said] : rich
    return JSON.stringify({ action: 'send_group_msg', params: { group_id: groupId, message }, echo: String(at) })
  },
  listGroups: (at) => JSON.stringify({ action: 'get_group_list', params: {}, echo: String(at) }),
  listMembers(at, group, fresh = false) {
    const params = { group_id: group, no_cache: fresh }
    return JSON.stringify({ action: 'get_group_member_list', params, echo: String(at) })
  },
  readAnswer(text) {
    const { echo, data } = JSON.parse(text) as { echo?: string; data?: { message_id?: number } | null }
    return echo === undefined ? undefined : { at: Number(echo), messageId: data?.message_id, data }
  },
}

export const miraiSpeaker: Speaker = {
  send: (at, { text, quote }) => {
    const said = { type: 'Plain', text }
    const rich = [{ type: 'At', target: 20001 }, said, { type: 'Image', url: 'http://127.0.0.1:9/A.png' }]
    const messageChain = quote === undefined ? [said] : rich
    return toFrame(at, 'sendGroupMessage', { target: groupId, quote, messageChain })
  },
  listGroups: (at) => toFrame(at, 'groupList', {}),
  listMembers: (at, group, fresh) => toFrame(at, fresh ? 'latestMemberList' : 'memberList', { target: group }),
  readAnswer(text) {
    const { syncId, data } = JSON.parse(text) as { syncId: string; data: { messageId?: number; data?: unknown } }
    if (syncId === '' || syncId === '-1') return undefined
    return { at: Number(syncId), messageId: data.messageId, data: data.data }
  },
}

function toFrame(at: number, command: string, content: object): string {
  return JSON.stringify({ syncId: String(at), command, content })
}
