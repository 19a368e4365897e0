// `start --watch` and SIGHUP: an edited file is followed, a faulty one is not, and nobody who is connected notices.
import { mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { folder, launch } from '../hardening/launch.ts'

const accessToken = 'access-token-of-tests'
const onebot = { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken }
const base = { backends: { world: { dialect: 'embedded' } }, inbounds: { onebot } }

function write(name: string, config: unknown): string {
  const path = join(folder, name)
  // As editors do: a new file in the place of the old one.
  writeFileSync(`${path}.new`, typeof config === 'string' ? config : JSON.stringify(config))
  renameSync(`${path}.new`, path)
  return path
}

function portIn(text: string): number {
  return Number(/OneBot 11 HTTP and WebSocket: 127\.0\.0\.1:([0-9]+)/.exec(text)?.[1])
}

async function connect(text: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${portIn(text)}?access_token=${accessToken}`)
  await once(socket, 'message')
  return socket
}

test('--watch follows a file that is replaced, and what it imports', async () => {
  const part = write('part.ts', `export const prefix: string = '/'`)
  const text = (level: string): string =>
    `import { prefix } from './part.ts'
export default {
  backends: { world: { dialect: 'embedded' } },
  inbounds: { onebot: ${JSON.stringify(onebot)}, old: { dialect: 'mirai', listen: '127.0.0.1:0', commandPrefix: prefix } },
  log: { level: '${level}' },
}`
  const file = write('watched.config.ts', text('info'))
  const bridge = launch({}, ['--config', file, '--watch'])
  const client = await connect(await bridge.says('mirai-api-http ws'))
  let closed = false
  client.on('close', () => (closed = true))

  write('watched.config.ts', text('inf'))
  await bridge.complains('log.level: expected')
  write('watched.config.ts', text('warn'))
  await bridge.says('changed: ')
  await bridge.says('is followed')
  writeFileSync(part, `export const prefix: string = '!'`)
  await bridge.says('is followed\nchanged: ')
  expect(closed).toBe(false)
  client.close()
  bridge.signal('SIGTERM')
  const { code, err } = await bridge.ended
  expect(code).toBe(0)
  expect(err).toContain('is not followed, the configuration before it stays.\nThe configuration cannot be used:\n')
  expect(err).toContain('did you mean info?')
})

test('SIGHUP reads a file again that is a link to another one by now', async () => {
  for (const version of ['one', 'two']) mkdirSync(join(folder, version))
  writeFileSync(join(folder, 'one/bridge.json'), JSON.stringify(base))
  writeFileSync(join(folder, 'two/bridge.json'), JSON.stringify({ ...base, inbounds: { onebot, more: onebot } }))
  const link = join(folder, 'linked.json')
  symlinkSync('one/bridge.json', link)
  const bridge = launch({}, ['--config', link])
  const client = await connect(await bridge.says('OneBot 11 HTTP'))
  unlinkSync(link)
  symlinkSync('two/bridge.json', link)
  bridge.signal('SIGHUP')
  await bridge.says('inbounds.more: added')
  await bridge.says(`SIGHUP: ${link} is followed`)
  bridge.signal('SIGHUP')
  await bridge.says('asks for nothing new')
  expect(client.readyState).toBe(WebSocket.OPEN)
  bridge.signal('SIGTERM')
  expect((await bridge.ended).code).toBe(0)
})

test('--watch follows what the file names: filters of go-cqhttp and secrets', async () => {
  const filter = write('rules.json', { message_type: 'private' })
  const secret = write('secret.txt', accessToken)
  const inbounds = { onebot: { ...onebot, accessToken: `file:${secret}` } }
  const routes = [{ from: 'onebot', to: 'world', filter }]
  const file = write('naming.json', { ...base, inbounds, routes })
  const bridge = launch({}, ['--config', file, '--watch'])
  const client = await connect(await bridge.says('OneBot 11 HTTP'))
  write('rules.json', '{"message_type":')
  await bridge.complains('routes.0.filter: is no filter that can be used')
  write('rules.json', { message_type: 'group' })
  await bridge.says('routes.0.filter: changed')
  await bridge.says('is followed')
  expect(client.readyState).toBe(WebSocket.OPEN)
  write('secret.txt', 'another-access-token')
  await bridge.says('inbounds.onebot: changed, begun anew')
  // The signal is faster: it reads the files, too, and leaves nothing to be noticed.
  write('rules.json', { message_type: 'private' })
  bridge.signal('SIGHUP')
  await bridge.says(`SIGHUP: ${file} is followed`)
  await bridge.says(`changed: ${file} asks for nothing new`)
  bridge.signal('SIGTERM')
  expect((await bridge.ended).code).toBe(0)
})

test('--watch without a file is refused', async () => {
  const { code, err } = await launch({}, ['--watch', '--no-config']).ended
  expect([code, err]).toEqual([1, '--watch: there is no configuration file to watch\n'])
})
