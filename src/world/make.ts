// Accounts, groups and members as they are at first.
import type { GroupId, UserId } from '../core/ids.ts'
import {
  type Account,
  defaultCategory,
  defaultSettings,
  type OnlineStatus,
  type WorldGroup,
  type WorldMember,
  type WorldState,
} from './state.ts'

export const plainStatus: OnlineStatus = { status: 10, extStatus: 0 }

export function emptyState(firstMessageId: number): WorldState {
  return {
    accounts: new Map(),
    bots: [],
    groups: new Map(),
    conversations: new Map(),
    messages: new Map(),
    forwards: new Map(),
    requests: new Map(),
    answers: new Map(),
    nextMessageId: firstMessageId,
    nextRequest: 1,
  }
}

export function newAccount(userId: UserId): Account {
  return {
    userId,
    bot: false,
    // For members that a world file names without an account.
    nickname: `user-${userId}`,
    sex: 'unknown',
    age: 0,
    level: 0,
    sign: '',
    email: undefined,
    online: true,
    status: plainStatus,
    model: '',
    avatar: undefined,
    likes: new Map(),
    favourites: [],
    customFaces: [],
    devices: new Map(),
    atAll: { day: 0, count: 0 },
    friends: new Map(),
    oneWay: new Map(),
    categories: [defaultCategory],
    groups: new Set(),
    blocked: new Set(),
    readMarks: new Map(),
  }
}

export function newGroup(groupId: GroupId, name: string): WorldGroup {
  return {
    groupId,
    name,
    members: new Map(),
    settings: { ...defaultSettings },
    maxMemberCount: 2000,
    avatar: undefined,
    joinOption: { type: 2, question: '', answer: '' },
    robotOption: { memberSwitch: 0, memberExamine: 0 },
    search: { byNumber: true, byFinger: true },
    files: new Map(),
    folders: new Map(),
    essence: new Map(),
    notices: new Map(),
    honors: new Map(),
    atAll: { day: 0, count: 0 },
    blocked: new Set(),
  }
}

export function newMember(start: Pick<WorldMember, 'userId' | 'role' | 'joinTime' | 'joinSeq'>): WorldMember {
  return {
    card: '',
    title: '',
    titleUntil: 0,
    level: 1,
    lastSpeakTime: 0,
    mutedUntil: 0,
    remark: '',
    signTime: 0,
    ...start,
  }
}

export function addAccount(state: WorldState, account: Account): void {
  state.accounts.set(account.userId, account)
  if (account.bot) state.bots.push(account.userId)
}
