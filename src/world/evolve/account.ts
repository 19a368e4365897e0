// Changes of one account: its card, its status, its clients, its notes.
import { dayOf } from '../state.ts'
import { accountOf, type Evolution } from './evolution.ts'

export const accountEvolution: Pick<
  Evolution,
  (`profile${string}` & keyof Evolution) | 'client' | 'typing' | 'favourite.add' | 'friend.remark' | 'online'
> = {
  profile: (state, { userId, sign, sex }) => {
    const account = accountOf(state, userId)
    if (sign !== undefined) account.sign = sign
    if (sex !== undefined) account.sex = sex
  },
  'profile.nickname': (state, { userId, nickname }) => void (accountOf(state, userId).nickname = nickname),
  'profile.avatar': (state, { userId, avatar }) => void (accountOf(state, userId).avatar = avatar),
  'profile.status': (state, { userId, status }) => void (accountOf(state, userId).status = status),
  'profile.model': (state, { userId, model }) => void (accountOf(state, userId).model = model),
  'profile.like': (state, { userId, by, times, time }) => {
    const { likes } = accountOf(state, userId)
    const before = likes.get(by) ?? { count: 0, time: 0, today: 0 }
    const today = dayOf(before.time) === dayOf(time) ? before.today : 0
    likes.set(by, { count: before.count + times, time, today: today + times })
  },
  client: (state, { userId, on, device }) => {
    const { devices } = accountOf(state, userId)
    if (on) devices.set(device.id, device)
    else devices.delete(device.id)
  },
  typing: () => {},
  'favourite.add': (state, { userId, favourite }) => void accountOf(state, userId).favourites.push(favourite),
  'friend.remark': (state, { of, userId, remark }) => {
    const { friends, oneWay } = accountOf(state, of)
    const list = friends.has(userId) ? friends : oneWay
    const entry = list.get(userId)
    // What was written down on purpose belongs in the world file.
    if (entry) list.set(userId, { ...entry, remark, listed: true })
  },
  online: (state, { userId, on }) => void (accountOf(state, userId).online = on),
}
