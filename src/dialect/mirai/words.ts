// Words that mah uses for what the canonical model calls otherwise: faces, pokes, honours, music, ranks, sexes.
import {
  faces,
  fallbackFaceId,
  honors,
  musicKinds,
  pokes,
  rpsMarketFaceId,
  unknownFaceName,
  unknownHonor,
} from '../../../mappings/faces.ts'
import type { Role, Sex } from '../../core/contact.ts'
import type { SegmentOf } from '../../core/segment.ts'

export { fallbackFaceId, rpsMarketFaceId }

const faceNames = new Map<number, string>(faces.map(([id, name]) => [id, name]))
const faceIds = new Map<string, number>(
  faces.flatMap(([id, ...names]) => names.map((name): [string, number] => [name, id])),
)

export function toFaceName(id: number): string {
  return faceNames.get(id) ?? unknownFaceName
}

export function toFaceId(name: string): number | undefined {
  return faceIds.get(name)
}

type PokeSegment = Pick<SegmentOf<'poke'>, 'pokeType' | 'pokeId'>

const pokesByName = new Map<string, PokeSegment>()
const pokeNames = new Map<string, string>()
for (const [name, pokeType, pokeId, chinese, documented] of pokes) {
  pokeNames.set(`${pokeType},${pokeId}`, name)
  for (const alias of [name, chinese, documented]) if (alias !== null) pokesByName.set(alias, { pokeType, pokeId })
}

/** Real and documented names. Any other is the plain poke, as mah has it. */
export function fromPokeName(name: string): PokeSegment {
  return pokesByName.get(name) ?? { pokeType: 1, pokeId: -1 }
}

/** Types below 126 are known by their type alone. */
export function toPokeName({ pokeType, pokeId }: PokeSegment): string {
  return pokeNames.get(`${pokeType},${pokeId}`) ?? pokeNames.get(`${pokeType},-1`) ?? 'ChuoYiChuo'
}

const honorTexts = new Map<string, string>(honors.map(([text, honor]) => [honor, text]))
const honorsByText = new Map<string, string>(honors)

export function toHonorText(honor: string): string {
  return honorTexts.get(honor) ?? unknownHonor
}

/** Unknown labels stay as they are. */
export function fromHonorText(text: string): string {
  return honorsByText.get(text) ?? text
}

type Platform = SegmentOf<'music'>['platform']

const platforms = new Map<string, Platform>(musicKinds)
const musicKindNames = new Map<Platform, string>(musicKinds.map(([kind, platform]) => [platform, kind]))

export function fromMusicKind(kind: string): Platform | undefined {
  return platforms.get(kind)
}

/** undefined: mirai has no such platform. */
export function toMusicKind(platform: Platform): string | undefined {
  return musicKindNames.get(platform)
}

export type Permission = 'OWNER' | 'ADMINISTRATOR' | 'MEMBER'

const permissions = { owner: 'OWNER', admin: 'ADMINISTRATOR', member: 'MEMBER' } as const satisfies Record<
  Role,
  Permission
>

export function toPermission(role: Role | undefined): Permission {
  return permissions[role ?? 'member']
}

export function fromPermission(text: unknown): Role | undefined {
  if (text === 'OWNER') return 'owner'
  if (text === 'ADMINISTRATOR') return 'admin'
  return text === 'MEMBER' ? 'member' : undefined
}

export function toSexWord(sex: Sex | undefined): string {
  return (sex ?? 'unknown').toUpperCase()
}

export function fromSexWord(text: unknown): Sex {
  return text === 'MALE' ? 'male' : text === 'FEMALE' ? 'female' : 'unknown'
}

const hands = new Map<string, 'rock' | 'scissors' | 'paper'>([
  ['ROCK', 'rock'],
  ['SCISSORS', 'scissors'],
  ['PAPER', 'paper'],
])

export function fromHandName(name: string): 'rock' | 'scissors' | 'paper' | undefined {
  return hands.get(name.toUpperCase())
}
