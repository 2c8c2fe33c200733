import { type Command, noFolder } from './command.ts'
import { Failure } from './diagnostic.ts'
import type { Section } from './section.ts'

/** What a command came to. `rc` -1: its folder is missing. Seconds since the epoch, by the host's clock. */
export interface CommandResult {
  readonly rc: number
  readonly stdout: string
  readonly stderr: string
  readonly start: number
  readonly end: number
}

/** Results of as many commands as were run with this mark, in their order; undefined where one cannot be read. */
export function readResults(section: Section, mark = 'pitool'): readonly (CommandResult | undefined)[] {
  const out = parts(section.stdout, mark)
  const err = parts(section.stderr, mark)
  return Array.from({ length: Math.max(out.length, err.length) }, (_, i) => {
    const end = out[i]?.end ?? err[i]?.end
    if (end === undefined) return undefined
    const stdout = out[i] ? decode(out[i].bytes) : cut(section.stdout)
    return { ...end, stdout, stderr: err[i] ? decode(err[i].bytes) : cut(section.stderr) }
  })
}

/** An output without its end was longer than what is kept of it. */
function cut(bytes: Uint8Array): string {
  return `${decode(bytes)}\n[pitool: cut here after ${bytes.length} bytes; more was printed]`
}

interface Part {
  readonly bytes: Uint8Array
  readonly end: { readonly rc: number; readonly start: number; readonly end: number } | undefined
}

function parts(bytes: Uint8Array, mark: string): readonly Part[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Part[] = []
  for (let from = 0; ; ) {
    const at = all.indexOf(`\0${mark} `, from)
    const close = at < 0 ? -1 : all.indexOf(0, at + 1)
    if (close < 0) return found
    found.push({ bytes: all.subarray(from, at), end: ending(all.toString('latin1', at + mark.length + 2, close)) })
    from = close + 1
  }
}

/** Exit code, start, end; a host whose `date` says nothing leaves the times out. */
function ending(text: string): Part['end'] {
  const [, rc, start, end] = /^(-?\d{1,3}) (\d{0,12}) (\d{0,12})$/.exec(text) ?? []
  return rc === undefined ? undefined : { rc: Number(rc), start: Number(start), end: Number(end) }
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}

/** The registered values, by Ansible's names. */
export function commandValues(command: Command, { rc, stdout, stderr, start, end }: CommandResult) {
  const [out, err] = [stdout, stderr].map(text => text.replace(/[\r\n]+$/, '')) as [string, string]
  return {
    rc,
    stdout: out,
    stderr: err,
    stdout_lines: out === '' ? [] : out.split(/\r?\n/),
    stderr_lines: err === '' ? [] : err.split(/\r?\n/),
    cmd: command.argv ? [...command.argv] : (command.text ?? ''),
    start: moment(start),
    end: moment(end),
    delta: span(end - start),
  }
}

function moment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

function span(seconds: number): string {
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
}

/** The result, or the failure that it never ran. */
export function ran(command: Command, result: CommandResult): CommandResult {
  if (result.rc !== noFolder) return result
  throw new Failure({
    code: 'not-found',
    message: `the folder ${command.chdir} to run in is not there`,
    hint: 'correct `chdir`, or make the folder in a task before',
  })
}
