// Acts of an account on itself, and small attentions to others.
import type { UserId } from '../../core/ids.ts'
import * as accounts from '../decide/account.ts'
import type { ClientDevice, OnlineStatus } from '../state.ts'
import type { Stage } from './stage.ts'

export interface AccountActs {
  setNickname(nickname: string): void
  /** Only what is given changes. */
  setProfile(change: accounts.ProfileChange): void
  setAvatar(image: accounts.ImageSource): void
  setStatus(status: { [K in keyof OnlineStatus]?: OnlineStatus[K] | undefined }): void
  /** The device name beside messages; empty: none. */
  setModel(model: string): void
  /** `how`: active when the account logs out itself. Default: dropped. */
  setOnline(on: boolean, how?: 'active' | 'dropped'): void
  /** Another client of this account logs in or out. */
  setDevice(device: ClientDevice, on: boolean): void
  /** On the profile card, ten a day and person. */
  like(userId: number, times: number): void
  setTyping(toId: number, on: boolean): void
  setRemark(userId: number, remark: string): void
  /** Returns the id of the note. */
  addFavourite(text: string, brief?: string): string
}

export function accountActs(stage: Stage, userId: UserId): AccountActs {
  const { env, commit } = stage
  return {
    setNickname: (nickname) => commit(accounts.setProfile(stage.state, env, userId, { nickname })),
    setProfile: (change) => commit(accounts.setProfile(stage.state, env, userId, change)),
    setAvatar: (image) => commit(accounts.setAvatar(stage.state, env, userId, image)),
    setStatus: (status) => commit(accounts.setStatus(stage.state, env, userId, status)),
    setModel: (model) => commit(accounts.setModel(stage.state, env, userId, model)),
    setOnline: (on, how) => commit(accounts.setOnline(stage.state, env, userId, { on, how })),
    setDevice: (device, on) => commit(accounts.setDevice(stage.state, env, userId, { device, on })),
    like: (other, times) => commit(accounts.like(stage.state, env, userId, { userId: other as UserId, times })),
    setTyping: (to, on) => commit(accounts.setTyping(stage.state, env, userId, { toId: to as UserId, on })),
    setRemark: (other, remark) =>
      commit(accounts.setRemark(stage.state, env, userId, { userId: other as UserId, remark })),
    addFavourite: (text, brief) => {
      const happenings = accounts.addFavourite(stage.state, env, userId, { text, brief })
      commit(happenings)
      return happenings[0].favourite.id
    },
  }
}
