// The shape of the program: who may import whom, no cycles, bounded files, mappings that are data.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : path.endsWith('.ts') ? [path] : []
  })
}

const sources = [...filesIn(join(root, 'src')), ...filesIn(join(root, 'mappings'))]
const name = (path: string): string => relative(root, path)

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

function importsOf(path: string): { inner: Import[]; packages: string[] } {
  const text = readFileSync(path, 'utf8')
  const inner: Import[] = []
  const packages: string[] = []
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
  for (const [, type, target = ''] of text.matchAll(pattern)) {
    if (target.startsWith('.')) inner.push({ from: path, to: resolve(dirname(path), target), typeOnly: Boolean(type) })
    else packages.push(target)
  }
  return { inner, packages }
}

/** Folders by level: a file imports from its own folder and from lower levels only. */
const levels: readonly (readonly string[])[] = [
  ['src/core'],
  ['mappings'],
  ['src/dialect/onebot11', 'src/dialect/mirai', 'src/translate', 'src/transport', 'src/state', 'src/world'],
  [
    'src/inbound/onebot11',
    'src/inbound/mirai',
    'src/outbound/onebot11',
    'src/outbound/mirai',
    'src/outbound/embedded',
    'src/admin',
    'src/route',
  ],
  ['src'],
  ['src/cli'],
]

function placeOf(path: string): { level: number; folder: string } {
  const file = name(path)
  if (file === 'src/main.ts') return { level: 6, folder: 'main' }
  for (const [level, folders] of levels.entries()) {
    const folder = folders.find((one) => file.startsWith(`${one}/`))
    if (folder && folder !== 'src') return { level, folder }
  }
  return { level: 4, folder: 'src' }
}

/** Only these let the outside in. */
const packagesAllowed: Record<string, RegExp> = {
  'src/core': /^valibot$/,
  'src/dialect/onebot11': /^$/,
  'src/dialect/mirai': /^$/,
  'src/translate': /^$/,
  'src/world': /^valibot$/,
  mappings: /^$/,
}

describe('architecture', () => {
  test.each(sources.map((path) => [name(path), path]))('%s imports only what it may', (_, path) => {
    const here = placeOf(path)
    const { inner, packages } = importsOf(path)
    for (const { to, typeOnly } of inner) {
      const there = placeOf(to)
      // Tables take the types of the core, and nothing else of it.
      if (here.folder === 'mappings' && there.folder === 'src/core') expect(typeOnly, name(to)).toBe(true)
      const fine = there.folder === here.folder || there.level < here.level
      expect(fine, `${name(path)} -> ${name(to)}`).toBe(true)
    }
    const allowed = packagesAllowed[here.folder]
    for (const one of packages) if (allowed) expect(one).toMatch(allowed)
  })

  test('no import cycles', () => {
    const edges = new Map(
      sources.map((path) => [
        path,
        importsOf(path)
          .inner.filter((edge) => !edge.typeOnly)
          .map((edge) => edge.to),
      ]),
    )
    const state = new Map<string, 'open' | 'done'>()
    const walk = (path: string, trail: string[]): void => {
      if (state.get(path) === 'done') return
      expect(state.get(path), [...trail, path].map(name).join(' -> ')).not.toBe('open')
      state.set(path, 'open')
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path])
      state.set(path, 'done')
    }
    sources.forEach((path) => walk(path, []))
  })

  test('files stay small', () => {
    const lengths = sources
      .filter((path) => name(path).startsWith('src/'))
      .map((path) => ({ file: name(path), lines: readFileSync(path, 'utf8').split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([])
    const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(120)
  })

  test('no any, no silenced types, no unfinished markers', () => {
    const offenders = sources.filter((path) =>
      /: any\b|<any>|as any\b|@ts-(ignore|expect-error)|\b(TODO|FIXME|XXX)\b/.test(readFileSync(path, 'utf8')),
    )
    expect(offenders.map(name)).toEqual([])
  })

  test('mappings are data: every export survives JSON', async () => {
    for (const path of filesIn(join(root, 'mappings'))) {
      const exported = (await import(path)) as Record<string, unknown>
      for (const [key, value] of Object.entries(exported)) {
        expect(JSON.parse(JSON.stringify(value)), `${name(path)} ${key}`).toEqual(value)
      }
    }
  })
})
