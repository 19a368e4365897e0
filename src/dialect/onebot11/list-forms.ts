// How long lists are written, row by row: as `printResult` prints them.
import type { OneBot11Result } from '../../../mappings/onebot11-actions.ts'
import type { Member } from '../../core/contact.ts'
import type { ListForm } from '../../core/ports.ts'
import { printGroup, printListedFriend, printMember } from './models.ts'

type Form<T> = Pick<ListForm<T>, 'print' | 'until'>

const forms = new Map<OneBot11Result, Form<never>>([
  ['friends', toForm(printListedFriend)],
  ['groups', toForm(printGroup)],
  ['members', { ...toForm(printMember), until: muteEnd } satisfies Form<Member>],
])

/** undefined: an answer of this model is no such list. */
export function listFormOf(model: OneBot11Result): Form<object> | undefined {
  return forms.get(model) as Form<object> | undefined
}

function toForm<T>(print: (row: T) => unknown): Form<T> {
  return { print: (row) => JSON.stringify(print(row)) }
}

/** A mute ends by itself. */
function muteEnd({ mutedUntil }: Member): number {
  const end = mutedUntil * 1000
  return end > Date.now() ? end : Infinity
}
