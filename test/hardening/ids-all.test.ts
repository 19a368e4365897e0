// Every parameter of every OneBot action that takes an id, from the table of actions: what is no id is refused by name, over
// WebSocket, POST and GET, before anything happens.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onebot11Actions, type OneBot11ActionRow } from '../../mappings/onebot11-actions.ts'
import { onebotRefusal, stage, watch, type Client, type Stage, type Watch } from './support.ts'

let on: Stage
let guard: Watch
let api: Client
let before: string
const world = (): string => JSON.stringify(on.bridge.world().export())
beforeAll(async () => {
  on = await stage()
  guard = await watch(on, 3000)
  api = await on.api()
  before = world()
})
afterAll(async () => {
  await guard.verify()
  await on.bridge.stop()
})

const forms = ['[5]', '{}', 'true', '1.5', '1e21', '-5', '0', '9007199254740993', '12345678901234567890']
const texts = ['"1e4"', '"0x10"', '"+5"', '"５"', '"9007199254740993"', '"__proto__"', '"5\\u0000"']

interface Place {
  action: string
  name: string
  /** The others that must be there. */
  others: Record<string, unknown>
}

/** Something that fits, for parameters that stand before the wrong one. */
function fitting(canonical: string, type: string): unknown {
  if (type.startsWith('account')) return canonical === 'groupId' ? 30001 : 20001
  if (type.startsWith('int') || type.startsWith('number')) return 1
  return type.startsWith('bool') ? true : 'x'
}

const places = Object.entries<OneBot11ActionRow>(onebot11Actions).flatMap(([action, { params = [] }]): Place[] =>
  params
    .filter(([, , type]) => type === 'account' || type === 'account!')
    .map(([wire]) => ({
      action,
      name: wire.split('|')[0] ?? '',
      others: Object.fromEntries(
        params
          .filter(([other, , type]) => other !== wire && type.endsWith('!'))
          .map(([other, canonical, type]) => [other.split('|')[0], fitting(canonical, type)]),
      ),
    })),
)

describe.each(places)('$action $name', ({ action, name, others }) => {
  const wrong = `${name} must be a positive integer of at most 20 digits`
  const toParams = (form: string): string =>
    JSON.stringify({ ...others, '@': 0 }).replace('"@":0', `${JSON.stringify(name)}:${form}`)

  test('over WebSocket and POST', async () => {
    for (const form of [...forms, ...texts]) {
      const params = toParams(form)
      api.send(`{"action":"${action}","params":${params},"echo":"e"}`)
      expect([form, await api.next()]).toEqual([form, onebotRefusal(1400, wrong, '"e"')])
      const posted = await on.onebot.post(`/${action}`, params)
      expect([form, posted.status, posted.text]).toEqual([form, 200, onebotRefusal(400, wrong)])
    }
  })

  test('over GET', async () => {
    for (const form of texts) {
      const query = new URLSearchParams({ [name]: JSON.parse(form) as string })
      for (const [other, value] of Object.entries(others)) query.set(other, String(value))
      const got = await on.onebot.get(`/${action}?${query.toString()}`)
      expect([form, got.status, got.text]).toEqual([form, 200, onebotRefusal(400, wrong)])
    }
  })
})

test('there are many of them, and nothing of all this changed the world', () => {
  expect(places.length).toBeGreaterThan(50)
  expect(world()).toBe(before)
})
