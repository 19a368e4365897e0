// Message id -> number of the batch that holds it, for one bot: open addressing in two typed arrays, 16 bytes an id at most.
// A Map of a million entries costs six times as much. Many small tables: one large table of a million grows in 40 ms, and
// everything waits for it.

export interface IdIndex {
  /** 0 when unknown. */
  get(id: number): number
  set(id: number, batch: number): void
  /** Unless a later batch has it, too. */
  remove(id: number, batch: number): void
}

const smallest = 16
/** 2^7 tables. */
const tableBits = 7

export function createIdIndex(): IdIndex {
  const tables: (IdIndex | undefined)[] = Array.from({ length: 1 << tableBits })
  return {
    get: (id) => tables[hash(id) >>> (32 - tableBits)]?.get(id) ?? 0,
    set: (id, batch) => (tables[hash(id) >>> (32 - tableBits)] ??= createTable()).set(id, batch),
    remove: (id, batch) => tables[hash(id) >>> (32 - tableBits)]?.remove(id, batch),
  }
}

/** Its high bits choose the table, its low bits the place. */
function hash(id: number): number {
  const mixed = Math.imul(id ^ (id >>> 16), 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

function createTable(): IdIndex {
  // No message has the id 0: it marks free places.
  let ids = new Int32Array(smallest)
  let batches = new Int32Array(smallest)
  let used = 0

  function place(id: number): number {
    const mask = ids.length - 1
    let at = hash(id) & mask
    while (ids[at] !== 0 && ids[at] !== id) at = (at + 1) & mask
    return at
  }

  function grow(): void {
    const [oldIds, oldBatches] = [ids, batches]
    ids = new Int32Array(oldIds.length * 2)
    batches = new Int32Array(ids.length)
    oldIds.forEach((id, at) => {
      if (id === 0) return
      const to = place(id)
      ids[to] = id
      batches[to] = oldBatches[at] as number
    })
  }

  /** Those behind move up, so that no search ends at a hole. */
  function fill(hole: number): void {
    const mask = ids.length - 1
    let free = hole
    for (let at = (hole + 1) & mask; ids[at] !== 0; at = (at + 1) & mask) {
      const home = hash(ids[at] as number) & mask
      if (((at - home) & mask) < ((at - free) & mask)) continue
      ids[free] = ids[at] as number
      batches[free] = batches[at] as number
      free = at
    }
    ids[free] = 0
    batches[free] = 0
  }

  return {
    get(id) {
      return batches[place(id)] as number
    },
    set(id, batch) {
      const at = place(id)
      batches[at] = batch
      if (ids[at] === id) return
      ids[at] = id
      if (++used * 2 > ids.length) grow()
    },
    remove(id, batch) {
      const at = place(id)
      if (ids[at] !== id || batches[at] !== batch) return
      used--
      fill(at)
    },
  }
}
