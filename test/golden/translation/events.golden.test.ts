// Every event that one of the dialects has, on its way to a client of the other, over real sockets: what the client is told, byte
// for byte, and the trace where it is told less or nothing.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runEvent, type EventOutcome, type GivenEvent } from './event-case.ts'

interface Case extends GivenEvent, EventOutcome {
  /** Of the facts: mah's name, or the OneBot notice that mah lacks. */
  name: string
}

type Level = 'full' | 'partial' | 'fallback' | 'dropped' | 'consumed'

interface Facts {
  events: { mah: string; onebot: string | null; level: { toMirai: Level; toOneBot: Level } }[]
  onebotOnly: { onebot: string; level: Level }[]
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
}

const cases = read('events.json') as Case[]
const { events, onebotOnly } = read('../../facts/mapping-events.json') as Facts

test.each(cases.map((one) => [`${one.from} ${one.name}: ${JSON.stringify(one.given).slice(0, 90)}`, one] as const))(
  '%s',
  async (_, one) => {
    const wanted = { becomes: one.becomes, losses: one.losses }
    expect(JSON.stringify(await runEvent(one, wanted))).toBe(JSON.stringify(wanted))
  },
)

/** What no OneBot backend reports as such. */
const neverReported: Readonly<Record<string, string>> = {
  OtherClientMessage: 'OneBot has no messages between the devices of one account',
  BotOnlineEvent: 'is told when the link comes up, before a client of the test can hear; see outbound/onebot11/link',
  BotOfflineEventActive: 'a log-out leaves no notice: the link ends or its heartbeat says so',
  GroupAllowAnonymousChatEvent: 'OneBot has no notice of group settings',
  GroupAllowConfessTalkEvent: 'OneBot has no notice of group settings',
  GroupAllowMemberInviteEvent: 'OneBot has no notice of group settings',
  FriendDeleteEvent: 'OneBot has no notice of lost friends',
  FriendNickChangedEvent: 'OneBot has no notice of changed nicknames',
  CommandExecutedEvent: 'made by the bridge from messages; see inbound/mirai/console',
}

const casesOf = (from: Case['from'], name: string): Case[] =>
  cases.filter((one) => one.from === from && one.name === name)

describe('the cases are complete', () => {
  test('48 events of mah and 15 that only OneBot has', () => {
    expect([events.length, onebotOnly.length]).toEqual([48, 15])
    const known = new Set([...events.map(({ mah }) => mah), ...onebotOnly.map(({ onebot }) => onebot)])
    expect(cases.filter(({ name }) => !known.has(name))).toEqual([])
  })

  test.each(events)('$mah from a mah backend', ({ mah, level }) => {
    const mine = casesOf('mirai', mah)
    expect(mine.length).toBeGreaterThan(0)
    const silent = mine.filter(({ becomes }) => becomes.length === 0)
    // The heartbeat shows a bot that is back: the next one says so.
    const isShownLater = mah === 'BotOnlineEvent' || mah === 'BotReloginEvent'
    if (level.toOneBot !== 'dropped' && !isShownLater) expect(silent).toEqual([])
    if (!isShownLater) expect(silent.filter(({ losses }) => losses.length === 0)).toEqual([])
  })

  test.each(events)('$mah from a OneBot backend', ({ mah }) => {
    const mine = casesOf('onebot11', mah)
    if (mah in neverReported) return expect(mine).toEqual([])
    expect(mine.length).toBeGreaterThan(0)
    const types = mine.flatMap(({ becomes }) => becomes.map((event) => (event as { type: string }).type))
    expect(types).toContain(mah)
  })

  test.each(onebotOnly)('$onebot', ({ onebot, level }) => {
    const mine = casesOf('onebot11', onebot)
    expect(mine.length).toBeGreaterThan(0)
    const told = mine.filter(({ becomes }) => becomes.length > 0)
    const untraced = mine.filter(({ becomes, losses }) => becomes.length === 0 && losses.length === 0)
    if (level === 'dropped') expect([told, untraced]).toEqual([[], []])
    else if (level === 'consumed') expect([told, untraced]).toEqual([[], mine])
    else expect(told).toEqual(mine)
  })
})
