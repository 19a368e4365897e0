// Writes to the journal of a folder until it has no more room, and prints the error. Argument: the folder.
import { openJournal } from '../../src/state/journal.ts'

const [folder = ''] = process.argv.slice(2)
const journal = openJournal({ folder, durability: 'normal', restore: () => true, onDamage: () => {} })
try {
  for (let at = 0; ; at++) journal.append(Buffer.from(`${JSON.stringify([at, 'x'.repeat(800)])}\n`))
} catch (error) {
  process.stdout.write((error as NodeJS.ErrnoException).code ?? '')
}
