// Files of groups, and files sent in private.
import * as v from 'valibot'
import { GroupId, Peer, UserId } from '../ids.ts'
import { define, flag, inGroup, none, source } from './define.ts'

/** The root folder has the id "/". */
export const RemoteFile = v.object({
  groupId: GroupId,
  id: v.string(),
  name: v.string(),
  isFolder: v.boolean(),
  /** Folder that holds it, "/" for the root. */
  parentId: v.string(),
  /** Names from the root: "/docs/a.txt". */
  path: v.string(),
  sizeBytes: v.number(),
  uploaderId: v.optional(UserId),
  uploaderName: v.optional(v.string()),
  uploadTime: v.optional(v.number()),
  modifyTime: v.optional(v.number()),
  /** Unix seconds when a temporary file dies, 0 for ever. */
  deadTime: v.optional(v.number()),
  downloadTimes: v.optional(v.number()),
  /** Files inside a folder. */
  fileCount: v.optional(v.number()),
  /** Upper-case hex. */
  sha1: v.optional(v.string()),
  md5: v.optional(v.string()),
  busId: v.optional(v.number()),
  url: v.optional(v.string()),
})
export type RemoteFile = v.InferOutput<typeof RemoteFile>

const ofFile = { ...inGroup, fileId: v.string() }

export const fileActions = {
  /** Direct contents of a folder. `withUrl`: each file with its address. `count`: at most so many files, all without. */
  'file.list': define(
    v.object({ ...inGroup, folderId: v.optional(v.string()), withUrl: flag, count: v.optional(v.number()) }),
    v.array(RemoteFile),
  ),
  'file.get': define(v.object({ ...ofFile, withUrl: flag }), RemoteFile),
  /** In a group the file stands in `folderId`; in private it arrives as a message. `fileId` where the backend says it. */
  'file.upload': define(
    v.object({ peer: Peer, name: v.string(), folderId: v.optional(v.string()), ...source }),
    v.object({ fileId: v.optional(v.string()), file: v.optional(RemoteFile) }),
  ),
  'file.delete': define(v.object(ofFile), none),
  'file.move': define(v.object({ ...ofFile, fromFolderId: v.optional(v.string()), toFolderId: v.string() }), none),
  'file.rename': define(v.object({ ...ofFile, folderId: v.optional(v.string()), name: v.string() }), none),
  /** A temporary file becomes a lasting one. */
  'file.keep': define(v.object(ofFile), none),
  /** Without a peer: a file that was sent in private, nobody said by whom. */
  'file.url': define(
    v.object({ peer: v.optional(Peer), fileId: v.string(), busId: v.optional(v.number()) }),
    v.object({ url: v.string() }),
  ),
  'file.folder.create': define(
    v.object({ ...inGroup, name: v.string(), parentId: v.optional(v.string()) }),
    RemoteFile,
  ),
  'file.folder.delete': define(v.object({ ...inGroup, folderId: v.string() }), none),
  'file.space': define(
    v.object(inGroup),
    v.object({ fileCount: v.number(), limitCount: v.number(), usedBytes: v.number(), totalBytes: v.number() }),
  ),
}
