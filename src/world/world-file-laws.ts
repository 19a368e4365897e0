// Laws of a world file that its schema cannot say: who is named must be there, one owner each, nothing twice.
import type { WorldFile } from './world-file.ts'

export function findFaults(file: WorldFile): string[] {
  const faults: string[] = []
  const accounts = new Set<number>()
  for (const [at, account] of file.accounts.entries()) {
    if (accounts.has(account.id)) faults.push(`accounts.${at}.id: account ${account.id} is there twice`)
    accounts.add(account.id)
  }
  findFriendFaults(file, accounts, faults)
  findAccountFaults(file, accounts, faults)
  const groups = new Set<number>()
  for (const [at, group] of file.groups.entries()) {
    if (groups.has(group.id)) faults.push(`groups.${at}.id: group ${group.id} is there twice`)
    groups.add(group.id)
    findGroupFaults(group, `groups.${at}`, accounts, faults)
  }
  findRequestFaults(file, { accounts, groups }, faults)
  return faults
}

function findAccountFaults(file: WorldFile, accounts: Set<number>, faults: string[]): void {
  for (const [at, { likes = [], devices = [] }] of file.accounts.entries()) {
    for (const [place, { by }] of likes.entries())
      if (!accounts.has(by)) faults.push(`accounts.${at}.likes.${place}.by: no account ${by} in accounts`)
    const ids = new Set(devices.map(({ id }) => id))
    if (ids.size < devices.length) faults.push(`accounts.${at}.devices: an id is there twice`)
  }
}

function findRequestFaults(
  { requests = [] }: WorldFile,
  { accounts, groups }: { accounts: Set<number>; groups: Set<number> },
  faults: string[],
): void {
  for (const [at, { kind, user, to, group }] of requests.entries()) {
    const path = `requests.${at}`
    if (!accounts.has(user)) faults.push(`${path}.user: no account ${user} in accounts`)
    if (to !== undefined && !accounts.has(to)) faults.push(`${path}.to: no account ${to} in accounts`)
    if (group !== undefined && !groups.has(group)) faults.push(`${path}.group: no group ${group} in groups`)
    if (kind === 'join' ? to !== undefined : to === undefined)
      faults.push(
        `${path}.to: ${kind === 'join' ? 'not with join, any admin may answer' : 'is missing, who is asked?'}`,
      )
    if (kind !== 'friend' && group === undefined) faults.push(`${path}.group: is missing`)
  }
}

function findFriendFaults(file: WorldFile, accounts: Set<number>, faults: string[]): void {
  const pairs = new Set<string>()
  for (const [at, friend] of file.friends.entries()) {
    const path = `friends.${at}`
    if (!accounts.has(friend.of)) faults.push(`${path}.of: no account ${friend.of} in accounts`)
    if (!accounts.has(friend.id)) faults.push(`${path}.id: no account ${friend.id} in accounts`)
    if (friend.of === friend.id) faults.push(`${path}.id: nobody is a friend of themselves`)
    const pair = `${friend.of}>${friend.id}`
    if (pairs.has(pair)) faults.push(`${path}: ${friend.id} is a friend of ${friend.of} twice`)
    pairs.add(pair)
  }
}

type GroupOfFile = WorldFile['groups'][number]

function findGroupFaults(group: GroupOfFile, path: string, accounts: Set<number>, faults: string[]): void {
  const members = new Set<number>()
  for (const [at, member] of group.members.entries()) {
    if (members.has(member.id)) faults.push(`${path}.members.${at}.id: member ${member.id} is there twice`)
    members.add(member.id)
  }
  const owners = group.members.filter((member) => member.role === 'owner').length
  if (owners !== 1) faults.push(`${path}.members: group ${group.id} needs exactly one owner, it has ${owners}`)
  const ids = new Set<string>()
  for (const [at, file] of group.files.entries()) {
    if (!accounts.has(file.uploader) && !members.has(file.uploader)) {
      faults.push(`${path}.files.${at}.uploader: no account ${file.uploader}`)
    }
    if (file.id !== undefined && ids.has(file.id)) faults.push(`${path}.files.${at}.id: ${file.id} is there twice`)
    if (file.id !== undefined) ids.add(file.id)
    const contents = [file.text, file.base64, file.size].filter((content) => content !== undefined).length
    if (contents > 1) faults.push(`${path}.files.${at}: only one of text, base64 and size`)
  }
  const paths = (group.folders ?? []).map((folder) => folder.path)
  if (new Set(paths).size < paths.length) faults.push(`${path}.folders: a path is there twice`)
  for (const [honor, holders] of Object.entries(group.honors ?? {})) {
    for (const { id } of holders)
      if (!members.has(id)) faults.push(`${path}.honors.${honor}: ${id} is not a member of group ${group.id}`)
  }
  for (const [at, { sender }] of (group.notices ?? []).entries()) {
    if (!accounts.has(sender) && !members.has(sender)) faults.push(`${path}.notices.${at}.sender: no account ${sender}`)
  }
}
