// Inputs for the fuzzer: calls from the grammars of both dialects with values of every kind, then broken here and there.
import { commands } from '../../mappings/mirai-commands.ts'
import { onebot11Actions, type OneBot11ActionRow } from '../../mappings/onebot11-actions.ts'
import { segments } from '../../mappings/segments.ts'

/** A sequence of numbers from 0 to 1 that a seed repeats (mulberry32). */
export interface Dice {
  next(): number
  below(limit: number): number
  chance(of: number): boolean
  pick<T>(list: readonly T[]): T
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (of) => next() < of,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  }
}

/** JSON text, so that forms survive that JavaScript would write otherwise. */
const nasty = [
  ...['null', 'true', 'false', '0', '-1', '1.5', '1e4', '1e21', '-0', '2147483648', '9007199254740993'],
  ...[
    '12345678901234567890',
    '""',
    '" "',
    '"0x10"',
    '"1e4"',
    '"１０００１"',
    '"10001"',
    '"__proto__"',
    '"constructor"',
  ],
  ...['[]', '{}', '[5]', '[[]]', '{"__proto__":{"a":1}}', '{"toString":1}', '[null]', '[[[[[[[[]]]]]]]]', '"\\u0000"'],
  ...[
    '"\\ud800"',
    '"../../etc/passwd"',
    '"file:///etc/passwd"',
    '"http://127.0.0.1:1/x"',
    '"base64://"',
    '"base64://AAAA"',
  ],
  ...['"[CQ:at,qq=all]"', '"[CQ:image,file=file:///etc/hosts]"', '"[CQ:at,qq=1 [CQ:"', '"&#91;&amp;"', '"🙂\\u202e"'],
]
const accounts = ['10001', '20001', '20002', '30001', '"20001"', '99999']
const texts = ['"hi"', '""', '"你好 [CQ:face,id=14]"', '"a\\nb"', '"/"', '"🙂"', `"${'x'.repeat(3000)}"`]
const spare = ['id', 'time', 'target', 'group_id', 'file', 'message', 'count', 'content', 'no_such_field', '__proto__']

function valueText(dice: Dice, name: string, type: string): string {
  if (dice.chance(0.3)) return dice.pick(nasty)
  if (/message|chain|content|nodes/i.test(name)) return messageText(dice, 0)
  if (type.startsWith('account')) return type.startsWith('accounts') ? `[${dice.pick(accounts)}]` : dice.pick(accounts)
  if (type.startsWith('bool')) return dice.pick(['true', 'false', '1', '"true"'])
  if (type.startsWith('text')) return dice.pick(texts)
  return dice.pick(['0', '1', '2', '-7', '60', '"3"', '1700000000', '2147483647'])
}

const oneBotTypes = Object.values(segments).flatMap((row) => row.onebot11.type ?? [])
const miraiTypes = Object.values(segments).flatMap((row) => row.mirai.type ?? [])
const dataNames = ['text', 'qq', 'id', 'file', 'url', 'type', 'data', 'content', 'title', 'user_id', 'nickname', 'lat']
const elementNames = ['text', 'target', 'faceId', 'id', 'url', 'path', 'base64', 'name', 'kind', 'json', 'xml', 'value']

/** Segments, a chain, text with CQ codes; now and then nodes that hold further ones. */
function messageText(dice: Dice, depth: number): string {
  const form = dice.below(4)
  if (form === 0) return dice.pick(texts)
  const one = form === 1 ? elementText : segmentText
  const items = Array.from({ length: dice.below(5) }, () => one(dice, depth))
  return form === 3 && items[0] ? items[0] : `[${items.join(',')}]`
}

function segmentText(dice: Dice, depth: number): string {
  const type = dice.chance(0.2) ? 'node' : dice.pick(oneBotTypes)
  const members = pickMembers(dice, dataNames, depth)
  if (type === 'node' && depth < 3) members.push(`"content":${messageText(dice, depth + 1)}`)
  return `{"type":${JSON.stringify(type)},"data":${dice.chance(0.1) ? dice.pick(nasty) : `{${members.join(',')}}`}}`
}

function elementText(dice: Dice, depth: number): string {
  const type = dice.pick(miraiTypes)
  const members = pickMembers(dice, elementNames, depth)
  if (depth < 3 && dice.chance(0.3)) members.push(`"nodeList":[{"messageChain":${messageText(dice, depth + 1)}}]`)
  if (depth < 3 && dice.chance(0.2)) members.push(`"origin":${messageText(dice, depth + 1)}`)
  return `{${[`"type":${JSON.stringify(type)}`, ...members].join(',')}}`
}

function pickMembers(dice: Dice, names: readonly string[], depth: number): string[] {
  return Array.from({ length: 1 + dice.below(3) }, () => {
    const value = dice.chance(0.4) ? dice.pick(nasty) : dice.pick([...texts, ...accounts, `"${depth}"`])
    return `${JSON.stringify(dice.pick(names))}:${value}`
  })
}

