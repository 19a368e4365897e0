// What is said about each kind of mistake in a configuration: where it is, what was expected, what was probably meant.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfigFile } from '../src/cli/config-file.ts'
import { ConfigError, parseConfig } from '../src/config.ts'

const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'a-secret' }
const ob = { dialect: 'onebot11' }
const mi = { dialect: 'mirai', bots: [10_001] }
const backend = (x: object) => ({ backends: { x }, inbounds: {} })
const inbound = (a: object) => ({ backends: {}, inbounds: { a } })
const whole = (x: object) => ({ backends: {}, inbounds: {}, ...x })
const route = (given: object) => ({
  backends: { l: { dialect: 'embedded' } },
  inbounds: { a: onebot },
  routes: [{ from: 'a', to: 'l', ...given }],
})

function problemsOf(input: unknown): readonly string[] {
  try {
    parseConfig(input, { variable: () => undefined })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test.each<[unknown, string[]]>([
  [undefined, ['configuration: is missing; expected an object with keys']],
  ['x', ['configuration: expected an object with keys, got "x"']],
  [[], ['backends: is missing', 'inbounds: is missing']],
  [{}, ['backends: is missing', 'inbounds: is missing']],
  [
    backend(ob),
    [
      'backends.x: exactly one of ws, listen and http is needed: ws or http to connect to the implementation, listen to let it connect here',
    ],
  ],
  [
    backend({ ...ob, ws: 'ws://x', listen: '127.0.0.1:1' }),
    [
      'backends.x: exactly one of ws, listen and http is needed: ws or http to connect to the implementation, listen to let it connect here',
    ],
  ],
  [backend({ ...ob, ws: 'nonsense' }), ['backends.x.ws: expected ws:// or wss://, got "nonsense"']],
  [backend({ ...ob, ws: 'http://x' }), ['backends.x.ws: expected ws:// or wss://, got "http://x"']],
  [
    backend({ ...ob, ws: 'ws://x', sse: true }),
    ['backends.x: webhook and sse bring the events of an HTTP API: they need http'],
  ],
  [
    backend({ ...ob, http: 'http://x', sse: true, webhook: { listen: '127.0.0.1:1' } }),
    ['backends.x: webhook and sse together would bring every event twice: choose one'],
  ],
  [
    backend({ ...ob, listen: '127.0.0.1:1', path: 'x' }),
    ['backends.x.path: expected a text that begins with /, got "x"'],
  ],
  [
    backend({ ...ob, ws: 'ws://x', flavour: 'napcatt' }),
    [
      'backends.x.flavour: expected auto, napcat, llbot, lagrange, gocq or unknown, got "napcatt"; did you mean napcat?',
    ],
  ],
  [
    backend({ ...ob, ws: 'ws://x', accessToken: 12345 }),
    ['backends.x.accessToken: expected a text, got something else'],
  ],
  [
    backend(mi),
    [
      'backends.x: one of ws, listen and http is needed: ws or http to connect to the server, listen to let it connect here',
    ],
  ],
  [backend({ ...mi, ws: 'ws://x', listen: '127.0.0.1:1' }), ['backends.x: ws and listen exclude each other']],
  [
    backend({ ...mi, ws: 'ws://x', webhook: { listen: '127.0.0.1:1' } }),
    ['backends.x: with ws or listen events come by themselves: webhook goes with http alone'],
  ],
  [backend({ dialect: 'mirai', ws: 'ws://x' }), ['backends.x.bots: is missing']],
  [backend({ dialect: 'mirai', ws: 'ws://x', bots: [] }), ['backends.x.bots: expected 1 of them or more, got 0']],
  [backend({ dialect: 'mirai', ws: 'ws://x', bots: ['me'] }), ['backends.x.bots.0: expected a number, got "me"']],
  [backend({ dialect: 'embedded', world: 5 }), ['backends.x.world: expected a text or an object with keys, got 5']],
  [inbound({ ...onebot, listen: '8080' }), ['inbounds.a.listen: expected host:port, got 8080']],
  [
    inbound({ dialect: 'mirai', adapters: ['htp'] }),
    ['inbounds.a.adapters.0: expected http, ws, reverse-ws or webhook, got "htp"; did you mean http?'],
  ],
  [
    inbound({ dialect: 'mirai', version: 'two' }),
    ['inbounds.a.version: expected digits and dots like 2.10.0, got "two"'],
  ],
  [
    inbound({ ...onebot, reverse: [{ url: 'http://x' }] }),
    ['inbounds.a.reverse.0.url: must begin with ws:// or wss://, got "http://x"'],
  ],
  [
    inbound({ ...onebot, webhooks: [{ url: 'x' }] }),
    ['inbounds.a.webhooks.0.url: must begin with http:// or https://, got "x"'],
  ],
  [inbound({ ...onebot, heartbeatMs: -1 }), ['inbounds.a.heartbeatMs: expected 0 or more, got -1']],
  [inbound({ dialect: 'mirai', limits: { sessions: 0 } }), ['inbounds.a.limits.sessions: expected 1 or more, got 0']],
  [
    inbound({ dialect: 'mirai', limits: { session: 1 } }),
    ['inbounds.a.limits.session: unknown key; did you mean sessions?'],
  ],
  [inbound({ dialect: 'mirai', enableVerify: 'no' }), ['inbounds.a.enableVerify: expected true or false, got "no"']],
  [
    inbound({ ...onebot, listen: '0.0.0.0:1', accessToken: '123456' }),
    [
      'inbounds.a: 0.0.0.0:1 can be reached from outside and accessToken is a well-known one; set inbounds.a.accessToken to a random text of 16 characters or more, or listen on 127.0.0.1',
    ],
  ],
  [
    inbound({ ...onebot, listen: '0.0.0.0:1', accessToken: '' }),
    [
      'inbounds.a: 0.0.0.0:1 can be reached from outside and accessToken is empty; set inbounds.a.accessToken to a random text of 16 characters or more, or listen on 127.0.0.1',
    ],
  ],
  [
    route({ events: { kinds: ['mesage'] } }),
    ['routes.0.events.kinds.0: is no kind of event, got "mesage"; did you mean message?'],
  ],
  [
    route({ events: { groups: ['x'] } }),
    ['routes.0.events.groups.0: must be the number of an account or group, got "x"'],
  ],
  [route({ events: { text: { strip: true } } }), ['routes.0.events.text: strip and rewrite need a prefix to work on']],
  [
    route({ events: { text: { matches: ['('] } } }),
    [
      `routes.0.events.text.matches.0: is no regular expression that can be used (error parsing regexp: missing closing ): \`(\`), got "("`,
    ],
  ],
  [
    route({ events: { text: { prefix: ['/'], strip: true, rewrite: 'x' } } }),
    ['routes.0.events.text: strip and rewrite exclude each other'],
  ],
  [
    route({ actions: ['grup.leave'] }),
    ['routes.0.actions.0: is no action, got "grup.leave"; did you mean group.leave?'],
  ],
  [
    route({ filter: '/nowhere.json' }),
    [
      `routes.0.filter: is no filter that can be used (ENOENT: no such file or directory, stat '/nowhere.json'), got "/nowhere.json"`,
    ],
  ],
  [route({ returnAfterSeconds: -1 }), ['routes.0.returnAfterSeconds: expected 0 or more, got -1']],
  [route({ events: { groups: { nt: [1] } } }), ['routes.0.events.groups.nt: unknown key; did you mean not?']],
  [
    whole({ fetch: { allow: ['not a host!'] } }),
    ['fetch.allow.0: expected a host name, an address or a network, got "not a host!"'],
  ],
  [whole({ log: { level: 'verbose' } }), ['log.level: expected debug, info, warn, error or silent, got "verbose"']],
  [whole({ limits: { segments: 1.5 } }), ['limits.segments: expected a whole number, got 1.5']],
  [whole({ admin: { listen: '127.0.0.1:1' } }), ['admin.token: is missing']],
  [whole({ traces: { sample: 2 } }), ['traces.sample: expected 1 or less, got 2']],
  [whole({ data: 5 }), ['data: expected a text, got 5']],
  [whole({ origins: 'https://x' }), ['origins: expected a list, got "https://x"']],
])('%j', (input, problems) => {
  expect(problemsOf(input)).toEqual(problems)
})

test('the same in every kind of file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-errors-'))
  const config = {
    ...inbound({ dialect: 'mirai', listn: 'x', limits: { sessions: 0 } }),
    routes: [{ from: 'b', to: 'x' }],
  }
  const json = JSON.stringify(config)
  const yaml = `
backends: {}
inbounds:
  a:
    dialect: mirai
    listn: x
    limits: { sessions: 0 }
routes:
  - { from: b, to: x }
`
  const texts = {
    'a.json': json,
    'a.yaml': yaml,
    'a.ts': `export default ${json} as object`,
    'a.mjs': `export default ${json}`,
  }
  try {
    for (const [name, text] of Object.entries(texts)) {
      writeFileSync(join(folder, name), text)
      expect(problemsOf(await readConfigFile(join(folder, name))), name).toEqual([
        'inbounds.a.limits.sessions: expected 1 or more, got 0',
        'inbounds.a.listn: unknown key; did you mean listen?',
        'routes.0.from: no inbound is called b; there are: a',
        'routes.0.to: no backend is called x; there are: none',
      ])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
