import type { ShownChange } from '../../../src/core/event.ts'
import { reveal } from '../../../src/core/secret.ts'
import type { Evidence } from '../evidence.ts'
import { type FileState, type Snapshot, sameFile } from '../snapshot.ts'
import type { Rule } from './rule.ts'

/**
 * What a run shows of its changes is true: every path that is another afterwards is named by a change, the first
 * `before` of a path is what was there, its last `after` is what is there, and so are modes and link targets.
 */
export const asSaid: Rule = {
  law: 'said',
  breaches(seen) {
    const { parts = [], touches } = seen.trial
    const failed = seen.run.ends.filter(end => end.status === 'failed')
    // What a failed part has done of its work is its own affair; the others are as true as ever.
    const lost = parts.filter(({ prefix }) => failed.some(({ task }) => String(task.name).startsWith(prefix)))
    if (failed.length > 0 && lost.length === 0) return []
    const ends = seen.run.ends.filter(({ task }) => !lost.some(({ prefix }) => String(task.name).startsWith(prefix)))
    const changes = ends.flatMap(end => end.changes)
    const opaque = changes.some(change => change.kind === 'command.run')
    if (opaque && touches === undefined) return []
    const excused = [...(touches ?? []), ...lost.map(({ folder }) => folder)]
    const known = changes.filter(({ diff }) => !isSaid(diff.subject, new Set(excused)))
    return [...unsaid({ ...seen, excused }, changes), ...(opaque && parts.length === 0 ? [] : untrue(seen, known))]
  },
}

function unsaid(
  { excused, before, afterRun, run }: Evidence & { excused: readonly string[] },
  changes: readonly ShownChange[],
): readonly string[] {
  const named = [...changes.map(change => change.diff.subject), ...excused, ...backups(run.ends)]
  const said = new Set(named.flatMap(path => [path, resolved(before, path), resolved(afterRun, path)]))
  const inodes = new Set([...said].flatMap(path => [...inodeOf(before, path), ...inodeOf(afterRun, path)]))
  const paths = [...new Set([...before.files.keys(), ...afterRun.files.keys()])]
  return paths
    .filter(path => !sameFile(before.files.get(path), afterRun.files.get(path)))
    .filter(path => !isSaid(path, said) && !inodeOf(before, path).some(inode => inodes.has(inode)))
    .filter(path => !isMadeAbove(path, said, { before, afterRun }))
    .map(path => `${path} is another now, but no change names it: ${told(before, path)} => ${told(afterRun, path)}`)
}

function backups(ends: Evidence['run']['ends']): readonly string[] {
  return ends.flatMap(({ result }) => (typeof result?.backup_file === 'string' ? [result.backup_file] : []))
}

/** Itself, or all that was in a folder that a change names. */
function isSaid(path: string, said: ReadonlySet<string>): boolean {
  return said.has(path) || [...said].some(one => path.startsWith(`${one}/`))
}

/** A folder that was made on the way to what a change names. */
function isMadeAbove(
  path: string,
  said: ReadonlySet<string>,
  { before, afterRun }: Pick<Evidence, 'before' | 'afterRun'>,
) {
  const made = !before.files.has(path) && afterRun.files.get(path)?.type === 'directory'
  return made && [...said].some(one => one.startsWith(`${path}/`))
}

function inodeOf({ files }: Snapshot, path: string): readonly string[] {
  const state = files.get(path)
  return state?.type === 'file' ? [state.inode] : []
}

/** Through the links that were there at that moment; a name that leads nowhere stays as it is. */
export function resolved({ files }: Snapshot, path: string): string {
  let at = ''
  let rest = path.split('/').filter(part => part !== '')
  for (let hops = 0; rest.length > 0 && hops < 40; ) {
    const [part, ...more] = rest as [string, ...string[]]
    rest = more
    if (part === '.') continue
    if (part === '..') {
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
      continue
    }
    const target = files.get(`${at}/${part}`)?.target
    if (target === undefined) at = `${at}/${part}`
    else {
      hops++
      if (target.startsWith('/')) at = ''
      rest = [...target.split('/').filter(one => one !== ''), ...rest]
    }
  }
  return at
}

function untrue(seen: Evidence, changes: readonly ShownChange[]): readonly string[] {
  const first = new Map<string, ShownChange>()
  const last = new Map<string, ShownChange>()
  for (const change of changes.filter(one => one.diff.subject.startsWith('/'))) {
    const where = resolved(seen.afterRun, change.diff.subject)
    if (!seen.afterRun.areas.some(area => where === area || where.startsWith(`${area}/`))) continue
    if (!first.has(where)) first.set(where, change)
    last.set(where, change)
  }
  return [
    ...[...first].flatMap(([path, change]) => falseBefore(seen.before, resolved(seen.before, path), change)),
    ...[...last].flatMap(([path, change]) => falseAfter(seen.afterRun, path, change)),
  ]
}

function falseBefore(snapshot: Snapshot, path: string, { diff }: ShownChange): readonly string[] {
  if (diff.before === undefined || diff.before instanceof Object) return []
  const there = snapshot.files.get(path)?.content?.toString() ?? null
  return there === diff.before ? [] : [`${path}: the diff says it was ${quoted(diff.before)}, it was ${quoted(there)}`]
}

function falseAfter(snapshot: Snapshot, path: string, { diff }: ShownChange): readonly string[] {
  const state = snapshot.files.get(path)
  const { after } = diff
  const wrong: string[] = []
  if (after === null && state !== undefined) wrong.push(`${path}: the diff says it is gone, it is there`)
  if (typeof after === 'string' && !after.startsWith('(binary') && state?.content?.toString() !== reveal(after)) {
    wrong.push(`${path}: the diff says ${quoted(after)}, it is ${quoted(state?.content?.toString() ?? null)}`)
  }
  for (const { name, after: wish } of diff.facets ?? []) {
    const is = facet(state, name)
    if (is !== undefined && is !== wish) wrong.push(`${path}: the diff says ${name} ${wish}, it is ${is}`)
  }
  return wrong
}

function facet(state: FileState | undefined, name: string): string | undefined {
  if (name === 'state') return state?.type ?? 'absent'
  if (state === undefined) return undefined
  return name === 'mode' && state.type !== 'link' ? state.mode : undefined
}

function quoted(text: string | null): string {
  return text === null ? 'absent' : JSON.stringify(text).slice(0, 200)
}

function told({ files }: Snapshot, path: string): string {
  const state = files.get(path)
  if (state === undefined) return 'absent'
  const content = state.content === undefined ? '' : ` ${quoted(state.content.toString())}`
  return `${state.type} ${state.mode} ${state.uid}:${state.gid}${state.target ? ` -> ${state.target}` : ''}${content}`
}
