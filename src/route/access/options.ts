// Which actions the clients behind a route may ask for, as a configuration says it.
import * as v from 'valibot'
import { listOf } from '../filter/lists.ts'
import { actionWords, isRawName } from './action-names.ts'

const action = v.union([v.picklist(actionWords), v.custom<string>(isRawName)], 'is no action')

/** What the bridge answers from itself (get_version_info, get_status, about) is always allowed. */
export const ActionListOptions = listOf(action)
export type ActionListOptions = v.InferOutput<typeof ActionListOptions>
