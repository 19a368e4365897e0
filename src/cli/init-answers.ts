// The answers of `init` and the configuration that they make.
import type { ConfigInput } from '../config.ts'
import { parseListen } from '../doors.ts'
import { createSecret } from '../transport/secret.ts'
import { CliError } from './guard.ts'

/** As the flags are called. All are texts; what is missing has a default. */
export interface Answers {
  backend?: string
  backendUrl?: string
  backendListen?: string
  backendSecret?: string
  bots?: string
  clients?: string
  miraiPort?: string
  onebotPort?: string
  onebotReverse?: string
  adminPort?: string
  data?: string
}

export const flavours = ['napcat', 'llbot', 'lagrange', 'gocq'] as const
const kinds = [...flavours, 'onebot11', 'mirai', 'embedded']

/** Throws CliError for answers that make no sense. */
export function toConfigInput(answers: Answers): ConfigInput {
  const clients = (answers.clients ?? 'mirai,onebot11').split(',').map((name) => name.trim())
  const wrong = clients.find((name) => name !== 'mirai' && name !== 'onebot11')
  if (wrong !== undefined) throw new CliError(`--clients: expected mirai or onebot11, got ${wrong}`)
  const admin = toPort('--admin-port', answers.adminPort ?? '5800')
  const data = answers.data ?? './data'
  const { onebotReverse } = answers
  return {
    ...(data !== '' && { data }),
    backends: toBackends(answers),
    inbounds: {
      ...(clients.includes('mirai') && {
        mirai: {
          dialect: 'mirai' as const,
          listen: `127.0.0.1:${toPort('--mirai-port', answers.miraiPort ?? '8080')}`,
          verifyKey: createSecret(),
        },
      }),
      ...(clients.includes('onebot11') && {
        onebot: {
          dialect: 'onebot11' as const,
          listen: `127.0.0.1:${toPort('--onebot-port', answers.onebotPort ?? '5700')}`,
          accessToken: createSecret(),
          ...(onebotReverse !== undefined && { reverse: [{ url: onebotReverse }] }),
        },
      }),
    },
    ...(admin !== 0 && { admin: { listen: `127.0.0.1:${admin}`, token: createSecret() } }),
  }
}

function toBackends(answers: Answers): ConfigInput['backends'] {
  const { backend: kind = 'embedded', backendUrl: url, backendListen: listen, backendSecret: secret = '' } = answers
  if (kind === 'embedded') return { world: { dialect: 'embedded' } }
  const flavour = flavours.find((name) => name === kind)
  if (!kinds.includes(kind)) throw new CliError(`--backend: expected ${kinds.join(', ')}, got ${kind}`)
  if ((url === undefined) === (listen === undefined)) {
    throw new CliError('one of --backend-url and --backend-listen is needed: we connect to the backend, or it to us')
  }
  const place = listen !== undefined ? { listen } : url?.startsWith('http') ? { http: url } : { ws: url as string }
  if (kind === 'mirai') {
    const key = secret === '' ? {} : { verifyKey: secret }
    return { mah: { dialect: 'mirai', ...place, ...key, bots: toBots(answers.bots) } }
  }
  // Of the HTTP servers only these two have a stream of events.
  const sse = 'http' in place && (flavour === 'napcat' || flavour === 'llbot')
  const common = { ...(secret !== '' && { accessToken: secret }), ...(flavour && { flavour }), ...(sse && { sse }) }
  return { [flavour ?? 'backend']: { dialect: 'onebot11', ...place, ...common } }
}

function toBots(text: string | undefined): number[] {
  if (text !== undefined && isBots(text)) return text.split(',').map(Number)
  throw new CliError(`--bots: expected accounts separated by commas, got ${text ?? 'nothing'}`)
}

function toPort(flag: string, text: string): number {
  if (isPort(text)) return Number(text)
  throw new CliError(`${flag}: expected a port from 0 to 65535, got ${text}`)
}

export function isPort(text: string): boolean {
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535
}

export function isBots(text: string): boolean {
  return text.split(',').every((one) => /^[1-9][0-9]{4,14}$/.test(one.trim()))
}

export function isListen(text: string): boolean {
  return parseListen(text) !== undefined
}
