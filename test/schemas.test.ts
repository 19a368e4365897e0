// JSON schemas that ship with the package: current, and as strict as the readers.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileOf, printSchema, schemas } from '../scripts/schemas.ts'
import { parseConfig } from '../src/config.ts'
import { parseScenario } from '../src/scenario/scenario.ts'
import { parseWorld } from '../src/world/index.ts'

test.each(Object.entries(schemas))('%s.schema.json is what the reader takes: npm run docs writes it', (name, row) => {
  expect(readFileSync(fileOf(name), 'utf8')).toBe(printSchema(row))
})

interface Shape {
  properties: Record<string, { items: Shape & { required: string[] } }>
  additionalProperties: boolean
  required: string[]
}

test('keys, which ones are needed, and that there are no others', () => {
  const world = JSON.parse(printSchema(schemas.world)) as Shape
  expect(world).toMatchObject({ type: 'object', required: ['accounts'], additionalProperties: false })
  expect(world.properties['accounts']?.items).toMatchObject({
    required: ['id', 'nickname'],
    additionalProperties: false,
    properties: { id: { type: 'integer', minimum: 1 }, sex: { enum: ['male', 'female', 'unknown'] } },
  })
  const member = world.properties['groups']?.items.properties['members']?.items
  expect(member?.properties['role']).toEqual({ enum: ['owner', 'admin', 'member'], type: 'string', default: 'member' })
  const scenario = JSON.parse(printSchema(schemas.scenario)) as Shape
  expect(Object.keys(scenario.properties)).toEqual(['$schema', '$comment', 'world', 'steps'])
})

test('a scenario completes acts, actions and happenings', () => {
  const { steps } = (JSON.parse(printSchema(schemas.scenario)) as Shape).properties as unknown as {
    steps: { items: { properties: Record<string, object> } }
  }
  const { act, call, expect: expected } = steps.items.properties
  expect(act).toMatchObject({
    anyOf: expect.arrayContaining([
      {
        type: 'object',
        properties: { kind: { const: 'friend_add' }, bot: {}, user: {} },
        required: ['kind', 'user'],
        additionalProperties: false,
      },
    ]) as object[],
  })
  expect(call).toMatchObject({
    properties: { name: { enum: expect.arrayContaining(['message.send', 'file.space']) as string[] } },
  })
  expect(JSON.stringify(expected)).toContain('"group.member.mute"')
})

test('files may name their schema', () => {
  const $schema = './node_modules/onebot-mirai-bridge/schemas/world.schema.json'
  const accounts = [{ id: 1, bot: true, nickname: 'one' }]
  expect(parseWorld({ $schema, accounts }).accounts).toHaveLength(1)
  expect(parseScenario({ $schema, steps: [] }).steps).toEqual([])
})

interface Node {
  description?: string
  pattern?: string
  properties?: Record<string, Node>
  items?: Node
  additionalProperties?: Node | boolean
  oneOf?: Node[]
  anyOf?: Node[]
}

function nodesIn(node: Node, path = ''): [string, Node][] {
  const { properties = {}, items, additionalProperties, oneOf = [], anyOf = [] } = node
  const inner = [items, additionalProperties, ...oneOf, ...anyOf].filter((one) => typeof one === 'object')
  return [
    [path, node],
    ...Object.entries(properties).flatMap(([key, value]) => nodesIn(value, `${path}.${key}`)),
    ...inner.flatMap((one) => nodesIn(one, path)),
  ]
}

test('every key of a configuration is explained where its schema stands', () => {
  const nodes = nodesIn(JSON.parse(printSchema(schemas.config)) as Node)
  const keys = nodes.flatMap(([, { properties = {} }]) => Object.entries(properties))
  expect(keys.length).toBeGreaterThan(150)
  expect(keys.filter(([, { description }]) => !description).map(([key]) => key)).toEqual([])
})

test('a variable may stand where something special is expected', () => {
  const nodes = nodesIn(JSON.parse(printSchema(schemas.config)) as Node)
  const [, ws] = nodes.find(([path]) => path === '.backends.ws') ?? []
  const fits = (text: string): boolean => new RegExp(ws?.pattern ?? '^$').test(text)
  expect(['ws://127.0.0.1:3001', '${NAPCAT_URL}', 'ws://${HOST}:1', 'http://x'].map(fits)).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(parseConfig({ $schema: 'x', backends: {}, inbounds: {} })).toMatchObject({ backends: {}, inbounds: {} })
})
