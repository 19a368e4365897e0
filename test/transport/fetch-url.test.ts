// The guard around addresses that clients name: what may be reached, over which spellings and redirects, and how much.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { BridgeError } from '../../src/core/error.ts'
import { createUrlFetcher, defaultFetchLimits, type FetcherOptions } from '../../src/transport/fetch-url.ts'
import { isPublicAddress, readException } from '../../src/transport/public-address.ts'

const cleanUps: (() => void)[] = []
afterEach(() => cleanUps.splice(0).forEach((cleanUp) => cleanUp()))

async function serve(handler: RequestListener): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`)
    handler(request, response)
  })
  cleanUps.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function fetcher(options: Partial<FetcherOptions> = {}) {
  return createUrlFetcher({ ...defaultFetchLimits, allow: ['127.0.0.1'], ...options })
}

async function read(fetching: ReturnType<ReturnType<typeof fetcher>>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of (await fetching).pieces) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function failure(promise: Promise<unknown>): Promise<{ kind: string; message: string }> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof BridgeError)) throw new Error(`no BridgeError: ${String(error)}`)
  return { kind: error.kind, message: error.message }
}

describe('addresses', () => {
  test.each(['1.1.1.1', '9.255.255.255', '100.63.255.255', '172.32.0.1', '223.255.255.255', '2606:4700::1111'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  test.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.0.0.8', '192.168.0.1', '198.18.0.1', '224.0.0.1', '239.1.1.1', '240.0.0.1'],
    ...['255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1'],
    ...['fe80::1', 'fec0::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1'],
    ...['', 'localhost', '127.1', '0x7f000001'],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

  test.each([
    ['10.0.0.0/8', { net: '10.0.0.0', prefix: 8 }],
    ['10.0.0.1', { net: '10.0.0.1', prefix: 32 }],
    ['fd00::/8', { net: 'fd00::', prefix: 8 }],
    ['Files.Example.org', { host: 'files.example.org' }],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/', undefined],
    ['http://10.0.0.1', undefined],
    ['', undefined],
  ])('the exception %s', (entry, expected) => expect(readException(entry)).toEqual(expected))
})

describe('what is refused', () => {
  test.each([
    ...['http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f.0.0.1/', 'http://0177.0.0.1/'],
    ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[0:0:0:0:0:0:0:1]/'],
    ...['http://localhost/', 'http://169.254.169.254/latest/meta-data', 'http://0/'],
    ...['http://192.168.1.1/', 'http://[fd00::1]/', 'http://１２７.0.0.1/'],
  ])('%s lies inside', async (url) => {
    const { kind, message } = await failure(fetcher({ allow: [] })(url))
    expect([kind, /not a public address/.test(message)]).toEqual(['badParameter', true])
  })

  test.each([
    'file:///etc/passwd',
    'ftp://1.1.1.1/x',
    'gopher://1.1.1.1',
    'http://',
    'http//x',
    '',
    'http://u:p@1.1.1.1/',
  ])('%s is no address to fetch', async (url) =>
    expect(await failure(fetcher()(url))).toMatchObject({ kind: 'badParameter' }),
  )

  test('a name that means an address inside', async () => {
    const resolve = async () => [{ address: '10.0.0.7' }, { address: '::1' }]
    const { kind } = await failure(fetcher({ resolve })('http://files.example/'))
    expect(kind).toBe('badParameter')
  })

  test('a name that nobody knows tells nothing else', async () => {
    const resolve = async () => Promise.reject(new Error('ENOTFOUND'))
    expect(await failure(fetcher({ resolve })('http://files.example/'))).toMatchObject({ kind: 'notFound' })
  })

  test('a closed port and an error status look the same in kind', async () => {
    const { url } = await serve((_request, response) => response.writeHead(500).end('secret trace'))
    expect(await failure(fetcher()(url))).toEqual({ kind: 'notFound', message: 'the url answered HTTP 500' })
    expect(await failure(fetcher()('http://127.0.0.1:1/'))).toEqual({
      kind: 'notFound',
      message: 'the url cannot be fetched',
    })
  })
})

describe('what is fetched', () => {
  test('bytes, the name in the path and the headers that the client wants sent', async () => {
    let agent: string | undefined
    const { url } = await serve((request, response) => {
      agent = request.headers['user-agent']
      response.end('hello')
    })
    const fetched = await fetcher()(`${url}/a/%E5%9B%BE.png?x=1`, { headers: { 'User-Agent': 'bot', Host: 'evil' } })
    expect(fetched.name).toBe('图.png')
    expect(await read(Promise.resolve(fetched))).toBe('hello')
    expect(agent).toBe('bot')
  })

  test('a name is resolved once and the connection goes to that address, with the name as Host', async () => {
    const { url, asked } = await serve((_request, response) => response.end('ok'))
    const { port } = new URL(url)
    let asks = 0
    // A second question would get another answer: what a rebinding attack needs.
    const resolve = async () => [{ address: asks++ === 0 ? '127.0.0.1' : '10.0.0.7' }]
    expect(await read(fetcher({ resolve })(`http://files.example:${port}/x`))).toBe('ok')
    expect([asks, asked]).toEqual([1, [`files.example:${port} /x`]])
  })

  test('a listed host may lie inside, others there may not', async () => {
    const { url } = await serve((_request, response) => response.end('ok'))
    const { port } = new URL(url)
    const resolve = async () => [{ address: '127.0.0.1' }]
    const fetch = fetcher({ allow: ['files.example'], resolve })
    expect(await read(fetch(`http://FILES.example:${port}/`))).toBe('ok')
    expect(await failure(fetch(`http://other.example:${port}/`))).toMatchObject({ kind: 'badParameter' })
  })
})

