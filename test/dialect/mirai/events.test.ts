import { describe, expect, test } from 'vitest'
import type { EventOf } from '../../../src/core/event.ts'
import type { GroupId, MessageId } from '../../../src/core/ids.ts'
import { parseEvent, printEvent } from '../../../src/dialect/mirai/index.ts'
import { bot, boss, createIds, createLosses, createView, lab, mio, nico, time } from './fixtures.ts'
import { samples } from './samples.ts'
import { spec } from './spec.ts'

const view = createView()

function print(event: Parameters<typeof printEvent>[0], at = view) {
  const { losses, loss } = createLosses()
  return { printed: printEvent(event, { view: at, loss }), losses }
}

const context = () => ({ bot, now: time, ids: createIds() })

describe('every packet of mah', () => {
  test.each(spec.events.filter(({ type }) => type !== 'OtherClientMessage'))('$type has its fields in order', (row) => {
    const sample = samples[row.type]
    expect(sample, 'a sample').toBeDefined()
    const { printed } = print(sample!)
    expect(printed?.channel).toBe(row.category)
    expect(Object.keys(printed?.body ?? {})).toEqual(['type', ...row.fields.map(({ name }) => name)])
    expect(printed?.body['type']).toBe(row.type)
  })

  // What mah's packet has no room for is gone on the way back.
  const lost: Record<string, object> = {
    MemberLeaveEventQuit: {},
    FriendMessage: { remark: '' },
  }

  test.each(Object.entries(samples))('%s reads back as what was printed', (type, event) => {
    const { printed } = print(event)
    const parsed = parseEvent(structuredClone(printed?.body), context())
    expect(parsed?.losses).toEqual([])
    const back = parsed?.event
    if (event.type === 'message') {
      const { message } = back as EventOf<'message'>
      expect({
        origin: (back as EventOf<'message'>).origin,
        id: message.id,
        peer: message.peer,
        time: message.time,
      }).toEqual({
        origin: event.origin,
        id: event.message.id,
        peer: event.message.peer,
        time: event.message.time,
      })
      expect(message.segments).toEqual(event.message.segments)
      expect(message.sender.userId).toBe(event.message.sender.userId)
    } else expect(back).toEqual({ ...event, ...lost[type] })
  })

  test('contacts in an event are handed on', () => {
    const { printed } = print(samples['MemberMuteEvent']!)
    const { seen = [] } = parseEvent(printed?.body, context()) ?? {}
    expect(seen.map((one) => one.type)).toEqual(['group', 'member', 'group', 'member'])
    expect(seen[1]).toMatchObject({ member: { userId: mio, nickname: 'Mio', role: 'member', mutedUntil: time + 60 } })
  })

  test('unknown packets stay raw and come out as they came', () => {
    const wire = { type: 'OtherClientMessage', messageChain: [], sender: { id: 5, platform: 'IOS' } }
    const event = parseEvent(wire, context())?.event
    expect(event).toEqual({ type: 'raw', bot, time, dialect: 'mirai', name: 'OtherClientMessage', payload: wire })
    const printed = print(event!).printed
    expect([printed?.channel, printed?.body]).toEqual(['message', wire])
    expect(parseEvent({ type: 'constructor' }, context())?.event.type).toBe('raw')
    expect(parseEvent([1], context())).toBeUndefined()
    expect(parseEvent({ type: 'GroupMessage' }, context())?.event.type).toBe('raw')
  })
})

