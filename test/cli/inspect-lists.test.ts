// What inspect shows of actions that routes forbid.
import { expect, test } from 'vitest'
import { withLists } from '../../src/cli/inspect-lists.ts'
import { parseConfig } from '../../src/config.ts'
import { inspectPair } from '../../src/translate/inspect.ts'

const config = parseConfig({
  backends: { lab: { dialect: 'embedded' }, other: { dialect: 'embedded' } },
  inbounds: { bots: { dialect: 'onebot11' }, more: { dialect: 'onebot11' } },
  routes: [
    { from: ['bots', 'more'], to: 'lab', actions: { not: ['leave', 'send_private_msg'] } },
    { from: 'more', to: ['lab'], actions: ['group', 'send_group_msg'] },
    { from: 'more', to: 'other' },
  ],
})

function shown(from: string, to: string, name: string) {
  const rows = withLists(inspectPair('onebot11', 'embedded'), config, [from, to])
  const { fidelity, reason } = rows.find((row) => row.kind === 'action' && row.name === name) ?? {}
  return [fidelity, reason]
}

test.each([
  ['bots', 'lab', 'group.leave', 'refused', 'forbidden by routes.0.actions'],
  ['bots', 'lab', 'message.send', 'exact', 'routes.0.actions forbids a part of it'],
  ['bots', 'lab', 'friend.list', 'exact', undefined],
  ['more', 'lab', 'friend.list', 'refused', 'forbidden by routes.1.actions'],
  ['more', 'lab', 'group.list', 'exact', undefined],
  ['more', 'other', 'group.leave', 'exact', undefined],
])('%s to %s: %s is %s, %s', (from, to, name, fidelity, reason) => {
  expect(shown(from, to, name)).toEqual([fidelity, reason])
})
