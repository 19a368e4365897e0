// Acts on the files and folders of groups.
import type { GroupId, UserId } from '../../core/ids.ts'
import * as files from '../decide/file.ts'
import type { Stage } from './stage.ts'

export interface FileActs {
  /** Returns the id of the file. */
  upload(groupId: number, file: files.Upload): string
  /** `folderId`: `/` for the root. */
  moveFile(groupId: number, fileId: string, folderId: string): void
  renameFile(groupId: number, fileId: string, name: string): void
  /** A temporary file becomes a lasting one. */
  keepFile(groupId: number, fileId: string): void
  deleteFile(groupId: number, fileId: string): void
  /** Returns the id of the folder. */
  createFolder(groupId: number, name: string, parentId?: string): string
  /** With everything inside. */
  deleteFolder(groupId: number, folderId: string): void
}

export function fileActs(stage: Stage, operatorId: UserId): FileActs {
  const { env, commit } = stage
  const on = (groupId: number) => ({ operatorId, groupId: groupId as GroupId })
  const onFile = (groupId: number, id: string): files.OnFile => ({ ...on(groupId), id })
  return {
    upload: (groupId, file) => {
      const happenings = files.upload(stage.state, env, on(groupId), file)
      commit(happenings)
      const last = happenings.at(-1) as (typeof happenings)[number]
      return last.type === 'file.upload' ? last.file.id : last.folder.id
    },
    moveFile: (groupId, id, folderId) => commit(files.moveFile(stage.state, env, onFile(groupId, id), folderId)),
    renameFile: (groupId, id, name) => commit(files.renameFile(stage.state, env, onFile(groupId, id), name)),
    keepFile: (groupId, id) => commit(files.keepFile(stage.state, env, onFile(groupId, id))),
    deleteFile: (groupId, id) => commit(files.deleteFile(stage.state, env, onFile(groupId, id))),
    createFolder: (groupId, name, parentId) => {
      const happenings = files.createFolder(stage.state, env, on(groupId), { name, parentId })
      commit(happenings)
      return happenings[0].folder.id
    },
    deleteFolder: (groupId, id) => commit(files.deleteFolder(stage.state, env, on(groupId), id)),
  }
}
