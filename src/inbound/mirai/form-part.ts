// The one file that an upload is about.
import { BridgeError } from '../../core/error.ts'
import type { Form, UploadedFile } from './multipart.ts'

/** Throws `badParameter`, in mah's words for a part that is missing or is text. */
export function needPart({ fields, files }: Form, name: string): UploadedFile {
  const file = files.get(name)
  if (file && file.received.sizeBytes > 0) return file
  throw new BridgeError('badParameter', Object.hasOwn(fields, name) ? `缺少参数 ${name}` : '无效参数')
}
