import { expect, test } from 'vitest'
import { isLocalPeer } from '../../src/transport/peer.ts'

test.each<[string | undefined, Record<string, string>, boolean]>([
  ['127.0.0.1', {}, true],
  ['::ffff:127.0.0.1', {}, true],
  ['::1', {}, true],
  ['192.0.2.1', {}, false],
  ['192.0.2.1', { 'x-forwarded-for': '127.0.0.1' }, false],
  [undefined, {}, false],
  ...['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].map((name): [string, Record<string, string>, boolean] => [
    '127.0.0.1',
    { [name]: '' },
    false,
  ]),
])('%s with %j: %s', (remote, headers, expected) => {
  expect(isLocalPeer(remote, headers)).toBe(expected)
})