describe('special cases', () => {
  test('a group message, byte for byte as in the project of mah', () => {
    const text =
      '{"type":"GroupMessage","messageChain":[{"type":"Source","id":517,"time":1700000000},{"type":"Plain","text":"hi"}],' +
      '"sender":{"id":40004,"memberName":"Mio","specialTitle":"","permission":"MEMBER","joinTimestamp":1600000000,' +
      '"lastSpeakTimestamp":1700000000,"muteTimeRemaining":0,"group":{"id":30003,"name":"Lab","permission":"MEMBER"},"active":null}}'
    expect(JSON.stringify(print(samples['GroupMessage']!).printed?.body)).toBe(text)
  })

  test('own sends are not shown, sync messages are', () => {
    const sync = samples['GroupSyncMessage'] as EventOf<'message'>
    expect(print({ ...sync, origin: 'self' }).printed).toBeUndefined()
    expect(print(sync).printed?.body['type']).toBe('GroupSyncMessage')
  })

  test('null operator means the bot', () => {
    const event = samples['MemberMuteEvent'] as EventOf<'group.member.mute'>
    expect(print({ ...event, operatorId: bot }).printed?.body['operator']).toBeNull()
    const wire = { ...print(event).printed?.body, operator: null }
    expect(parseEvent(wire, context())?.event).toMatchObject({ operatorId: bot })
  })

  test('an invitation has no text, whatever the backend said', () => {
    const event = { ...samples['BotInvitedJoinGroupRequestEvent'], comment: 'x' } as EventOf<'request.group'>
    expect(print(event).printed?.body['message']).toBe('')
  })

  test('an upload is a message with a File element', () => {
    const file = { id: '/f1', name: 'a.txt', sizeBytes: 12 }
    const { printed, losses } = print({
      type: 'file.upload',
      bot,
      time,
      peer: { kind: 'group', groupId: lab },
      userId: mio,
      file,
    })
    expect(printed?.channel).toBe('message')
    expect(printed?.body['messageChain']).toEqual([
      { type: 'Source', id: 0, time },
      { type: 'File', id: '/f1', name: 'a.txt', size: 12 },
    ])
    expect(losses).toMatchObject([{ what: 'file.upload', fidelity: 'lossy' }])
  })

  test('what mah has no event for is a loss', () => {
    const event = {
      type: 'group.essence',
      bot,
      time,
      groupId: lab,
      messageId: 1 as MessageId,
      senderId: mio,
      operatorId: boss,
      on: true,
    } as const
    const { printed, losses } = print(event)
    expect(printed).toBeUndefined()
    expect(losses).toEqual([{ what: 'group.essence', fidelity: 'dropped', reason: 'mah has no essence event' }])
    const raw = print({ type: 'raw', bot, time, dialect: 'onebot11', name: 'notice.x', payload: {} })
    expect(raw.printed).toBeUndefined()
    expect(raw.losses).toHaveLength(1)
  })

  test('anonymous senders have number 80000000 and no times', () => {
    const event = samples['GroupMessage'] as EventOf<'message'>
    const { printed } = print({ ...event, anonymous: { id: 1, name: 'Ghost', flag: 'f' } })
    expect(printed?.body['sender']).toMatchObject({
      id: 80000000,
      memberName: 'Ghost',
      joinTimestamp: 0,
      lastSpeakTimestamp: 0,
    })
  })

  test('a quote shows who wrote what, without a nested quote', () => {
    const event = samples['GroupMessage'] as EventOf<'message'>
    const reply = { type: 'reply', messageId: 516 as MessageId } as const
    const message = { ...event.message, segments: [reply, { type: 'text', text: 'yes' } as const] }
    const { printed, losses } = print({ ...event, message })
    expect(JSON.stringify(printed?.body['messageChain'])).toBe(
      '[{"type":"Source","id":517,"time":1700000000},{"type":"Quote","id":516,"senderId":50005,"targetId":30003,"groupId":30003,' +
        '"origin":[{"type":"Plain","text":"before"}]},{"type":"Plain","text":"yes"}]',
    )
    expect(losses).toEqual([])
  })

  test('a quote of an unseen message is empty and on record', () => {
    const event = samples['FriendMessage'] as EventOf<'message'>
    const reply = { type: 'reply', messageId: 3 as MessageId } as const
    const { printed, losses } = print({ ...event, message: { ...event.message, segments: [reply] } })
    expect(printed?.body['messageChain']).toEqual([
      { type: 'Source', id: 517, time },
      { type: 'Quote', id: 3, senderId: 0, targetId: nico, groupId: 0, origin: [] },
    ])
    expect(losses).toMatchObject([{ what: 'quote.unresolved', fidelity: 'lossy' }])
  })

  test('unknown groups and members still give complete objects', () => {
    const event = samples['MemberCardChangeEvent'] as EventOf<'group.member.card'>
    expect(print({ ...event, groupId: 9 as GroupId }).printed?.body['member']).toEqual({
      id: mio,
      memberName: 'M',
      specialTitle: '',
      permission: 'MEMBER',
      joinTimestamp: 0,
      lastSpeakTimestamp: 0,
      muteTimeRemaining: 0,
      group: { id: 9, name: '', permission: 'MEMBER' },
      active: null,
    })
  })
})