describe('redirects', () => {
  test('are followed three times, headers of the client only to the first', async () => {
    const seen: (string | undefined)[] = []
    const { url, asked } = await serve((request, response) => {
      seen.push(request.headers['x-key'] as string | undefined)
      const step = Number(request.url?.slice(1))
      if (step < 3) response.writeHead(302, { location: `/${step + 1}` }).end()
      else response.end('there')
    })
    expect(await read(fetcher()(`${url}/0`, { headers: { 'x-key': 'k' } }))).toBe('there')
    expect(asked).toHaveLength(4)
    expect(seen).toEqual(['k', undefined, undefined, undefined])
  })

  test('are not followed a fourth time', async () => {
    const { url, asked } = await serve((_request, response) => response.writeHead(302, { location: '/again' }).end())
    expect(await failure(fetcher()(url))).toMatchObject({ kind: 'notFound' })
    expect(asked).toHaveLength(4)
  })

  test.each(['http://10.0.0.7/', 'http://[::1]/', 'file:///etc/passwd', '//169.254.169.254/'])(
    'to %s are refused like the address itself',
    async (location) => {
      const { url } = await serve((_request, response) => response.writeHead(302, { location }).end())
      expect(await failure(fetcher()(url))).toMatchObject({ kind: 'badParameter' })
    },
  )
})

describe('bounds', () => {
  test('more bytes than announced, and more than allowed', async () => {
    const { url } = await serve((_request, response) => {
      response.write(Buffer.alloc(600))
      response.end(Buffer.alloc(600))
    })
    const fetch = fetcher({ maxBytes: 1000 })
    expect(await failure(read(fetch(url)))).toEqual({
      kind: 'tooLong',
      message: 'the url answers more than 1000 bytes',
    })
  })

  test('a length that is announced too large is not read', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1001' }).write('x')
    })
    expect(await failure(fetcher({ maxBytes: 1000 })(url))).toMatchObject({ kind: 'tooLong' })
  })

  test('a compressed answer counts as what comes out of it', async () => {
    const { url } = await serve((request, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(Number(request.url?.slice(1)), 65)))
    })
    expect(await read(fetcher({ maxBytes: 100_000 })(`${url}/5`))).toBe('AAAAA')
    expect(await failure(read(fetcher({ maxBytes: 100_000 })(`${url}/200000`)))).toMatchObject({ kind: 'tooLong' })
  })

  test('time until the last byte', async () => {
    const { url } = await serve((_request, response) => {
      response.write('x')
    })
    expect(await failure(read(fetcher({ timeoutMs: 50 })(url)))).toMatchObject({ kind: 'timeout' })
  })

  test('headers that HTTP cannot carry are an error of the call', async () => {
    const { url } = await serve((_request, response) => response.end())
    expect(await failure(fetcher()(url, { headers: { 'bad name': 'x\r\ny' } }))).toMatchObject({ kind: 'badParameter' })
  })
})
