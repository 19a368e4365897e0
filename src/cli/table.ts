// Text for terminals: columns that stand under each other, and words of strangers made harmless.

/** The last column is not padded. */
export function printTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, widthOf(cell))))
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => cell + ' '.repeat((widths[at] as number) - widthOf(cell))).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g

/** Chinese characters take two columns. */
function widthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0)
}

/** Words of others must not move the cursor, change colours or fake a line. */
export function toPrintable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\u{fffd}')
}

/** A whole number of seconds from a flag, as milliseconds; undefined when it is none. */
export function toMilliseconds(seconds: string): number | undefined {
  return /^[0-9]{1,6}(\.[0-9]{1,3})?$/.test(seconds) ? Number(seconds) * 1000 : undefined
}
