// Announcements, honours, essence messages, at-all, ways to join: reply, state, events.
import { describe, expect, test } from 'vitest'
import { demoWorld, group } from '../../../src/world/index.ts'
import { worldOfTwoBots } from '../../world/support.ts'
import { refusal, startLab } from './support.ts'

const time = 1_700_000_000
const of30001 = { groupId: 30001 }
const atAll = { type: 'mentionAll' }
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('announcements', () => {
  test('are published by admins, read and confirmed by members, listed newest first, deleted', async () => {
    const { call, world, clock, told } = await startLab()
    const first = await call('group.notice.publish', { ...of30001, text: 'fog', confirmRequired: true })
    const none = { images: [], readCount: 0, allConfirmed: false }
    expect(first).toEqual({ id: expect.any(String) as string, senderId: 10001, time, text: 'fog', ...none })
    clock.now += 1000
    for (const { id } of world.export().groups[0]?.members ?? []) {
      if (id !== 10001) world.as(id).readNotice(30001, first.id, { confirm: true })
    }
    const [notice] = await call('group.notice.list', of30001)
    expect(notice).toMatchObject({ id: first.id, readCount: 8, allConfirmed: true })
    await call('group.notice.delete', { ...of30001, id: first.id })
    expect(await call('group.notice.list', of30001)).toEqual([])
    expect(await refusal(call('group.notice.delete', { ...of30001, id: first.id }))).toBe('notFound')
    expect(told()).toEqual([])
  })

  test('with a picture; refused without rank or text', async () => {
    const { call } = await startLab()
    const made = await call('group.notice.publish', { ...of30001, text: 'x', image: { base64: png }, pinned: true })
    expect(made.images).toEqual([{ id: expect.stringMatching(/\.png$/) as string, width: 1, height: 1 }])
    expect(await refusal(call('group.notice.publish', { groupId: 30003, text: 'x' }))).toBe('noPermission')
    expect(await refusal(call('group.notice.publish', { ...of30001, text: '' }))).toBe('badParameter')
    expect(await refusal(call('group.notice.publish', { ...of30001, text: 'x'.repeat(601) }))).toBe('tooLong')
  })
})

describe('what a group shows', () => {
  test('group.honor.get', async () => {
    const file = structuredClone(demoWorld)
    const [entry] = file.groups ?? []
    Object.assign(entry ?? {}, {
      honors: {
        talkative: [{ id: 20002, description: '7 days', dayCount: 7 }, { id: 20003 }],
        performer: [{ id: 20001 }],
      },
    })
    const { call, world, told } = await startLab(file)
    const nemo = { userId: 20002, nickname: 'Nemo🐟', avatar: '', description: '7 days', dayCount: 7 }
    const all = await call('group.honor.get', of30001)
    expect(all.currentTalkative).toEqual(nemo)
    expect(Object.keys(all.lists)).toEqual(['talkative', 'performer', 'legend', 'strong_newbie', 'emotion'])
    expect(all.lists['talkative']).toHaveLength(2)
    const some = await call('group.honor.get', { ...of30001, kind: 'performer' })
    expect(some).toEqual({
      lists: { performer: [{ userId: 20001, nickname: '老船长', avatar: '', description: '' }] },
    })
    world.as(20002).setHonor(30001, { honor: 'talkative', on: false })
    expect(told()).toMatchObject([{ type: 'group.member.honor', userId: 20002, honor: 'talkative', lost: true }])
    expect((await call('group.honor.get', of30001)).currentTalkative?.userId).toBe(20003)
  })

  test('group.essence.list: who set it and when', async () => {
    const { call, clock, world } = await startLab()
    world.as(20002).say(group(30001), 'words')
    const { messageId } = await call('message.send', { peer: group(30001), segments: [{ type: 'text', text: 'mine' }] })
    clock.now += 3000
    world.as(20001).setEssence(1000, true)
    await call('group.essence.set', { messageId, on: true })
    const list = await call('group.essence.list', of30001)
    expect(list).toHaveLength(2)
    expect(list[1]).toEqual({
      messageId: 1000,
      senderId: 20002,
      senderName: '尼莫,[a]&b',
      senderTime: time,
      operatorId: 20001,
      operatorName: '老船长',
      operatorTime: time + 3,
      segments: [{ type: 'text', text: 'words' }],
    })
    await call('group.essence.set', { messageId: 1000, on: false })
    expect(await call('group.essence.list', of30001)).toHaveLength(1)
  })

  test('group.remark.set, group.sign', async () => {
    const { call, world, clock } = await startLab()
    await call('group.remark.set', { ...of30001, remark: 'night' })
    expect(await call('group.get', of30001)).toMatchObject({ remark: 'night' })
    expect(world.export().groups[0]?.members[0]).not.toHaveProperty('remark')
    await call('group.sign', of30001)
    clock.now += 3000
    await call('group.sign', of30001)
    const own = world.export().groups[0]?.members.find(({ id }) => id === 10001)
    expect(own).toMatchObject({ remark: 'night', signTime: time })
    expect(await refusal(call('group.sign', { groupId: 5 }))).toBe('notFound')
  })

  test('group.robotOption.set, group.search.set', async () => {
    const { call, world } = await startLab()
    await call('group.robotOption.set', { ...of30001, memberSwitch: 1 })
    await call('group.search.set', { ...of30001, byNumber: false })
    expect(world.export().groups[0]).toMatchObject({
      robotOption: { memberSwitch: 1, memberExamine: 0 },
      search: { byNumber: false, byFinger: true },
    })
    expect(await refusal(call('group.search.set', { groupId: 30003 }))).toBe('noPermission')
  })
})

