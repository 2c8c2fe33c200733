import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Law, laws, lawsOfRuns } from './rules/rule.ts'

/** How one try went. */
export interface Noted {
  readonly ended: 'ok' | 'changed' | 'failed'
  /** Something could only be told by a run. */
  readonly vague: boolean
  readonly broken: readonly Law[]
  /** Laws that it says nothing about: what fails has no second run to look at. */
  readonly untried?: readonly Law[]
}

export interface Row {
  readonly module: string
  tries: number
  /** Tries in which something was to be changed: laws about nothing prove nothing. */
  changed: number
  failed: number
  vague: number
  /** Of a law that was put to fewer of them than all. */
  readonly untried: Map<Law, number>
  readonly breaches: Map<Law, number>
}

/** One cell of the whole table, as suites hand it on. */
export interface Cell {
  readonly layer: Layer
  readonly module: string
  readonly law: Law
  readonly tries: number
  readonly breaches: number
}

/** Where a law was tried: on this machine, by answers alone, on a booted host. */
export type Layer = 'here' | 'answers' | 'lab'

/** What was tried, and what broke, by module and law. */
export class Tally {
  readonly #title: string
  readonly #layer: Layer
  readonly #laws: readonly Law[]
  readonly #rows = new Map<string, Row>()

  constructor(title: string, layer: Layer = 'here', tried: readonly Law[] = lawsOfRuns) {
    this.#title = title
    this.#layer = layer
    this.#laws = tried
  }

  note(module: string, { ended, vague, broken, untried = [] }: Noted): void {
    const row = this.row(module) as Row
    row.tries++
    if (ended === 'changed') row.changed++
    if (ended === 'failed') row.failed++
    if (vague) row.vague++
    for (const law of new Set(untried)) row.untried.set(law, (row.untried.get(law) ?? 0) + 1)
    for (const law of new Set(broken)) row.breaches.set(law, (row.breaches.get(law) ?? 0) + 1)
  }

  row(module: string): Readonly<Row> {
    const known = this.#rows.get(module)
    if (known) return known
    const made: Row = { module, tries: 0, changed: 0, failed: 0, vague: 0, untried: new Map(), breaches: new Map() }
    this.#rows.set(module, made)
    return made
  }

  /** How often one of its laws was put to a module. */
  tried(module: string, law: Law): number {
    const { tries, untried } = this.row(module)
    return tries - (untried.get(law) ?? 0)
  }

  /** The least of that, of all its laws that say something about the module. */
  least(module: string): number {
    const put = this.#laws.map(law => this.tried(module, law)).filter(tries => tries > 0)
    return put.length === 0 ? 0 : Math.min(...put)
  }

  get cells(): readonly Cell[] {
    return [...this.#rows.values()].flatMap(({ module, breaches }) =>
      this.#laws
        .filter(law => this.tried(module, law) > 0)
        .map(law => ({
          layer: this.#layer,
          module,
          law,
          tries: this.tried(module, law),
          breaches: breaches.get(law) ?? 0,
        })),
    )
  }

  /** The table: a module a line, a law a column, in which stands how often it was put. */
  toString(): string {
    const names = this.#laws
    const head = ['module', 'tries', 'changed', 'failed', 'unknown', ...names]
    const rows = [...this.#rows.values()].sort((a, b) => a.module.localeCompare(b.module))
    const lines = rows.map(({ module, tries, changed, failed, vague, breaches }) => [
      module,
      ...[tries, changed, failed, vague].map(String),
      ...names.map(law => (breaches.has(law) ? 'BROKEN' : String(this.tried(module, law)))),
    ])
    const widths = head.map((_, i) => Math.max(...[head, ...lines].map(line => line[i]!.length)))
    const shown = [head, ...lines].map(line =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    return [this.#title, ...shown, ...names.map(law => `${law}: ${laws[law]}`)].join('\n')
  }
}

/** The tables at the end of a suite; `PITOOL_LAWS_REPORT` names a folder that keeps them for the whole table. */
export function print(...tallies: readonly Tally[]): void {
  console.log(tallies.map(String).join('\n\n'))
  report('json', JSON.stringify(tallies.flatMap(tally => tally.cells)))
}

/** A failure as it is told, kept for the end: a run that is cut short still has it. */
export function keep(failure: string): void {
  report('txt', failure)
}

function report(suffix: 'json' | 'txt', text: string): void {
  const folder = process.env.PITOOL_LAWS_REPORT
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${process.pid}-${performance.now()}.${suffix}`), text)
}
