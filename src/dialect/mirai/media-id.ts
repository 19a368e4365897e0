// Names of images, voices and videos: 32 hex digits and an extension in the canonical model, three older shapes on the mirai wire.

const canonical = /^([0-9A-F]{32})\.([A-Za-z0-9]{1,8})$/i
const braced = /^\{([0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12})\}(?:\.([A-Za-z0-9]{1,8}))?$/i
const slashed = /^\/([0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12})$/i
const numbered = /^\/[0-9]{1,20}-[0-9]{1,20}-([0-9A-F]{32})$/i

/** `{8-4-4-4-12}.ext`. What is not a canonical id stays as it is: ids are opaque to clients. */
export function toImageId(id: string): string {
  const [, hex, extension] = canonical.exec(id) ?? []
  return hex === undefined ? id : `{${toGuid(hex.toUpperCase())}}.${extension}`
}

/** All shapes that mirai accepts, and the bare one. undefined: none of them. */
export function fromImageId(text: string): string | undefined {
  const bare = canonical.exec(text)
  if (bare) return `${(bare[1] as string).toUpperCase()}.${bare[2]}`
  const guid = braced.exec(text) ?? slashed.exec(text)
  const hex = guid ? (guid[1] as string).replaceAll('-', '') : numbered.exec(text)?.[1]
  return hex === undefined ? undefined : `${hex.toUpperCase()}.${guid?.[2] ?? 'jpg'}`
}

/** mah names every voice `<MD5>.amr`. */
export function toVoiceId(id: string): string {
  const hex = canonical.exec(id)?.[1]
  return hex === undefined ? id : `${hex.toUpperCase()}.amr`
}

/** Canonical when its stem is an MD5; other names are handed on as they are. */
export function fromVoiceId(text: string): string {
  const match = /^\{?([0-9A-F]{8}-?(?:[0-9A-F]{4}-?){3}[0-9A-F]{12})\}?(?:\.([A-Za-z0-9]{1,8}))?$/i.exec(text)
  return match ? `${(match[1] as string).replaceAll('-', '').toUpperCase()}.${match[2] ?? 'amr'}` : text
}

const imageTypes = new Map([
  ['png', 'PNG'],
  ['bmp', 'BMP'],
  ['jpg', 'JPG'],
  ['jpeg', 'JPG'],
  ['gif', 'GIF'],
  ['apng', 'APNG'],
])

export function toImageType(id: string | undefined): string {
  return imageTypes.get(splitName(id ?? '').extension.toLowerCase()) ?? 'UNKNOWN'
}

export function splitName(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? { stem: name.slice(0, dot), extension: name.slice(dot + 1) } : { stem: name, extension: '' }
}

function toGuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