describe('joining', () => {
  const ask = { userId: 20301, answer: '42' }

  test.each([
    [1, 'x', 'in'],
    [2, 'x', 'asked'],
    [3, 'x', 'noPermission'],
    [4, 'x', 'noPermission'],
    [4, '42', 'in'],
    [5, '42', 'asked'],
  ])('option %i with %s: %s', async (type, comment, outcome) => {
    const { call, told, world } = await startLab()
    await call('group.joinOption.set', { ...of30001, type, question: 'the answer?', answer: ask.answer })
    const asking = refusal(
      new Promise((resolve) => {
        resolve(world.as(ask.userId).requestJoin(30001, comment))
      }),
    )
    const refused = await asking
    const types = told().map((event) => event.type)
    const seen = types.includes('group.member.join') ? 'in' : types.includes('request.group') ? 'asked' : refused
    expect(seen).toBe(outcome)
    expect((await call('group.config.get', of30001)).autoApprove).toBe(type === 1)
  })

  test('an answer is needed where one is asked for', async () => {
    const { call } = await startLab()
    expect(await refusal(call('group.joinOption.set', { ...of30001, type: 4 }))).toBe('badParameter')
    expect(await refusal(call('group.joinOption.set', { ...of30001, type: 9 }))).toBe('badParameter')
    expect(await refusal(call('group.joinOption.set', { groupId: 30003, type: 1 }))).toBe('noPermission')
  })
})

describe('@全体成员', () => {
  const send = { peer: group(30001), segments: [atAll] }

  test('ten a day for a bot, twenty for a group', async () => {
    const file = worldOfTwoBots() as { groups: { members: { id: number; role?: string }[] }[] }
    const [entry] = file.groups
    Object.assign(entry?.members.find(({ id }) => id === 10002) ?? {}, { role: 'admin' })
    const { call, clock, world } = await startLab(file)
    const remain = (bot?: number) => call('group.atAll.remain', of30001, bot)
    expect(await remain()).toEqual({ allowed: true, forGroup: 20, forBot: 10 })
    for (let at = 0; at < 10; at++) await call('message.send', send)
    expect(await remain()).toEqual({ allowed: true, forGroup: 10, forBot: 0 })
    await expect(call('message.send', send)).rejects.toMatchObject({
      kind: 'noPermission',
      message: '10001 has no mention of everybody left today, 20 a group and 10 a person',
    })
    expect(world.state.conversations.get('g30001')).toHaveLength(10)
    for (let at = 0; at < 10; at++) await call('message.send', send, 10002)
    expect(await refusal(call('message.send', { ...send, peer: group(30002) }))).toBe('noPermission')
    clock.now += 24 * 3600 * 1000
    expect(await remain()).toEqual({ allowed: true, forGroup: 20, forBot: 10 })
    await call('message.send', send)
  })

  test('takes an admin', async () => {
    const { call } = await startLab()
    expect(await refusal(call('message.send', { ...send, peer: group(30003) }))).toBe('noPermission')
    expect(await call('group.atAll.remain', { groupId: 30003 })).toEqual({ allowed: false, forGroup: 20, forBot: 10 })
  })
})
