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
