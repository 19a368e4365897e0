// Reads the configuration file again and has the bridge follow it; when that cannot be, the one that runs stays.
import type { Bridge } from '../bridge.ts'
import { describeFailure } from './guard.ts'
import { readConfigFile } from './config-file.ts'

/** What the bridge does with it, it logs. Never rejects. */
export async function reload(bridge: Bridge, file: string, reason: string): Promise<void> {
  try {
    const { changes, later } = await bridge.apply(await readConfigFile(file, 'fresh'))
    const count = changes.length + later.length
    process.stdout.write(`${reason}: ${file} ${count === 0 ? 'asks for nothing new' : 'is followed'}\n`)
  } catch (error) {
    process.stderr.write(
      `${reason}: ${file} is not followed, the configuration before it stays.\n${describeFailure(error)}`,
    )
  }
}
