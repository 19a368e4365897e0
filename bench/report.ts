// Figures as tables for people: measured beside its target, what misses it marked.
import { availableParallelism } from 'node:os'
import { median, type Figure, type Scenario, type Targets } from './scenario.ts'
import type { Row } from './scenarios/singles.ts'
import type { Subject } from './stage.ts'

/** One figure a round, for each subject. */
export type Figures = ReadonlyMap<Subject, readonly Figure[]>

export interface Outcome {
  scenario: Scenario
  figures: Figures
}

const head = ['scenario', 'yardstick /s', 'bridge /s', 'yardstick us', 'bridge us', '/s', 'CPU', 'p50', 'p99']

export function renderOutcomes(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ scenario, figures }) => {
    const { yardstick, targets } = scenario
    const of = (subject: Subject, key: keyof Figure, digits: number): string =>
      median((figures.get(subject) ?? []).map((figure) => figure[key])).toFixed(digits)
    const ratio = (key: keyof Figure): string => renderRatio(ratioOf(figures, yardstick, key), targets, key)
    return toRow([
      `${scenario.name} (${yardstick})`,
      of(yardstick, 'perSecond', 0),
      of('bridge', 'perSecond', 0),
      of(yardstick, 'cpuMicros', 1),
      of('bridge', 'cpuMicros', 1),
      ratio('perSecond'),
      ratio('cpuMicros'),
      ratio('p50'),
      ratio('p99'),
    ])
  })
  return [toRow(head), toRow(head.map(() => '---')), ...lines, ''].join('\n')
}

/** Made within each round, then the median of the rounds: other load hits both alike. */
function ratioOf(figures: Figures, yardstick: Subject, key: keyof Figure): number {
  const theirs = figures.get(yardstick) ?? []
  const ratios = (figures.get('bridge') ?? []).map((figure, round) => figure[key] / (theirs[round]?.[key] ?? 0))
  return median(ratios.filter(Number.isFinite))
}

function renderRatio(ratio: number, targets: Targets, key: keyof Figure): string {
  const target = targets[key]
  if (target === undefined) return ratio.toFixed(2)
  const isMet = key === 'perSecond' ? ratio >= target : ratio <= target
  return `${isMet ? '' : '**'}${ratio.toFixed(2)}${isMet ? '' : '**'} (${key === 'perSecond' ? '>=' : '<='} ${target})`
}

export function renderSingles(rows: readonly Row[]): string {
  const lines = rows.map(({ name, c = '-', bridge, target = '-' }) => toRow([name, c, bridge, target]))
  return [toRow(['', 'c', 'bridge', 'target']), toRow(['---', '---', '---', '---']), ...lines, ''].join('\n')
}

export function renderHead(rounds: number): string {
  return [
    'Ratios are the bridge to the yardstick in parentheses, made within a round; targets beside them, **bold** where missed.',
    'a: a relay that copies frames; c: a translator without validation, ids, directory or traces. The bridge has everything',
    'on, ids on disk. CPU is that of the subject alone, by the accounting of the system, for each operation.',
    `Node ${process.version}, ${availableParallelism()} cores, ${rounds} round(s), medians.`,
    '',
    '',
  ].join('\n')
}

function toRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
