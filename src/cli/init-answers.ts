// The questions of `init` and the configuration that the answers make.
import type { ConfigInput } from '../config.ts'
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

/** A person's answer, or the fallback. */
export type AskPerson = (question: string, fallback: string) => Promise<string>

const flavours = ['napcat', 'llbot', 'lagrange', 'gocq'] as const
const kinds = [...flavours, 'onebot11', 'mirai', 'embedded']

export async function askMissing(ask: AskPerson): Promise<Answers> {
  const answers: Answers = { backend: await ask(`What has the account? ${kinds.join(', ')}`, 'embedded') }
  if (answers.backend === 'mirai') {
    answers.backendUrl = await ask('Address of its ws adapter?', 'ws://127.0.0.1:8080')
    answers.backendSecret = await ask('Its verifyKey? ${NAME} reads it from the environment', 'none')
    answers.bots = await ask('Accounts that are logged in there, separated by commas?', '10001')
  } else if (answers.backend !== 'embedded') {
    const reverse =
      (await ask('Who connects? bridge: we connect to it; backend: it connects to us', 'bridge')) === 'backend'
    if (reverse) answers.backendListen = await ask('Where shall it connect to?', '127.0.0.1:9002')
    else answers.backendUrl = await ask('Address of its server?', 'ws://127.0.0.1:3001')
    answers.backendSecret = await ask('Its access token? ${NAME} reads it from the environment', 'none')
  }
  if (answers.backendSecret === 'none') delete answers.backendSecret
  answers.clients = await ask('What do your bots speak? mirai, onebot11 or both with a comma', 'mirai,onebot11')
  if (answers.clients.includes('mirai')) answers.miraiPort = await ask('Port for mirai bots?', '8080')
  if (answers.clients.includes('onebot11')) answers.onebotPort = await ask('Port for OneBot bots?', '5700')
  answers.adminPort = await ask('Port for health, tail and world control? 0 for none', '5800')
  answers.data = await ask('Folder for message ids and media? none keeps nothing', './data')
  if (answers.data === 'none') answers.data = ''
  return answers
}

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
  const bots = (text ?? '').split(',').map((one) => one.trim())
  if (bots.every((one) => /^[1-9][0-9]{4,14}$/.test(one))) return bots.map(Number)
  throw new CliError(`--bots: expected accounts separated by commas, got ${text ?? 'nothing'}`)
}

function toPort(flag: string, text: string): number {
  if (/^[0-9]{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new CliError(`${flag}: expected a port from 0 to 65535, got ${text}`)
}
