// What can be set without a configuration file, by flag or by environment variable, and the configuration that follows.
import { ConfigError, type ConfigInput } from '../config.ts'
import { createSecret } from '../transport/secret.ts'

export const settings = [
  { flag: 'mirai-port', variable: 'MIRAI_PORT', help: 'port for mirai-api-http clients, default 8080' },
  { flag: 'onebot-port', variable: 'ONEBOT_PORT', help: 'port for OneBot 11 clients, default 5700' },
  { flag: 'admin-port', variable: 'ADMIN_PORT', help: 'port for health and world control, default 5800' },
  { flag: 'mirai-verify-key', variable: 'MIRAI_VERIFY_KEY', help: 'verifyKey of mirai clients, default random' },
  { flag: 'onebot-access-token', variable: 'ONEBOT_ACCESS_TOKEN', help: 'token of OneBot clients, default random' },
  { flag: 'admin-token', variable: 'ADMIN_TOKEN', help: 'bearer token of world control, default random' },
  { flag: 'bridge-world', variable: 'BRIDGE_WORLD', help: 'world file, default the demo world' },
  { flag: 'bridge-data', variable: 'BRIDGE_DATA', help: 'data folder, default none: nothing is kept' },
] as const

type Variable = (typeof settings)[number]['variable']

/** Flags as commander names them beat the environment; empty text counts as not given. */
export function readSettings(flags: Record<string, unknown>, environment: NodeJS.ProcessEnv): Map<Variable, string> {
  const found = new Map<Variable, string>()
  for (const { flag, variable } of settings) {
    const name = flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const value = flags[name] ?? environment[variable]
    if (typeof value === 'string' && value !== '') found.set(variable, value)
  }
  return found
}

export interface Secrets {
  verifyKey: string
  accessToken: string
  adminToken: string
}

/** The configuration without a file: the embedded core and both dialects on loopback. */
export function toConfig(given: Map<Variable, string>): { config: ConfigInput; secrets: Secrets } {
  const secrets: Secrets = {
    verifyKey: given.get('MIRAI_VERIFY_KEY') ?? createSecret(),
    accessToken: given.get('ONEBOT_ACCESS_TOKEN') ?? createSecret(),
    adminToken: given.get('ADMIN_TOKEN') ?? createSecret(),
  }
  const world = given.get('BRIDGE_WORLD')
  const data = given.get('BRIDGE_DATA')
  const config: ConfigInput = {
    ...(data !== undefined && { data }),
    backends: { world: { dialect: 'embedded', ...(world !== undefined && { world }) } },
    inbounds: {
      mirai: { dialect: 'mirai', listen: loopback(given, 'MIRAI_PORT', 8080), verifyKey: secrets.verifyKey },
      onebot: { dialect: 'onebot11', listen: loopback(given, 'ONEBOT_PORT', 5700), accessToken: secrets.accessToken },
    },
    admin: { listen: loopback(given, 'ADMIN_PORT', 5800), token: secrets.adminToken },
  }
  return { config, secrets }
}

function loopback(given: Map<Variable, string>, variable: Variable, fallback: number): string {
  const port = given.get(variable) ?? String(fallback)
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new ConfigError([`${variable}: expected a port from 0 to 65535, got ${port}`])
  }
  return `127.0.0.1:${port}`
}
