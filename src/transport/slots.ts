// Things under way by number, in places that are used again. A Map with steady coming and going makes a new table every few
// dozen entries; V8 links the outworn ones, and once one of them is old they keep everything that was ever in flight until
// the next full collection: half the time of all young-generation collections went into moving answered calls.

export interface Slots<T> {
  readonly size: number
  /** Returns its number: a positive integer that no other one gets, of whatever table. */
  add(value: T): number
  get(number: number): T | undefined
  /** It is under way no more. */
  take(number: number): T | undefined
  /** Whether it was given by this table, at whatever time. */
  wasGiven(number: number): boolean
  /** In no order. */
  numbers(): number[]
}

/** Most that may be in one table. Numbers are exact for a hundred thousand million entries. */
const places = 2 ** 16
let last = 0

/** Throws RangeError when 65,536 are under way. */
export function createSlots<T>(): Slots<T> {
  const values: (T | undefined)[] = []
  /** 0: free. */
  const taken: number[] = []
  const free: number[] = []
  const first = last

  function isTaken(number: number): boolean {
    return number > 0 && taken[number % places] === number
  }

  return {
    get size() {
      return values.length - free.length
    },
    add(value) {
      const place = free.pop() ?? values.length
      if (place >= places) throw new RangeError('too many are under way')
      const number = ++last * places + place
      values[place] = value
      taken[place] = number
      return number
    },
    get: (number) => (isTaken(number) ? values[number % places] : undefined),
    take(number) {
      if (!isTaken(number)) return undefined
      const place = number % places
      const value = values[place]
      values[place] = undefined
      taken[place] = 0
      free.push(place)
      return value
    },
    wasGiven(number) {
      const order = Math.floor(number / places)
      return order > first && order <= last && number % places < values.length
    },
    numbers: () => taken.filter((number) => number !== 0),
  }
}
