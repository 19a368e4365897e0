// Group files for clients. The root folder is called "/" in every respect; a file in it has it as parent.
import type { RemoteFile } from '../../core/actions/file.ts'
import type { WireObject } from '../../core/read.ts'

export interface FilePrinting {
  /** As printed by `printGroup`. */
  group: WireObject
  /** The folder that holds it, printed; null for the root only. */
  parent: WireObject | null
  /** Show where it can be downloaded. Default false. */
  withDownloadInfo?: boolean
}

export function printRootFolder(group: WireObject): WireObject {
  return printEntry({ name: '/', id: '/', path: '/', isFolder: true }, null, group)
}

/** All members are always there; those about bytes and authors are null for folders. */
export function printFile(file: RemoteFile, { group, parent, withDownloadInfo = false }: FilePrinting): WireObject {
  return {
    ...printEntry(file, parent, group),
    ...(!file.isFolder && {
      size: file.sizeBytes,
      sha1: file.sha1?.toUpperCase() ?? null,
      md5: file.md5?.toUpperCase() ?? null,
      uploaderId: file.uploaderId ?? null,
      uploadTime: file.uploadTime ?? null,
      lastModifyTime: file.modifyTime ?? file.uploadTime ?? null,
      downloadInfo: withDownloadInfo ? printDownloadInfo(file) : null,
    }),
  }
}

type Entry = Pick<RemoteFile, 'name' | 'id' | 'path' | 'isFolder'>

/** `isDictionary` is mah's old spelling, still written. */
function printEntry({ name, id, path, isFolder }: Entry, parent: WireObject | null, group: WireObject): WireObject {
  return {
    name,
    id,
    path,
    parent,
    contact: group,
    isFile: !isFolder,
    isDictionary: isFolder,
    isDirectory: isFolder,
    size: 0,
    sha1: null,
    md5: null,
    uploaderId: null,
    uploadTime: null,
    lastModifyTime: null,
    downloadInfo: null,
  }
}

/** mah does not know how often a file was fetched. */
function printDownloadInfo(file: RemoteFile): WireObject {
  return {
    sha1: file.sha1?.toUpperCase() ?? '',
    md5: file.md5?.toUpperCase() ?? '',
    downloadTimes: 0,
    uploaderId: file.uploaderId ?? 0,
    uploadTime: file.uploadTime ?? 0,
    lastModifyTime: file.modifyTime ?? file.uploadTime ?? 0,
    url: file.url ?? '',
  }
}
