// What a person reads after the start: where to connect, with what, ready to paste.
import type { Bridge } from '../bridge.ts'
import type { readSettings, Secrets } from './settings.ts'
import { readVersion } from './version.ts'

export interface ConnectionsOptions {
  bridge: Bridge
  secrets: Secrets
  given: ReturnType<typeof readSettings>
}

export function printConnections({ bridge, secrets, given }: ConnectionsOptions): void {
  const { mirai, onebot, admin } = bridge.ports()
  const qq = bridge.bots()[0]?.bot ?? 0
  // A secret that was given is known to its owner; terminals are shared and recorded.
  const show = (variable: Parameters<typeof given.has>[0], value: string): string =>
    given.has(variable) ? `<your ${variable}>` : value
  const verifyKey = show('MIRAI_VERIFY_KEY', secrets.verifyKey)
  const accessToken = show('ONEBOT_ACCESS_TOKEN', secrets.accessToken)
  const kept = given.get('BRIDGE_DATA')
  const lines = [
    `onebot-mirai-bridge ${readVersion()}: an embedded world, bot account ${qq}`,
    kept === undefined ? 'Nothing is kept after the end; BRIDGE_DATA=<folder> keeps it.' : `Kept in ${kept}.`,
    '',
    'Mirai bots: mirai-api-http',
    `  http  http://127.0.0.1:${mirai}`,
    `  ws    ws://127.0.0.1:${mirai}/all`,
    `  { "host": "127.0.0.1", "port": ${mirai}, "verifyKey": "${verifyKey}", "qq": ${qq} }`,
    '',
    'OneBot 11 bots',
    `  http  http://127.0.0.1:${onebot}`,
    `  ws    ws://127.0.0.1:${onebot}`,
    `  { "url": "ws://127.0.0.1:${onebot}", "access_token": "${accessToken}" }`,
    '  NoneBot2, in .env:',
    '    DRIVER=~websockets',
    `    ONEBOT_WS_URLS=["ws://127.0.0.1:${onebot}"]`,
    `    ONEBOT_ACCESS_TOKEN=${accessToken}`,
    '',
    'World control and health',
    `  http://127.0.0.1:${admin}   Authorization: Bearer ${show('ADMIN_TOKEN', secrets.adminToken)}`,
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

export function printSummary(bridge: Bridge, file: string): void {
  const { admin } = bridge.ports()
  const lines = [
    `onebot-mirai-bridge ${readVersion()}: ${file}`,
    ...bridge.addresses().map((line) => `  ${line}`),
    ...(admin === undefined ? [] : [`  health, world control: http://127.0.0.1:${admin}`]),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
