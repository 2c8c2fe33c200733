import { readFileSync } from 'node:fs'
import { Mistake } from '../core/diagnostic.ts'
import { mergeRuns, type ToldRun } from '../report/merge.ts'
import { renderJsonLine } from '../report/ndjson.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import { oneLine } from '../report/sanitise.ts'
import { isTerminal, toStderr, toStdout } from '../report/streams.ts'
import { type RunEnd, renderSummary } from '../report/summary.ts'
import { type Flags, usage } from './flags.ts'

/** `pitool report merge FILE…`: what several runs said with `--output ndjson`, as one summary. Gives the exit code of all. */
export async function report([verb, ...files]: readonly string[], flags: Flags): Promise<number> {
  if (verb !== 'merge' || files.length === 0) throw usage('say which runs: pitool report merge FILE…')
  const twice = files.find((file, i) => files.indexOf(file) !== i)
  if (twice !== undefined) throw usage(`${twice} is named twice: its hosts would count twice`)
  const output = flags.choice('output', ['human', 'ndjson'])
  const runs = files.map(readEnd)
  if (new Set(runs.flatMap(({ end }) => end?.check ?? [])).size > 1)
    throw usage('some of these are checks and some are runs', 'merge what was run the same way')
  for (const { file, end } of runs)
    if (!end) toStderr(`${oneLine(file)}: this run did not come to its end; what became of its hosts is unknown\n`)
  const whole = mergeRuns(runs)
  const paint = createPalette(wantsColor(process.env, isTerminal('stdout')))
  toStdout(output === 'ndjson' ? renderJsonLine(whole) : `${renderSummary(whole, paint).join('\n')}\n`)
  return whole.exit
}

/** The last whole line tells; a run that was killed has none such. */
function readEnd(file: string): ToldRun {
  const lines = read(file).trimEnd().split('\n')
  const first = parsed(lines[0] ?? '')
  if (lines[0] !== '' && first === undefined && lines.length > 1)
    throw usage(`${file} is not what --output ndjson wrote`, 'name the files that the runs of the shards wrote')
  const last = parsed(lines.at(-1) ?? '')
  return { file, end: isEnd(last) ? last : undefined }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new Mistake({ code: 'missing-file', message: `${file} cannot be read`, cause })
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isEnd(value: unknown): value is RunEnd {
  if (!isObject(value) || value.type !== 'run.end') return false
  const { hosts, questions, roundTrips, connections, bytes, ms, exit, check } = value
  return (
    [hosts, questions, roundTrips, connections, bytes].every(isObject) &&
    typeof ms === 'number' &&
    typeof exit === 'number' &&
    typeof check === 'boolean'
  )
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
