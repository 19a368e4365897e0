// The dialogue of `init`: which questions belong to which answers. How they are asked is somebody else's.
import { flavours, isBots, isListen, isPort, type Answers } from './init-answers.ts'

export interface Choice {
  value: string
  label: string
  hint?: string
}

export interface TextQuestion {
  question: string
  /** What nothing typed means. Absent: something must be typed. */
  fallback?: string
  /** What is wrong with an answer. */
  fault?: (text: string) => string | undefined
}

/** A person to ask. Each rejects when the person gives up. */
export interface Asking {
  choose(question: string, choices: readonly Choice[]): Promise<string>
  /** At least one of them; at first all are chosen. */
  several(question: string, choices: readonly Choice[]): Promise<string[]>
  text(question: TextQuestion): Promise<string>
}

const names: Record<(typeof flavours)[number], string> = {
  napcat: 'NapCat',
  llbot: 'LLBot, LLOneBot',
  lagrange: 'Lagrange.OneBot',
  gocq: 'go-cqhttp',
}

const backends: readonly Choice[] = [
  { value: 'embedded', label: 'Nothing yet', hint: 'a world inside the bridge, to try bots in' },
  ...flavours.map((value) => ({ value, label: names[value] })),
  { value: 'onebot11', label: 'Another OneBot 11 implementation' },
  { value: 'mirai', label: 'mirai with mirai-api-http' },
]

const dialects: readonly Choice[] = [
  { value: 'mirai', label: 'mirai-api-http', hint: 'mirai-ts, graia-ariadne, …' },
  { value: 'onebot11', label: 'OneBot 11', hint: 'NoneBot2, Koishi, …' },
]

const secret = (question: string): TextQuestion => ({
  question: `${question} \${NAME} reads it from the environment`,
  fallback: '',
})
const port = (question: string, fallback: string): TextQuestion => ({
  question,
  fallback,
  fault: (text) => (isPort(text) ? undefined : 'a port is a number from 0 to 65535'),
})

export async function askQuestions(asking: Asking): Promise<Answers> {
  const backend = await asking.choose('What has the account?', backends)
  const answers: Answers = { backend, ...(await askBackend(backend, asking)) }
  const clients = await asking.several('What do your bots speak?', dialects)
  answers.clients = clients.join(',')
  if (clients.includes('mirai')) answers.miraiPort = await asking.text(port('Port for mirai bots?', '8080'))
  if (clients.includes('onebot11')) {
    answers.onebotPort = await asking.text(port('Port for OneBot bots?', '5700'))
    const fault = (text: string): string | undefined => (text === '' ? undefined : faultOfUrl(text, /^wss?:/))
    const question = 'Address of a bot that waits to be connected to (reverse WebSocket)? Empty: none does'
    const reverse = await asking.text({ question, fallback: '', fault })
    if (reverse !== '') answers.onebotReverse = reverse
  }
  answers.adminPort = await asking.text(port('Port for health, tail and world control? 0: none', '5800'))
  const kept = await asking.choose('Keep message ids and media over a restart?', [
    { value: './data', label: 'Yes, in ./data' },
    { value: '', label: 'No' },
  ])
  return { ...answers, data: kept }
}

async function askBackend(backend: string, asking: Asking): Promise<Answers> {
  if (backend === 'embedded') return {}
  if (backend === 'mirai') {
    const fault = (text: string): string | undefined => faultOfUrl(text, /^(ws|http)s?:/)
    return withoutEmpty({
      backendUrl: await asking.text({ question: 'Address of its ws adapter?', fallback: 'ws://127.0.0.1:8080', fault }),
      backendSecret: await asking.text(secret('Its verifyKey?')),
      bots: await asking.text({
        question: 'Accounts that are logged in there, separated by commas?',
        fault: (text) => (isBots(text) ? undefined : 'numbers of accounts, separated by commas'),
      }),
    })
  }
  const who = await asking.choose('Who connects?', [
    { value: 'bridge', label: 'The bridge connects to it', hint: 'its WebSocket or HTTP server' },
    { value: 'backend', label: 'It connects to the bridge', hint: 'reverse WebSocket' },
  ])
  return withoutEmpty({
    ...(await askPlace(who, asking)),
    backendSecret: await asking.text(secret('Its access token?')),
  })
}

async function askPlace(who: string, asking: Asking): Promise<Answers> {
  if (who === 'backend') {
    const fault = (text: string): string | undefined => (isListen(text) ? undefined : 'expected host:port')
    const question = 'Where shall it connect to?'
    return { backendListen: await asking.text({ question, fallback: '127.0.0.1:9002', fault }) }
  }
  const fault = (text: string): string | undefined => faultOfUrl(text, /^(ws|http)s?:/)
  return {
    backendUrl: await asking.text({ question: 'Address of its server?', fallback: 'ws://127.0.0.1:3001', fault }),
  }
}

function withoutEmpty(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== ''))
}

function faultOfUrl(text: string, protocol: RegExp): string | undefined {
  if (text.includes('${')) return undefined
  return URL.canParse(text) && protocol.test(text) ? undefined : 'an address begins with ws:// or http://'
}
