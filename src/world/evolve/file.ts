// Changes of the files and folders of a group.
import type { StoredFile, WorldGroup } from '../state.ts'
import { type Evolution, groupOf } from './evolution.ts'

export const fileEvolution: Pick<Evolution, `file.${string}` & keyof Evolution> = {
  'file.upload': (state, { groupId, file }) => void groupOf(state, groupId).files.set(file.id, file),
  'file.move': (state, { groupId, id, folderId, time }) =>
    change(groupOf(state, groupId), id, { folderId, modifyTime: time }),
  'file.rename': (state, { groupId, id, name, time }) =>
    change(groupOf(state, groupId), id, { name, modifyTime: time }),
  'file.keep': (state, { groupId, id }) => change(groupOf(state, groupId), id, { deadTime: 0 }),
  'file.delete': (state, { groupId, id }) => void groupOf(state, groupId).files.delete(id),
  'file.folder.create': (state, { groupId, folder }) => void groupOf(state, groupId).folders.set(folder.id, folder),
  'file.folder.delete': (state, { groupId, id }) => deleteFolder(groupOf(state, groupId), id),
}

/** A new object: who was told of the old one keeps it as it was. */
function change(group: WorldGroup, id: string, changes: Partial<StoredFile>): void {
  const file = group.files.get(id)
  if (file) group.files.set(id, { ...file, ...changes })
}

function deleteFolder(group: WorldGroup, id: string): void {
  group.folders.delete(id)
  for (const file of group.files.values()) if (file.folderId === id) group.files.delete(file.id)
  for (const folder of group.folders.values()) if (folder.parentId === id) deleteFolder(group, folder.id)
}
