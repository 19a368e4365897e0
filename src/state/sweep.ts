// Pieces of a large body pass through memory. V8 counts them as garbage worth collecting only from 64 MiB on, so that an upload
// of 100 MiB would cost that much: small collections on the way keep it at a few MiB. One takes a millisecond or two.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: { type: 'minor' }) => void

const sweepBytes = 8 * 1024 * 1024

let collect: Collect | undefined

/** Made once something large comes: this process can do without until then. */
function getCollect(): Collect {
  if (collect) return collect
  setFlagsFromString('--expose-gc')
  collect = runInNewContext('gc') as Collect
  return collect
}

/** Told of each piece that has gone where it belongs. */
export function createSweep(): (bytes: number) => void {
  let passed = 0
  return (bytes) => {
    passed += bytes
    if (passed < sweepBytes) return
    passed = 0
    getCollect()({ type: 'minor' })
  }
}
