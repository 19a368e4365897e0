// What older mah servers cannot do or spell differently; the version is what /about says.

/** First version with each ability. Source: changelog and DTOs of mirai-api-http. */
const since = {
  directoryName: '2.1.0',
  memberAdmin: '2.3.0',
  userProfile: '2.5.0',
  announcements: '2.5.0',
  /** messageFromId and recall by number and conversation, instead of by number alone. */
  idsPerConversation: '2.6.0',
  roamingMessages: '2.6.0',
  latestMemberList: '2.8.0',
  kickBlock: '2.8.0',
  forwardDisplay: '2.8.0',
} as const

/** An unknown version counts as the newest. */
export function isAble(version: string, ability: keyof typeof since): boolean {
  const have = parts(version)
  const need = parts(since[ability])
  const at = need.findIndex((part, index) => (have[index] ?? 0) !== part)
  return have.length === 0 || at < 0 || (have[at] ?? 0) > (need[at] ?? 0)
}

function parts(version: string): number[] {
  const digits = /^v?([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1]
  return digits?.split('.').map(Number) ?? []
}
