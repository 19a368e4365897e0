// A program that has nothing but the packed package: its types are checked, then it runs.
const program = `
import { createBridge, ConfigError, defineConfig, type Applied, type BotChange, type Bridge } from 'onebot-mirai-bridge'
import { startTestBridge } from 'onebot-mirai-bridge/testing'
import { fromOneBot, toMiraiChain, toMiraiCode, type Segment } from 'onebot-mirai-bridge/translate'
import { demoWorld } from 'onebot-mirai-bridge/world'
import schema from 'onebot-mirai-bridge/schemas/config.schema.json' with { type: 'json' }

const config = defineConfig({
  backends: { lab: { dialect: 'embedded', world: demoWorld } },
  inbounds: { bots: { dialect: 'onebot11', listen: '127.0.0.1:0', accessToken: 'a-secret-for-this-program' } },
  log: { level: 'silent' },
})
const bridge: Bridge = createBridge(config)
const stopHearing: () => void = bridge.onBotChange((change: BotChange) => void change.bot.toFixed())
await bridge.start()
const friends: { userId: number }[] = await bridge.call(10001, { name: 'friend.list', params: {} })
// @ts-expect-error: no such action
bridge.call(10001, { name: 'friend.lst', params: {} }).catch(() => {})
// @ts-expect-error: a key that does not exist
defineConfig({ backends: {}, inbounds: {}, route: [] })
const applied: Applied = await bridge.apply({ ...bridge.config(), routes: [{ from: 'bots', to: 'lab' }] })
const refused = await bridge.apply({ backends: {}, inbounds: {}, routes: [{ from: 'x', to: 'y' }] }).catch((error: unknown) => error)
stopHearing()
await bridge.stop()

const segments: Segment[] = fromOneBot('[CQ:at,qq=10001] hi')
const { content, losses } = toMiraiChain(segments)
const facts = {
  friends: friends.length > 0,
  applied: applied.changes,
  refused: refused instanceof ConfigError && refused.problems.length,
  chain: content.map((element) => element['type']),
  losses: losses.length,
  code: toMiraiCode(segments).content,
  title: schema.title,
  kit: typeof startTestBridge,
}
const expected = {
  friends: true,
  applied: ['routes: changed'],
  refused: 2,
  chain: ['At', 'Plain'],
  losses: 0,
  code: '[mirai:at:10001] hi',
  title: 'Configuration of onebot-mirai-bridge',
  kit: 'function',
}
if (JSON.stringify(facts) !== JSON.stringify(expected)) throw new Error(JSON.stringify(facts))
`

const options = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'es2024',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    // The declarations of the package are checked, too.
    skipLibCheck: false,
    types: ['node'],
    exactOptionalPropertyTypes: true,
    resolveJsonModule: true,
  },
  include: ['consumer.ts'],
}

/** Files by name. */
export const consumer = {
  'consumer.ts': program,
  'tsconfig.json': JSON.stringify(options),
  'package.json': JSON.stringify({ type: 'module', private: true }),
}
