// What happens in a world, for a mirai bot to hear of: each kind of event and of content that OneBot can carry too.
import type { Segment } from '../../src/core/segment.ts'
import type { UserId } from '../../src/core/ids.ts'
import { friend, group, temp, type World } from '../../src/world/index.ts'
import { bot, ship } from './seed-world.ts'

const [captain, mate] = [20001, 20005]
const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

export interface Happening {
  name: string
  happens: (world: World) => unknown
  /** Types of the events that follow. */
  types: string[]
  /** Members that the long way loses. */
  loses?: ('width' | 'height')[]
}

const here = group(ship)
const elsewhere = 30004
const visited = 30003
const flags = new WeakMap<World, string>()
const lastSaid = new WeakMap<World, number>()
const say = (content: string | readonly Segment[]) => (world: World) =>
  void lastSaid.set(world, world.as(captain).say(here, content))

/** By canonical name. */
export const content: Record<string, object[]> = {
  text: [{ type: 'text', text: 'a [CQ:b] & [mirai:atall] 你好\n' }],
  mention: [
    { type: 'mention', userId: bot },
    { type: 'text', text: 'x' },
  ],
  mentionAll: [{ type: 'mentionAll' }],
  face: [{ type: 'face', id: 14 }],
  largeFace: [{ type: 'face', id: 5, large: true }],
  image: [{ type: 'image', base64: picture }],
  flash: [{ type: 'image', url: 'https://a.example/f.jpg', flash: true }],
  sticker: [{ type: 'image', url: 'https://a.example/s.gif', emoji: true }],
  voice: [{ type: 'voice', url: 'https://a.example/v.amr' }],
  video: [{ type: 'video', url: 'https://a.example/v.mp4', name: 'clip.mp4' }],
  forward: [
    {
      type: 'forward',
      nodes: [
        { senderId: captain, senderName: 'C', time: 1700000000, segments: [{ type: 'text', text: 'one' }] },
        {
          ...{ senderId: mate, senderName: 'M', time: 1700000001 },
          segments: [
            { type: 'image', url: 'https://a.example/p.png' },
            { type: 'face', id: 14 },
          ],
        },
      ],
    },
  ],
  card: [{ type: 'card', format: 'app', data: '{"app":"a.b"}' }],
  xml: [{ type: 'card', format: 'xml', data: '<msg a="1"/>' }],
  json: [{ type: 'card', format: 'json', data: '{"a":1}' }],
  music: [
    {
      ...{ type: 'music', platform: '163', title: 't', summary: 's', jumpUrl: 'https://a.example/j' },
      ...{ pictureUrl: 'https://a.example/p', musicUrl: 'https://a.example/m' },
    },
  ],
  dice: [{ type: 'dice', value: 3 }],
  poke: [{ type: 'poke', pokeType: 2, pokeId: -1 }],
}