function fieldsText(dice: Dice, rows: readonly (readonly [string, string, string, unknown?])[]): string {
  const members = rows
    .filter(() => dice.chance(0.85))
    .map(([wire, , type]) => {
      const name = dice.pick(wire.split('|'))
      return `${JSON.stringify(name)}:${valueText(dice, name, type)}`
    })
  for (const name of spare) if (dice.chance(0.06)) members.push(`"${name}":${valueText(dice, name, 'text')}`)
  return dice.chance(0.03) ? dice.pick(nasty) : `{${members.join(',')}}`
}

export interface Call {
  name: string
  method: 'GET' | 'POST'
  /** JSON text. */
  params: string
}

/** Behind these nothing else would happen. */
const farewells = new Set(['bot_exit', 'set_restart', 'restart'])
const actions = Object.entries<OneBot11ActionRow>(onebot11Actions).filter(([name]) => !farewells.has(name))
/** Without rows of their own: what their readers look at. */
const ofSpecial: readonly (readonly [string, string, string])[] = [
  ['group_id', 'groupId', 'account'],
  ['user_id', 'userId', 'account'],
  ['message_id', 'messageId', 'int'],
  ['message|messages', 'message', 'json'],
  ['flag|file|file_id|image|type|message_type', 'flag', 'text'],
  ['count|message_seq|duration', 'count', 'int'],
]

export function makeOneBotCall(dice: Dice): Call {
  const [known, row] = dice.pick(actions)
  const suffix = dice.chance(0.1) ? dice.pick(['_async', '_rate_limited', '_', '_async_async']) : ''
  const name = dice.chance(0.03) ? dice.pick(['', '__proto__', 'constructor', 'nope']) : known + suffix
  return { name, method: dice.chance(0.1) ? 'GET' : 'POST', params: fieldsText(dice, row.params ?? ofSpecial) }
}

/** `echo` is text that comes back. */
export function makeOneBotFrame(dice: Dice, echo: string): string {
  const { name, params } = makeOneBotCall(dice)
  return `{"action":${JSON.stringify(name)},"params":${params},"echo":${JSON.stringify(echo)}}`
}

export function makeMiraiCall(dice: Dice, needsSocket: boolean): Call & { sub: string | undefined; path: string } {
  const row = dice.pick(commands.filter(({ ws, name }) => name !== 'release' && (ws || !needsSocket)))
  const { name, method, path } = row
  return {
    name,
    method,
    path,
    sub: 'sub' in row ? row.sub : undefined,
    params: fieldsText(dice, 'fields' in row ? row.fields : []),
  }
}

export function makeMiraiFrame(dice: Dice, syncId: string): string {
  const { name, sub, params } = makeMiraiCall(dice, dice.chance(0.95))
  const half = sub === undefined ? '' : `"subCommand":"${sub}",`
  return `{"syncId":${JSON.stringify(syncId)},"command":${JSON.stringify(name)},${half}"content":${params}}`
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u',
  'null',
  '-',
  '1e999',
  '0'.repeat(30),
  '[CQ:',
  '\u0000',
  '\ufffd',
  '𝟙',
]

/** Most inputs stay as they are; the others are cut, doubled, swapped or filled with what does not belong there. */
export function mutate(dice: Dice, text: string): string {
  if (dice.chance(0.6)) return text
  let mutant = text
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const at = dice.below(mutant.length + 1)
    const to = Math.min(mutant.length, at + dice.below(12))
    const piece = mutant.slice(at, to)
    const instead = dice.pick(['', piece + piece, dice.pick(tokens), dice.pick(nasty), piece.toUpperCase()])
    mutant = dice.chance(0.05) ? mutant.slice(0, at) : mutant.slice(0, at) + instead + mutant.slice(to)
  }
  return mutant
}

interface Place {
  holder: Record<string, unknown>
  key: string
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

/** The same JSON with other values here and there, or without some members: what stays readable goes deeper. */
export function breakJson(dice: Dice, text: string): string {
  const root = { text: JSON.parse(text) as unknown }
  const instead: string[] = []
  for (let times = 1 + dice.below(3); times > 0; times--) {
    const { holder, key } = dice.pick(placesIn(root))
    const others = placesIn(root).map((place) => place.holder[place.key])
    if (dice.chance(0.25)) delete holder[key]
    else if (dice.chance(0.2)) holder[key] = structuredClone(dice.pick(others))
    else holder[key] = `@@${instead.push(dice.chance(0.1) ? dice.pick(texts) : dice.pick(nasty)) - 1}@@`
    if (!('text' in root)) return ''
  }
  return JSON.stringify(root.text).replaceAll(/"@@(\d+)@@"/g, (_, at: string) => instead[Number(at)] ?? '')
}

/** Some of the bytes replaced by others. */
export function mutateBytes(dice: Dice, bytes: Buffer): Buffer {
  const mutant = Buffer.from(bytes)
  for (let times = 1 + dice.below(6); times > 0; times--) mutant[dice.below(mutant.length)] = dice.below(256)
  return dice.chance(0.2) ? mutant.subarray(0, dice.below(mutant.length)) : mutant
}
