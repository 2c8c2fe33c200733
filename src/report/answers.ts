import type { Diagnostic } from '../core/diagnostic.ts'
import { renderDiagnostic } from './diagnostic.ts'
import type { Palette } from './palette.ts'
import { clip, oneLine, sanitise } from './sanitise.ts'
import { duration } from './words.ts'

/** What one host said to `pitool run` or `pitool ping`. */
export interface HostAnswer {
  readonly host: string
  readonly ms: number
  /** Absent for a ping, or when there is a diagnostic. */
  readonly said?: {
    readonly code: number
    readonly stdout: string
    readonly stderr: string
    readonly truncated: boolean
  }
  /** Instead of `ok`. */
  readonly note?: string
  readonly diagnostic?: Diagnostic
  /** Nothing could be asked: the diagnostic is about the way there. */
  readonly unreachable?: boolean
}

const longestOutput = 1024 * 1024

export function renderAnswer(
  { host, ms, said, note, diagnostic, unreachable }: HostAnswer,
  paint: Palette,
): readonly string[] {
  const name = paint.bold(oneLine(host))
  if (diagnostic)
    return [
      `${name}: ${paint.bad(unreachable ? 'unreachable' : 'failed')}`,
      ...renderDiagnostic(diagnostic, { paint, bare: true }).map(line => `  ${line}`),
    ]
  if (!said)
    return [`${name}: ${paint.good(note === undefined ? 'ok' : oneLine(note))} ${paint.dim(`(${duration(ms)})`)}`]
  const verdict = said.code === 0 ? paint.good('rc=0') : paint.bad(`rc=${said.code}`)
  return [
    `${name}: ${verdict} ${paint.dim(`(${duration(ms)})`)}`,
    ...output(said.stdout, text => text),
    ...output(said.stderr, paint.dim),
    ...(said.truncated ? [paint.dim('… more was printed than is kept')] : []),
  ]
}

function output(text: string, color: (line: string) => string): readonly string[] {
  const shown = clip(sanitise(text), longestOutput).replace(/\n$/, '')
  return shown === '' ? [] : shown.split('\n').map(color)
}
