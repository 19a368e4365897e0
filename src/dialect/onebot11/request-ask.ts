// Requests for what only Tencent's servers can do: the action of that purpose, with its own parameters.
import { onebot11Actions, type OneBot11ActionRow } from '../../../mappings/onebot11-actions.ts'
import type { Params } from '../../core/action.ts'
import { toObject } from '../../core/read.ts'
import type { OneBotRequest, RequestIds } from './request.ts'
import { printUpload } from './request-files.ts'
import type { SourceFields } from './source.ts'

/** The first action of a kind is the one asked of backends. */
const names = new Map(
  Object.entries<OneBot11ActionRow>(onebot11Actions)
    .toReversed()
    .map(([name, { ask }]) => [ask, name]),
)

export function printAsk({ kind, params }: Params<'server.ask'>, ids: RequestIds): OneBotRequest {
  const action = names.get(kind) as string
  const image = kind === 'ocr' ? (toObject(params['image']) as SourceFields | undefined) : undefined
  return { action, params: image ? { ...params, image: printUpload('image', image, ids) } : params }
}
