// The latest entries by key, in two generations: when the young one is full it becomes the old one, and the old one goes.
// Deleting single oldest keys from a Map costs a walk over its tombstones; here nothing is ever deleted.

export interface Recent<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
}

/** Keeps between `kept` and twice as many entries. */
export function createRecent<K, V>(kept: number): Recent<K, V> {
  let young = new Map<K, V>()
  let old = new Map<K, V>()

  function set(key: K, value: V): void {
    young.set(key, value)
    if (young.size < kept) return
    old = young
    young = new Map()
  }

  function get(key: K): V | undefined {
    const value = young.get(key)
    if (value !== undefined) return value
    const older = old.get(key)
    if (older !== undefined) set(key, older)
    return older
  }

  return { get, set }
}

export interface SharedRecent<O, K, V> {
  get(owner: O, key: K): V | undefined
  set(owner: O, key: K, value: V): void
}

/** The same for many owners who share the room: between `kept` and twice as many entries in all. */
export function createSharedRecent<O, K, V>(kept: number): SharedRecent<O, K, V> {
  let young = new Map<O, Map<K, V>>()
  let old = young
  let size = 0

  function set(owner: O, key: K, value: V): void {
    let own = young.get(owner)
    if (!own) young.set(owner, (own = new Map()))
    size -= own.size
    own.set(key, value)
    size += own.size
    if (size < kept) return
    old = young
    young = new Map()
    size = 0
  }

  function get(owner: O, key: K): V | undefined {
    const value = young.get(owner)?.get(key)
    if (value !== undefined) return value
    const older = old.get(owner)?.get(key)
    if (older !== undefined) set(owner, key, older)
    return older
  }

  return { get, set }
}
