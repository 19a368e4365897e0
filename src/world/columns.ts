// Many records of one kind as columns: what all of them share is there once, so that a large world is read quickly.

/** One value for each record, or the one that all of them have. */
export type Column<T> = T | readonly T[]

export type Columns<T> = { [K in keyof T]?: Column<T[K]> }

/** Values must not be lists themselves. */
export function toColumns<T extends object>(records: readonly T[], keys: readonly (keyof T)[]): Columns<T> {
  const columns: Columns<T> = {}
  for (const key of keys) {
    const values = records.map((record) => record[key])
    const [first] = values
    columns[key] = values.every((value) => value === first) ? (first as T[typeof key]) : values
  }
  return columns
}

/** `missing`: for a column that an older version did not write. */
export function valueAt<T extends string | number | null>(column: Column<T> | undefined, at: number, missing: T): T {
  if (column === undefined) return missing
  return typeof column === 'object' && column !== null ? (column[at] ?? missing) : column
}