export const happenings: Happening[] = [
  { name: 'a text', happens: say('ahoy [1] & 你好'), types: ['GroupMessage'] },
  {
    name: 'a mention, a face and a picture',
    happens: say([
      { type: 'mention', userId: bot as UserId },
      { type: 'face', id: 14 },
      { type: 'image', url: 'https://a.example/p.png' },
    ] as unknown as Segment[]),
    types: ['GroupMessage'],
  },
  {
    name: 'a recall',
    happens: (world) => world.as(captain).recall(lastSaid.get(world) as number),
    types: ['GroupRecallEvent'],
  },
  { name: 'a friend', happens: (world) => world.as(captain).say(friend(bot), 'psst'), types: ['FriendMessage'] },
  { name: 'a nudge', happens: (world) => world.as(captain).nudge(here, bot), types: ['NudgeEvent'] },
  { name: 'silence for all', happens: (world) => world.as(captain).muteAll(ship, true), types: ['GroupMuteAllEvent'] },
  {
    name: 'a card',
    happens: (world) => world.as(mate).setCard(ship, mate, 'the mate'),
    types: ['MemberCardChangeEvent'],
  },
  { name: 'somebody joins', happens: (world) => world.as(20303).join(ship), types: ['MemberJoinEvent'] },
  { name: 'a mute', happens: (world) => world.as(captain).mute(ship, 20303, 60), types: ['MemberMuteEvent'] },
  { name: 'an unmute', happens: (world) => world.as(captain).mute(ship, 20303, 0), types: ['MemberUnmuteEvent'] },
  { name: 'somebody leaves', happens: (world) => world.as(20303).quit(ship), types: ['MemberLeaveEventQuit'] },
  {
    name: 'a friend request',
    happens: (world) => world.as(20301).requestFriend(bot, 'hello'),
    types: ['NewFriendRequestEvent'],
  },
  {
    name: 'a join request',
    happens: (world) => world.as(20302).requestJoin(ship, 'me'),
    types: ['MemberJoinRequestEvent'],
  },
  ...Object.entries(content).map(([name, segments]): Happening => ({
    name: `content: ${name}`,
    happens: say(segments as unknown as Segment[]),
    types: ['GroupMessage'],
    ...(name === 'image' && { loses: ['width', 'height'] }),
  })),
  {
    name: 'a quote',
    happens: (world) => world.as(captain).say(here, 'yes', { quote: world.as(captain).say(here, 'first') }),
    types: ['GroupMessage', 'GroupMessage'],
  },
  {
    name: 'a stranger of a group',
    happens: (world) => world.as(20102).say(temp(bot, ship), 'psst'),
    types: ['TempMessage'],
  },
  {
    name: 'a friend takes back',
    happens: (world) => world.as(captain).recall(world.as(captain).say(friend(bot), 'oops')),
    types: ['FriendMessage', 'FriendRecallEvent'],
  },
  { name: 'a friend pokes', happens: (world) => world.as(captain).nudge(friend(bot), bot), types: ['NudgeEvent'] },
  {
    name: 'a friend types',
    happens: (world) => world.as(captain).setTyping(bot, true),
    types: ['FriendInputStatusChangedEvent'],
  },
  {
    name: 'a title',
    happens: (world) => world.as(bot).setTitle(ship, mate, 'first mate'),
    types: ['MemberSpecialTitleChangeEvent'],
  },
  {
    name: 'a rank',
    happens: (world) => world.as(bot).setAdmin(ship, 20102, true),
    types: ['MemberPermissionChangeEvent'],
  },
  {
    name: 'a name of the group',
    happens: (world) => world.as(captain).configure(ship, { name: 'sunk' }),
    types: ['GroupNameChangeEvent'],
  },
  {
    name: 'an honour',
    happens: (world) => world.as(mate).setHonor(ship, { honor: 'talkative', on: true }),
    types: ['MemberHonorChangeEvent'],
  },
  { name: 'a kick', happens: (world) => world.as(captain).kick(ship, 20103), types: ['MemberLeaveEventKick'] },
  { name: 'the bot is muted', happens: (world) => world.as(captain).mute(visited, bot, 60), types: ['BotMuteEvent'] },
  { name: 'the bot may speak', happens: (world) => world.as(captain).mute(visited, bot, 0), types: ['BotUnmuteEvent'] },
  {
    name: 'the bot rises',
    happens: (world) => world.as(captain).setAdmin(visited, bot, true),
    types: ['BotGroupPermissionChangeEvent'],
  },
  {
    name: 'the bot is kicked',
    happens: (world) => world.as(captain).kick(elsewhere, bot),
    types: ['BotLeaveEventKick'],
  },
  {
    name: 'the bot is invited',
    happens: (world) => void flags.set(world, world.as(captain).invite(bot, elsewhere)),
    types: ['BotInvitedJoinGroupRequestEvent'],
  },
  {
    name: 'the bot joins',
    happens: (world) => world.as(bot).answer(flags.get(world) as string, { approve: true }),
    types: ['BotJoinGroupEvent'],
  },
  { name: 'the bot leaves', happens: (world) => world.as(bot).quit(elsewhere), types: ['BotLeaveEventActive'] },
  {
    name: 'a group is dissolved',
    happens: (world) => world.as(captain).quit(visited, { dismiss: true }),
    types: ['BotLeaveEventDisband'],
  },
  { name: 'a new friend', happens: (world) => world.as(20302).addFriend(bot), types: ['FriendAddEvent'] },
  {
    name: 'another device',
    happens: (world) => world.as(bot).setDevice({ id: 9, name: 'IOS', platform: 'IOS' } as never, true),
    types: ['OtherClientOnlineEvent'],
  },
]

/** What the world tells and OneBot cannot carry as it is. */
export const notCarried: Readonly<Record<string, string>> = {
  BotOfflineEventActive: 'OneBot does not say why an account went',
  BotOfflineEventForce: 'the world forces nobody off',
  BotOfflineEventDropped: 'OneBot does not say why an account went',
  BotOnlineEvent: 'the second bridge tells it when its own link stands',
  BotReloginEvent: 'the second bridge tells it when its own link is back',
  GroupAllowAnonymousChatEvent: 'OneBot has no notice of group settings',
  GroupAllowConfessTalkEvent: 'OneBot has no notice of group settings',
  GroupAllowMemberInviteEvent: 'OneBot has no notice of group settings',
  FriendDeleteEvent: 'OneBot has no notice of lost friends',
  FriendNickChangedEvent: 'OneBot has no notice of changed nicknames',
  CommandExecutedEvent: 'made from messages where the commands are registered',
  OtherClientOfflineEvent: 'as OtherClientOnlineEvent',
  StrangerMessage: 'the world has strangers in groups only',
  FriendSyncMessage: 'OneBot shows a bot its own messages only where that is asked for',
  GroupSyncMessage: 'OneBot shows a bot its own messages only where that is asked for',
  TempSyncMessage: 'OneBot shows a bot its own messages only where that is asked for',
  StrangerSyncMessage: 'OneBot shows a bot its own messages only where that is asked for',
}
