// Uploads go to disk as they come: large ones cost no memory, and what nobody keeps does not stay there.
import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startBridge, until, verifyKey, type RunningBridge } from '../support/bridge.ts'
import { login } from './support.ts'

const mebibyte = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'uploads-'))
afterAll(() => rmSync(folder, { recursive: true }))
const line = Buffer.alloc(mebibyte, 'voice of somebody ')

interface Upload {
  path?: string
  fields?: Record<string, string>
  headers?: Record<string, string>
  part?: string
  mebibytes: number
  /** Ends in the middle. */
  breakOff?: boolean
}

const boundary = 'the-boundary'

/** Sends a form piece by piece, the file last. */
async function upload(port: number, given: Upload): Promise<{ status: number; text: string }> {
  const { path = '/uploadVoice', fields = { type: 'group' }, headers = {}, part = 'voice', mebibytes, breakOff } = given
  const sent = request({
    port,
    path,
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
  })
  const answered = once(sent, 'response').catch(() => undefined)
  const closed = new Promise((resolve) => sent.on('error', resolve).on('close', resolve))
  for (const [name, value] of Object.entries(fields)) {
    sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  }
  sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="${part}"; filename="a.amr"\r\n\r\n`)
  for (let at = 0; at < mebibytes && !sent.destroyed && !sent.errored; at++) {
    if (!sent.write(line)) await Promise.race([new Promise((resolve) => sent.once('drain', resolve)), closed, answered])
  }
  if (breakOff) sent.destroy()
  else sent.end(`\r\n--${boundary}--\r\n`)
  const [response] = ((await answered) ?? []) as [IncomingMessage?]
  if (!response) return { status: 0, text: '' }
  let text = ''
  response.on('error', () => {})
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, text }
}

/** Most memory that the process ever had, in bytes. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

function md5(mebibytes: number): string {
  const hash = createHash('md5')
  for (let at = 0; at < mebibytes; at++) hash.update(line)
  return hash.digest('hex').toUpperCase()
}

test.skipIf(process.platform !== 'linux')('100 MiB cost less than 40 MiB of memory', async () => {
  const config = join(folder, 'config.json')
  const inbounds = { mirai: { dialect: 'mirai', listen: '127.0.0.1:0', verifyKey } }
  writeFileSync(
    config,
    JSON.stringify({ backends: { world: { dialect: 'embedded' } }, inbounds, data: join(folder, 'own') }),
  )
  const main = resolve('src/main.ts')
  const child = spawn(process.execPath, [main, 'start', '--config', config], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let out = ''
    child.stdout.on('data', (data: Buffer) => (out += data.toString()))
    const port = Number(await until(() => /http:\/\/127\.0\.0\.1:(\d+)/.exec(out)?.[1], 'the address'))
    const sessionKey = await login(port)
    // Whatever the first upload has to load.
    await upload(port, { headers: { sessionKey }, mebibytes: 1 })
    const before = peakOf(child.pid as number)
    const { status, text } = await upload(port, { headers: { sessionKey }, mebibytes: 99 })
    expect({ status, text }).toEqual({ status: 200, text: `{"voiceId":"${md5(99)}.amr"}` })
    // Held in memory it was 200 MiB and more; with all the garbage that V8 puts up with, 65.
    expect(peakOf(child.pid as number) - before).toBeLessThan(40 * mebibyte)
  } finally {
    child.kill()
    await once(child, 'close')
  }
})

describe('what lies on the disk', () => {
  async function start(data: string): Promise<{ bridge: RunningBridge; files: () => string[]; sessionKey: string }> {
    const bridge = await startBridge({ data })
    const sessionKey = await login(bridge.miraiPort)
    return { bridge, sessionKey, files: () => readdirSync(join(data, 'media')) }
  }

  test('is served piece by piece under its address', async () => {
    const { bridge, sessionKey } = await start(join(folder, 'served'))
    const fields = { sessionKey, type: 'group' }
    const { text } = await upload(bridge.miraiPort, { path: '/uploadImage', part: 'img', fields, mebibytes: 3 })
    const { url } = JSON.parse(text) as { url: string }
    const body = Buffer.from(await (await fetch(url)).arrayBuffer())
    expect(createHash('md5').update(body).digest('hex').toUpperCase()).toBe(md5(3))
    await bridge.stop()
  })

  test.each<[string, Partial<Upload>]>([
    ['broken off', { breakOff: true }],
    ['of a wrong type', { fields: { type: 'nonsense' } }],
    ['under another name', { part: 'other' }],
    ['too large', { mebibytes: 101 }],
    ['of a stranger who says so', { headers: { sessionKey: 'unknown' }, mebibytes: 1 }],
    ['of a stranger who says it late', { headers: {}, mebibytes: 12 }],
    ['of a stranger in little', { headers: {}, mebibytes: 1 }],
  ])('is nothing after an upload %s', async (_, given) => {
    const { bridge, sessionKey, files } = await start(mkdtempSync(join(folder, 'refused-')))
    const { status, text } = await upload(bridge.miraiPort, { headers: { sessionKey }, mebibytes: 5, ...given })
    expect(text).not.toContain('voiceId')
    if (given.mebibytes === 101 || given.headers) expect([413, 0]).toContain(status)
    await until(() => files().length === 0, 'nothing left')
    await bridge.stop()
  })

  test('without a data folder it is gone in the end', async () => {
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('onebot-mirai-bridge-'))
    const before = new Set(temporary())
    const bridge = await startBridge()
    const sessionKey = await login(bridge.miraiPort)
    const { text } = await upload(bridge.miraiPort, { headers: { sessionKey }, mebibytes: 2 })
    expect(text).toBe(`{"voiceId":"${md5(2)}.amr"}`)
    const [own] = temporary().filter((name) => !before.has(name) && readdirSync(join(tmpdir(), name)).includes(md5(2)))
    expect(own).toBeDefined()
    await bridge.stop()
    expect(temporary()).not.toContain(own)
  })

  test('what a killed process left half-written goes at the start', async () => {
    const data = mkdtempSync(join(folder, 'killed-'))
    const first = await start(data)
    await first.bridge.stop()
    writeFileSync(join(data, 'media', 'x.part'), 'half')
    const { bridge, files } = await start(data)
    expect(files()).toEqual([])
    await bridge.stop()
  })
})

describe('strangers and the slow', () => {
  /** A body in pieces; `pauseMs` before each but the first. */
  async function send(
    port: number,
    headers: Record<string, string>,
    pieces: readonly string[],
    { pauseMs = 0, localAddress = '127.0.0.2' } = {},
  ) {
    // Another loopback address than that from which the tests verify.
    const sent = request({ port, path: '/sendGroupMessage', method: 'POST', headers, localAddress })
    const answered = once(sent, 'response').catch(() => undefined)
    sent.on('error', () => {})
    for (const [at, piece] of pieces.entries()) {
      if (at > 0 && pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      sent.write(piece)
    }
    sent.end()
    const [response] = ((await answered) ?? []) as [IncomingMessage?]
    if (!response) return { status: 0, text: '' }
    let text = ''
    response.on('error', () => {})
    for await (const chunk of response) text += String(chunk)
    return { status: response.statusCode ?? 0, text }
  }

  const long = 'x'.repeat(60_000)
  const chain = (text: string): string => JSON.stringify([{ type: 'Plain', text }])

  test('a long body is read for a session, be it in a header or where the body begins', async () => {
    await using bridge = await startBridge()
    const sessionKey = await login(bridge.miraiPort)
    const padding = JSON.stringify('p'.repeat(200_000))
    const body = `{"target":30001,"padding":${padding},"messageChain":${chain('x')}`
    const refused = { status: 413, text: '' }
    expect(await send(bridge.miraiPort, { sessionKey }, [`${body}}`])).toMatchObject({ status: 200 })
    const first = `{"sessionKey":"${sessionKey}",${body.slice(1)}}`
    expect(JSON.parse((await send(bridge.miraiPort, {}, [first])).text)).toMatchObject({ code: 0 })
    expect(await send(bridge.miraiPort, {}, [`${body},"sessionKey":"${sessionKey}"}`])).toEqual(refused)
    expect(await send(bridge.miraiPort, {}, [`{"sessionKey":"unknown",${body.slice(1)}}`])).toEqual(refused)
    expect(await send(bridge.miraiPort, { sessionKey: 'unknown' }, [`${body}}`])).toEqual(refused)
    // A client that has verified may name it where it likes.
    const [local, end] = [{ localAddress: '127.0.0.1' }, `,"sessionKey":"${sessionKey}"}`]
    expect(JSON.parse((await send(bridge.miraiPort, {}, [body + end], local)).text)).toMatchObject({ code: 0 })
    // What fits is answered as mah does.
    const short = `{"target":30001,"messageChain":${chain('x')}`
    expect(JSON.parse((await send(bridge.miraiPort, {}, [`${short}}`])).text)).toMatchObject({ code: 3 })
    const late = await send(bridge.miraiPort, {}, [`${short},"sessionKey":"${sessionKey}"}`])
    expect(JSON.parse(late.text)).toMatchObject({ code: 0 })
  })

  test('a form of nothing but fields is no way around it', async () => {
    await using bridge = await startBridge()
    await login(bridge.miraiPort)
    const fields = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`field${at}`, long]))
    expect([413, 0]).toContain((await upload(bridge.miraiPort, { fields, mebibytes: 1 })).status)
  })

  test('who has a session may upload slowly, but not stop; others have one time for all', async () => {
    await using bridge = await startBridge({ limits: { bodyMs: 1000, uploadIdleMs: 1500 } })
    const sessionKey = await login(bridge.miraiPort)
    const slowly = (headers: Record<string, string>, pauseMs: number, count = 6) =>
      new Promise<number>((resolve) => {
        const head = { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers }
        const sent = request({ port: bridge.miraiPort, path: '/uploadVoice', method: 'POST', headers: head })
        sent.on('response', (response) => resolve(response.resume().statusCode ?? 0)).on('error', () => resolve(0))
        sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="type"\r\n\r\ngroup\r\n`)
        sent.write(`--${boundary}\r\ncontent-disposition: form-data; name="voice"; filename="a.amr"\r\n\r\n`)
        let left = count
        const timer = setInterval(() => {
          if (sent.destroyed) return clearInterval(timer)
          sent.write('some of a voice ')
          if (--left > 0) return
          clearInterval(timer)
          sent.end(`\r\n--${boundary}--\r\n`)
        }, pauseMs)
      })
    const [kept, stopped, stranger, json] = await Promise.all([
      slowly({ sessionKey }, 600),
      slowly({ sessionKey }, 6000, 1),
      slowly({}, 600),
      send(bridge.miraiPort, { sessionKey }, ['{"target":', '30001', ',"x":', '1', ',"messageChain":[]', '}'], {
        pauseMs: 600,
      }),
    ])
    expect({ kept, stopped, stranger, json: json.status }).toEqual({
      kept: 200,
      stopped: 408,
      stranger: 408,
      json: 408,
    })
  })
})
