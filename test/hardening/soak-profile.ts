// Where the bridge of the soak spends its time: a sampling profile of the whole run, for Chrome's DevTools.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

/** Microseconds between two samples. */
const everyUs = 1000

export async function startProfile(path: string): Promise<{ end(): Promise<void> }> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: everyUs })
  await session.post('Profiler.start')
  return {
    async end() {
      const { profile } = await session.post('Profiler.stop')
      writeFileSync(path, JSON.stringify(profile))
      session.disconnect()
    },
  }
}
