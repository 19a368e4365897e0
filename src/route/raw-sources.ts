// What passes to a backend uninterpreted may name local files all the same: found by the look of the values.
import { BridgeError } from '../core/error.ts'
import { localRefusal, readAllowed, type LocalFiles } from './local-file.ts'

/** A `file:` address, a drive or a network share: nothing else looks like that. */
const surelyLocal = /^\s*(?:file:|[a-z]:[\\/]|\\\\)/i

/** A Unix path, or the id of a group's folder, or words. `/` alone is a folder. */
const rooted = /^\s*\/[^\s]/

/** Members that people read, or a program does: a `/` in front is a command or the beginning of a sentence. */
const words =
  /(?:^|_)(?:message|text|content|title|desc|description|name|words?|comment|reason|prompt|brief|summary|remark|wording|data|cmd|suffix|card)$|Name$/

/** Members that hold ids or folders of groups. These have a `/` in front now and then, and no other. */
const handles = /(?:^|_)(?:id|ids|fid|uuid|folder|directory|parent)$|Id$/
const handle = /^\s*\/[^/\\]*\/?\s*$/

/** A CQ code in a text that names a local file. */
const codeWithLocal = /\[CQ:[^\]]*=\s*(?:file:|[a-z]:[\\/]|\\\\|\/[^,\]\s])/i

/**
 * The same value when nothing had to be changed. Files inside of the roots are read and become `base64://`; others throw
 * `forbiddenSource`, unless paths may pass.
 */
export function admitRaw<T>(value: T, options: LocalFiles): T {
  return admitValue(value, '', options) as T
}

function admitValue(value: unknown, key: string, options: LocalFiles): unknown {
  if (typeof value === 'string') return admitText(value, key, options)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return admitList(value, key, options)
  let changed: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    const admitted = admitValue(inner, name, options)
    if (admitted !== inner) (changed ??= { ...value })[name] = admitted
  }
  return changed ?? value
}

function admitList(values: readonly unknown[], key: string, options: LocalFiles): readonly unknown[] {
  const admitted = values.map((value) => admitValue(value, key, options))
  return admitted.some((value, at) => value !== values[at]) ? admitted : values
}

function isHarmless(text: string, key: string): boolean {
  return words.test(key) || (handles.test(key) && handle.test(text))
}

function admitText(text: string, key: string, options: LocalFiles): string {
  if (codeWithLocal.test(text) && !options.mayPassPaths) throw new BridgeError('forbiddenSource', localRefusal)
  const local = surelyLocal.test(text) || (rooted.test(text) && !isHarmless(text, key))
  const bytes = local ? readAllowed(text.trim(), options) : undefined
  return bytes ? `base64://${Buffer.from(bytes).toString('base64')}` : text
}
