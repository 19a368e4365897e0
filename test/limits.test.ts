// What is promised of limits: each is a key of the configuration with this default, told where its schema stands.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { printSchema, schemas } from '../scripts/schemas.ts'
import { parseConfig } from '../src/config.ts'
import { httpLimitsOf, socketLimitsOf } from '../src/limits.ts'
import { defaultHttpLimits } from '../src/transport/mount.ts'
import { defaultSocketLimits } from '../src/transport/socket.ts'

const promised = JSON.parse(readFileSync(new URL('facts/limits.json', import.meta.url), 'utf8')) as Record<
  string,
  number
>

const config = parseConfig({
  backends: {
    mirai: { dialect: 'mirai', ws: 'ws://127.0.0.1:1', bots: [10001] },
    onebot: { dialect: 'onebot11', ws: 'ws://127.0.0.1:1' },
  },
  inbounds: { mirai: { dialect: 'mirai' }, onebot: { dialect: 'onebot11' } },
})

interface Node {
  description?: string
  properties?: Record<string, Node>
  additionalProperties?: Node
  oneOf?: Node[]
}
const schema = JSON.parse(printSchema(schemas.config)) as Node

/** Below a name that the operator chose, of the dialect that it stands for here. */
const dialects: Readonly<Record<string, string>> = { mirai: 'mirai', onebot: 'onebot11' }

function step(node: Node, key: string): Node {
  const named = node.additionalProperties?.oneOf?.find((one) => hasDialect(one, dialects[key] ?? ''))
  const found = named ?? node.properties?.[key]
  if (!found) throw new Error(`no key ${key}`)
  return found
}

function hasDialect({ properties }: Node, dialect: string): boolean {
  return JSON.stringify(properties?.['dialect'] ?? {}).includes(`"const":"${dialect}"`)
}

function valueAt(path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], config)
}

describe.each(Object.entries(promised))('%s', (key, value) => {
  const path = key.split('.')

  test(`is ${value}`, () => expect(valueAt(path)).toBe(value))

  test('tells its default', () => {
    const { description = '' } = path.reduce(step, schema)
    const [, told = ''] = /Default (?:of a link )?(\d+(?: [KM]iB)?)/.exec(description) ?? []
    const [digits, unit = ''] = told.split(' ')
    expect(Number(digits) * ({ KiB: 1024, MiB: 1024 ** 2 }[unit] ?? 1)).toBe(value)
  })
})

test('a dead link is found within 30 s and two missed pings', () => {
  const { pingMs, missedPings } = config.limits
  expect(pingMs * (missedPings + 1)).toBeLessThanOrEqual(30_000)
})

test('what the ports are given is what the configuration says', () => {
  expect(httpLimitsOf(config.limits)).toEqual(defaultHttpLimits)
  expect(socketLimitsOf(config.limits)).toEqual(defaultSocketLimits)
  const { limits } = parseConfig({
    backends: {},
    inbounds: {},
    limits: { messageBytes: 1, bodyMemoryBytes: 2, keepAliveMs: 3, framesPerMessage: 4, stalledMs: 5 },
  })
  expect(httpLimitsOf(limits)).toEqual({ ...defaultHttpLimits, maxBodyBytes: 1, bodyMemoryBytes: 2, keepAliveMs: 3 })
  expect(socketLimitsOf(limits)).toEqual({ ...defaultSocketLimits, framesPerMessage: 4, stalledMs: 5 })
})
