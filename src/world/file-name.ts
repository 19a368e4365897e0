// Which names files and folders of a group may have.

// oxlint-disable-next-line no-control-regex
const refused = /[\u0000-\u001f\u007f/\\]/

/** One path part of 1 to 255 bytes. */
export function isFileName(name: string): boolean {
  return (
    name !== '.' && name !== '..' && !refused.test(name) && name !== '' && new TextEncoder().encode(name).length <= 255
  )
}

/** `/`, or a path of file names that starts with a slash. */
export function isFolder(path: string): boolean {
  return path === '/' || (path.startsWith('/') && path.slice(1).split('/').every(isFileName))
}
