import { exempt } from './coverage.ts'
import { type Law, laws } from './rules/rule.ts'
import type { Cell, Layer } from './tally.ts'

const layers: readonly Layer[] = ['here', 'answers', 'lab']
const columns = Object.keys(laws) as Law[]

/** All that was tried, as Markdown: a module a line, a law a column; in a cell the tries of each layer, and what broke. */
export function tableOf(cells: readonly Cell[]): string {
  const modules = [...new Set(cells.map(({ module }) => module))].sort()
  const of = (module: string, law: Law) => cells.filter(cell => cell.module === module && cell.law === law)
  const rows = modules.map(module => [module, ...columns.map(law => shown(of(module, law), exempt[law][module]))])
  const reasons = columns.flatMap(law =>
    Object.entries(exempt[law]).map(([module, why]) => [law, module, why] as const),
  )
  const groups = [...new Set(reasons.map(([, , why]) => why))]
  return [
    line(['module', ...columns]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map(line),
    '',
    'Tries: on this machine + by answers + on a booted host; **broken** ones after a slash. –: said by the notes below.',
    '',
    ...columns.map(law => `- ${law}: ${laws[law]}`),
    '',
    ...groups.map(why => `- ${namesOf(reasons, why)}: ${why}`),
  ].join('\n')
}

function line(parts: readonly string[]): string {
  return `| ${parts.join(' | ')} |`
}

function shown(cells: readonly Cell[], why: string | undefined): string {
  const sum = (some: readonly Cell[], of: (cell: Cell) => number) => some.reduce((total, cell) => total + of(cell), 0)
  const tried = layers.flatMap(layer => {
    const mine = cells.filter(cell => cell.layer === layer)
    return mine.length === 0 ? [] : [sum(mine, cell => cell.tries)]
  })
  const broken = sum(cells, cell => cell.breaches)
  if (tried.length === 0) return why === undefined ? '' : '–'
  return `${tried.join(' + ')}${broken > 0 ? ` / **${broken}**` : ''}`
}

function namesOf(reasons: readonly (readonly [law: Law, module: string, why: string])[], why: string): string {
  const mine = reasons.filter(reason => reason[2] === why)
  const laws = [...new Set(mine.map(([law]) => law))]
  return laws
    .map(law => `${law} of ${mine.flatMap(([one, module]) => (one === law ? [module] : [])).join(', ')}`)
    .join('; ')
}
