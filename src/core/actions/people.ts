// The bot's own account, friends, strangers and requests.
import * as v from 'valibot'
import { Friend, Profile, Sex } from '../contact.ts'
import { GroupId, RequestId, UserId } from '../ids.ts'
import { define, flag, fresh, none, source } from './define.ts'

const Client = v.object({ id: v.number(), name: v.string(), platform: v.string() })

/** QQ's status numbers: status 10 online, 30 away, 40 invisible, 50 busy, 60 Q me, 70 do not disturb; extStatus refines 10. */
const Status = v.object({ status: v.number(), extStatus: v.number() })

export const peopleActions = {
  'bot.info': define(none, Profile),
  /** Only what is given changes. */
  'bot.profile.set': define(
    v.object({ nickname: v.optional(v.string()), sign: v.optional(v.string()), sex: v.optional(Sex) }),
    none,
  ),
  'bot.avatar.set': define(v.object(source), none),
  /** `text` and `faceId`: a status of the bot's own words. */
  'bot.status.set': define(
    v.object({
      ...v.partial(Status).entries,
      battery: v.optional(v.number()),
      text: v.optional(v.string()),
      faceId: v.optional(v.number()),
      /** Kind of that face, 1 unless said otherwise. */
      faceType: v.optional(v.number()),
    }),
    none,
  ),
  /** The device name shown beside messages. */
  'bot.model.get': define(
    v.object({ model: v.optional(v.string()) }),
    v.array(v.object({ name: v.string(), needsPay: v.boolean() })),
  ),
  'bot.model.set': define(v.object({ model: v.string(), show: v.optional(v.string()) }), none),
  'bot.clients': define(none, v.array(Client)),
  /** Logs the account out. */
  'bot.exit': define(none, none),

  'user.profile': define(v.object({ userId: UserId, ...fresh }), Profile),
  'user.status': define(v.object({ userId: UserId }), Status),
  /** Likes on a profile card (名片赞), at most ten a day and person. */
  'user.like': define(v.object({ userId: UserId, times: v.number() }), none),
  /** Likes that an account got; the bot's own without userId. */
  'user.like.list': define(
    v.object({ userId: v.optional(UserId), start: v.optional(v.number()), count: v.optional(v.number()) }),
    v.object({
      total: v.number(),
      likes: v.array(v.object({ userId: UserId, nickname: v.string(), count: v.number(), time: v.number() })),
    }),
  ),

  'friend.list': define(v.object(fresh), v.array(Friend)),
  'friend.delete': define(v.object({ userId: UserId }), none),
  'friend.remark.set': define(v.object({ userId: UserId, remark: v.string() }), none),
  /** People whom the bot has as friends, but who have not the bot. */
  'friend.unidirectional': define(none, v.array(Friend)),

  /** `block`: and never ask again. */
  'request.friend.answer': define(
    v.object({ requestId: RequestId, approve: v.boolean(), remark: v.optional(v.string()), block: flag }),
    none,
  ),
  /** Both kinds: someone asks to join, or the bot is invited. `ignore`: settle it without an answer. */
  'request.group.answer': define(
    v.object({ requestId: RequestId, approve: v.boolean(), ignore: flag, reason: v.optional(v.string()), block: flag }),
    none,
  ),
  /** Requests that the server kept from view as doubtful. `friend`, or joins of groups. */
  'request.filtered': define(
    v.object({ kind: v.picklist(['friend', 'group']), count: v.optional(v.number()) }),
    v.array(
      v.object({
        requestId: RequestId,
        userId: UserId,
        nickname: v.string(),
        comment: v.string(),
        groupId: v.optional(GroupId),
        groupName: v.optional(v.string()),
        time: v.number(),
      }),
    ),
  ),
  /** Requests about groups, answered ones too, the newest first. */
  'request.group.list': define(
    v.object({ count: v.optional(v.number()) }),
    v.array(
      v.object({
        requestId: RequestId,
        kind: v.picklist(['join', 'invite']),
        groupId: GroupId,
        groupName: v.string(),
        userId: UserId,
        nickname: v.string(),
        comment: v.string(),
        answered: v.boolean(),
        operatorId: v.optional(UserId),
      }),
    ),
  ),

  /** 收藏: notes of the account. */
  'favourite.add': define(v.object({ text: v.string(), brief: v.optional(v.string()) }), none),
  'favourite.list': define(
    v.object({ category: v.optional(v.number()), count: v.optional(v.number()) }),
    v.array(v.object({ id: v.string(), text: v.string(), brief: v.string(), time: v.number() })),
  ),
  /** Addresses of the account's own stickers. */
  'customFace.list': define(v.object({ count: v.optional(v.number()) }), v.array(v.string())),
}
