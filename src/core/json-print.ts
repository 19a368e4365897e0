// JSON text of a string without asking the general printer, which takes 0.25 us for a short one where this takes 0.1.

/** What JSON escapes, and surrogates: half of a pair alone is escaped, too. */
const special = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

/** The same as `JSON.stringify(text)`. */
export function printText(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`
}
