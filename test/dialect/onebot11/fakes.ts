// Ids and a view for tests of the grammar.
import type { MessageId, RequestId } from '../../../src/core/ids.ts'
import type { View } from '../../../src/core/ports.ts'
import type { EventIds } from '../../../src/dialect/onebot11/wire.ts'
import type { RequestIds } from '../../../src/dialect/onebot11/action-print.ts'

export const emptyView: View = {
  profile: () => undefined,
  friend: () => undefined,
  group: () => undefined,
  member: () => undefined,
  message: () => undefined,
}

/** Native ids stay as they are; media get an M in front. */
export function fakeEventIds(): EventIds & { calls: unknown[] } {
  const calls: unknown[] = []
  return {
    calls,
    message: (native, peer) => {
      calls.push(['message', native, peer])
      return Number(native) as MessageId
    },
    media: (medium) => {
      calls.push(['media', medium])
      return `M${medium.native}`
    },
    received: (native, content) => {
      calls.push(['received', native, content])
      return Number(native.native) as MessageId
    },
    request: (record) => {
      calls.push(['request', record])
      return 77 as RequestId
    },
  }
}

export const fakeSendIds: RequestIds = {
  message: (id) => `${id}00`,
  source: (segment) =>
    segment.id
      ? { kind: 'native', value: `n-${segment.id}` }
      : segment.url
        ? { kind: 'url', value: segment.url }
        : segment.base64
          ? { kind: 'base64', value: segment.base64 }
          : { kind: 'path', value: segment.path ?? '' },
  request: () => ({ kind: 'invite', native: 'F1', userId: 1 as never }),
}
