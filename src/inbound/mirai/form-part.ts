// The one file that an upload is about.
import { BridgeError } from '../../core/error.ts'
import type { Form } from './multipart.ts'

/** Bytes and file name. Throws `badParameter`, in mah's words for a part that is missing or is text. */
export function needPart({ fields, files }: Form, name: string): [bytes: Uint8Array, name?: string] {
  const file = files.get(name)
  if (file && file.bytes.length > 0) return file.name === undefined ? [file.bytes] : [file.bytes, file.name]
  throw new BridgeError('badParameter', Object.hasOwn(fields, name) ? `缺少参数 ${name}` : '无效参数')
}
