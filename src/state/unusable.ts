// What SQLite and the system say of a data folder, in the words of this bridge: is the file damaged, or can it not be had?
import { BridgeError, type ErrorKind } from '../core/error.ts'

/** A file that says of itself that it is none of ours, or that its parts do not fit together. */
export class DamagedFile extends Error {}

interface SystemError extends Error {
  code?: string
  /** SQLite's; its lowest byte names the kind. */
  errcode?: number
}

const sqlite = 'ERR_SQLITE_ERROR'
/** SQLITE_ERROR: tables that it should have are missing, or those that it should not have are there. CORRUPT, NOTADB. */
const damaged = new Set([1, 11, 26])

export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedFile) return true
  const { code, errcode = 0 } = error as SystemError
  return code === sqlite && damaged.has(errcode & 0xff)
}

type Verdict = readonly [ErrorKind, string]

const full: Verdict = ['busy', 'the disk is full']
const forbidden: Verdict = ['noPermission', 'this user may not write there']
const misplaced: Verdict = ['badParameter', 'something else has its name']
/** FULL; PERM, READONLY, CANTOPEN; BUSY, LOCKED. */
const ofSqlite = new Map<number, Verdict>([
  [13, full],
  [3, forbidden],
  [8, forbidden],
  [14, forbidden],
  [5, ['busy', 'another program holds the data file']],
  [6, ['busy', 'another program holds the data file']],
])
const ofSystem = new Map<string, Verdict>([
  ['ENOSPC', full],
  ['EDQUOT', full],
  ['EACCES', forbidden],
  ['EPERM', forbidden],
  ['EROFS', forbidden],
  ['EEXIST', misplaced],
  ['ENOTDIR', misplaced],
  ['EISDIR', misplaced],
])

/** A BridgeError for what a person can mend; anything else as it is. */
export function toUnusable(folder: string, error: unknown): unknown {
  if (error instanceof BridgeError) return error
  const { code = '', errcode = 0, message } = error as SystemError
  const verdict = code === sqlite ? (ofSqlite.get(errcode & 0xff) ?? ['busy', 'it failed']) : ofSystem.get(code)
  if (!verdict) return error
  const [kind, why] = verdict
  return new BridgeError(kind, `the data folder ${folder} cannot be used: ${why} (${message})`, { cause: error })
}
