import { type Row, rowsOf, type Sample } from './sample.ts'
import type { Pass, Workload } from './workloads.ts'

const width = 900
const left = 190
const barHeight = 16
const titleHeight = 34
const passWords: Readonly<Record<Pass, string>> = { first: 'first run', second: 'second run', check: 'check' }

interface Group {
  readonly title: string
  readonly rows: readonly Row[]
}

/** Bars on a logarithmic scale of time, a group for each workload and pass. */
export function renderChart(workloads: readonly Workload[], samples: readonly Sample[]): string {
  const groups = workloads.flatMap(workload => groupsOf(workload, samples)).filter(group => group.rows.length > 0)
  const times = groups.flatMap(group => group.rows.map(row => row.ms))
  const scale = scaleOf(Math.min(...times), Math.max(...times))
  let top = 10
  const parts = groups.map(group => {
    const part = drawGroup(group, top, scale)
    top += titleHeight + group.rows.length * barHeight
    return part
  })
  const style = 'text{font:12px sans-serif;fill:#333}.t{font-weight:bold}.b{fill:#9aa7b4}.p{fill:#c8365a}'
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${top + 30}" viewBox="0 0 ${width} ${top + 30}">
<title>Time by workload and contender</title>
<style>${style}</style>
<rect width="100%" height="100%" fill="#fff"/>
${parts.join('\n')}
<text x="${left}" y="${top + 18}">seconds, logarithmic; shorter is better</text>
</svg>
`
}

function groupsOf(workload: Workload, samples: readonly Sample[]): readonly Group[] {
  const own = samples.filter(sample => sample.workload === workload.id)
  return workload.passes.map(pass => ({
    title: `${workload.title}: ${passWords[pass]}`,
    rows: rowsOf(own, pass).filter(row => Number.isFinite(row.ms)),
  }))
}

type Scale = (ms: number) => number

/** From a little less than the fastest, so that its bar is seen. */
function scaleOf(fastest: number, slowest: number): Scale {
  const from = Math.log(fastest / 2)
  const to = Math.log(slowest)
  return ms => Math.max(2, ((Math.log(ms) - from) / (to - from)) * (width - left - 80))
}

function drawGroup(group: Group, top: number, scale: Scale): string {
  const bars = group.rows.map((row, index) => drawBar(row, top + 24 + index * barHeight, scale))
  return `<text class="t" x="10" y="${top + 16}">${escaped(group.title)}</text>\n${bars.join('\n')}`
}

function drawBar(row: Row, y: number, scale: Scale): string {
  const length = scale(row.ms).toFixed(1)
  const css = row.contender === 'pitool' ? 'p' : 'b'
  const end = (left + Number(length) + 6).toFixed(1)
  return `<text x="${left - 8}" y="${y + 11}" text-anchor="end">${escaped(row.contender)}</text><rect class="${css}" x="${left}" y="${y}" width="${length}" height="${barHeight - 4}"/><text x="${end}" y="${y + 11}">${(row.ms / 1000).toFixed(2)}</text>`
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
