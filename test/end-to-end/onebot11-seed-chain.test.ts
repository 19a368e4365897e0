// A client before a bridge before our own OneBot server is answered as one before the embedded core itself: for each of the
// 131 actions of the reference, in worlds that begin equal; and the worlds end equal.
import { expect, test } from 'vitest'
import { goldenActions, type GoldenAction } from '../golden/onebot11/actions.ts'
import type { Frame } from '../inbound/onebot11/support.ts'
import { accessToken, startBridge, type RunningBridge } from '../support/bridge.ts'
import { connectClient, happen, normalise, rename, seedWorld, type Names } from './seed-world.ts'

/** What the embedded core refuses, and so does the chain. */
const refused: Record<string, string> = {
  clean_cache: 'the core has no cache of its own',
  unknown: 'a placeholder of the reference, an unknown name in its implementation, too',
}

async function run(chained: boolean, { name, params }: GoldenAction): Promise<{ answer: Frame; world: unknown }> {
  await using inner = await startBridge({ backends: { world: { dialect: 'embedded', world: seedWorld() } } })
  await using outer = chained ? await startBefore(inner) : undefined
  const client = await connectClient(outer ?? inner)
  try {
    const names = await happen(inner, client)
    const answer = await client.call(name, rename(params, names))
    const back: Names = new Map([...names].map(([is, was]) => [was, `<${String(is)}>`]))
    return {
      answer: withoutTrace(normalise(rename(answer, back)) as Frame),
      world: normalise(rename(inner.world().export(), back)),
    }
  } finally {
    client.close()
  }
}

/** The outer one names its own trace where the inner one refused. */
function withoutTrace(answer: Frame): Frame {
  const wording = String(answer['wording']).replace(/ \(trace [0-9a-z-]+\)$/, '')
  return { ...answer, wording }
}

function startBefore(inner: RunningBridge): Promise<RunningBridge> {
  const ws = `ws://127.0.0.1:${inner.onebotPort}`
  return startBridge({ backends: { back: { dialect: 'onebot11', ws, accessToken } } })
}

test.each(goldenActions)('$name', async (row) => {
  const [direct, chained] = await Promise.all([run(false, row), run(true, row)])
  expect(chained.answer).toEqual(direct.answer)
  expect(chained.world).toEqual(direct.world)
  expect({ [row.name]: direct.answer['status'] }).toEqual({ [row.name]: refused[row.name] ? 'failed' : 'ok' })
})
