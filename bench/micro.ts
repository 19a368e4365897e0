// `npm run bench -- --micro`: grammar and translation alone, without a socket.
import { Bench } from 'tinybench'
import { parseJson } from '../src/core/json.ts'
import type { GroupId, Peer, UserId } from '../src/core/ids.ts'
import type { Segment } from '../src/core/segment.ts'
import { fromChain, parseChain } from '../src/dialect/mirai/chain-parse.ts'
import { parseCq, printCq } from '../src/dialect/onebot11/cqcode.ts'
import { prepareSegments } from '../src/translate/prepare.ts'
import { readTextFrames, toTextFrames } from '../src/transport/frames.ts'

const peer: Peer = { kind: 'group', groupId: 30001 as GroupId }
const chain = [
  { type: 'Source', id: 7, time: 1_700_000_000 },
  { type: 'At', target: 20001, display: '' },
  { type: 'Plain', text: 'a message of usual length' },
  { type: 'Image', imageId: '{01E9451B-70ED-EAE3-B37C-101F1EEBF5B5}.jpg', url: 'http://127.0.0.1:9/A.png' },
]
const segments: Segment[] = [
  { type: 'mention', userId: 20001 as UserId },
  { type: 'text', text: 'a message of usual length' },
]
const cq = '[CQ:at,qq=20001] a message of usual length [CQ:image,file=A.png,url=http://127.0.0.1:9/A.png]'
const frame = JSON.stringify({ syncId: '1', command: 'sendGroupMessage', content: { target: 1, messageChain: chain } })
const ids = { message: () => 1 as never, request: () => 1 as never, media: () => 'A' }

/** One row for each, in operations a second. */
export async function runMicro(smoke: boolean): Promise<string[]> {
  const bench = new Bench({ time: smoke ? 20 : 500, warmupTime: smoke ? 10 : 200 })
  bench
    .add('JSON.parse of a send', () => void JSON.parse(frame))
    .add('parseJson of a send', () => void parseJson(frame))
    .add('mirai chain of a client', () => void parseChain(chain))
    .add('mirai chain of a backend', () => void fromChain(chain, peer, ids))
    .add('CQ text parsed', () => void parseCq(cq))
    .add('CQ text parsed and printed', () => void printCq(parseCq(cq)))
    .add('content fitted to OneBot', () => void prepareSegments(segments, { dialect: 'onebot11', way: 'send', peer }))
    .add('frames of 16 texts, written and read', () => {
      const bytes = toTextFrames(
        Array.from({ length: 16 }, () => frame),
        true,
      )
      readTextFrames(bytes, { masked: true, most: 65_535 }, () => {})
    })
  await bench.run()
  return bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`)
    return `| ${name} | ${(result.latency.p50 * 1e6).toFixed(0)} | ${result.throughput.p50.toFixed(0)} |`
  })
}
