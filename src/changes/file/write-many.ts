import { reveal, Secret } from '../../core/secret.ts'
import { printBytes, quote } from '../../core/sh.ts'
import { sha256 } from '../../core/sha256.ts'
import { Unknown } from '../../core/unknown.ts'
import type { FileWrite } from '../file-write.ts'
import type { Together } from '../kind.ts'
import {
  besideMany,
  enter,
  exits,
  fatFunctions,
  nameHere,
  ownership,
  parentOf,
  renameAgain,
  sweepMany,
  whateverHappens,
} from './place.ts'
import { writeScript } from './write-script.ts'

/** How much one script takes: names must fit on a command line, and a shell holds the whole script in memory. */
const most = { files: 500, names: 64 * 1024, bytes: 1024 * 1024 }

/**
 * Neighbours that are new files of one folder share a script, and so its few processes; of those that write one file
 * after the other, the last is written. All others have their own.
 */
export function writeTogether(changes: readonly FileWrite[]): readonly Together[] {
  return groups(changes).map(group => ({ script: scriptOf(group), of: group.length }))
}

function scriptOf(group: readonly FileWrite[]): string {
  const [first] = group as [FileWrite, ...FileWrite[]]
  if (group.length === 1) return writeScript(first)
  return first.kept ? writeScript(group.reduce(followed)) : manyScript(group)
}

function groups(changes: readonly FileWrite[]): readonly (readonly FileWrite[])[] {
  const groups: FileWrite[][] = []
  let room = most
  for (const change of changes) {
    const last = groups.at(-1)
    if (last && follows(last.at(-1)!, change)) {
      last.push(change)
      continue
    }
    const rest = { files: room.files - 1, names: room.names - change.real.length, bytes: room.bytes - size(change) }
    const fits = rest.files >= 0 && rest.names >= 0 && rest.bytes >= 0
    if (last && fits && isPlain(change) && isPlain(last[0]!) && areNeighbours(last[0]!, change)) {
      last.push(change)
      room = rest
    } else {
      groups.push([change])
      room = { files: most.files - 1, names: most.names - change.real.length, bytes: most.bytes - size(change) }
    }
  }
  return groups
}

/** What is replaced keeps its attributes one by one, and what is validated is asked about one by one. */
function isPlain({ expects, validate, backup, kept, text }: FileWrite): boolean {
  return (
    expects === 'absent' &&
    validate === undefined &&
    backup === undefined &&
    kept === undefined &&
    !(text instanceof Unknown)
  )
}

/** It begins with what this one leaves, and nobody is to see or keep what was between. */
function follows(one: FileWrite, then: FileWrite): boolean {
  const { text } = one
  if (!one.kept || !then.kept || text instanceof Unknown || then.text instanceof Unknown) return false
  const isSame = one.real === then.real && one.path === then.path && one.unsafe === then.unsafe
  const isSeen = one.validate !== undefined || then.validate !== undefined || then.backup !== undefined
  return isSame && !isSeen && then.expects === sha256(contentOf(one))
}

function followed(one: FileWrite, { text, mode, owner, group }: FileWrite): FileWrite {
  return { ...one, text, mode: mode ?? one.mode, owner: owner ?? one.owner, group: group ?? one.group }
}

function areNeighbours(one: FileWrite, other: FileWrite): boolean {
  return parentOf(one.real) === parentOf(other.real)
}

function size({ text }: FileWrite): number {
  if (text instanceof Unknown) return 0
  return text instanceof Uint8Array ? text.length : reveal(text).length
}

/**
 * All of them in a hidden folder beside their targets as 0600, then owners, modes and one flush; then each gets its
 * name, and never takes one that is there. A name taken meanwhile is told on the standard output.
 */
function manyScript(changes: readonly FileWrite[]): string {
  const folder = parentOf(changes[0]!.real)
  const beside = besideMany(folder)
  const files = changes.map(change => ({ change, name: nameHere(change.real) }))
  const all = words(files)
  return [
    `${enter(folder)}
t=${quote(nameHere(beside.name).slice(2))}; a=\${d%/}/$t
${sweepMany(folder)}
${whateverHappens('rm -rf "$a" "$a"l')}
umask 077; mkdir "$t"; cd -P -- "./$t"; if [ "$PWD" != "$a" ]; then exit ${exits.underneath}; fi`,
    fatFunctions,
    // The shells' own printf says little or nothing of a full disk; dd does.
    'short() { dd if=/dev/zero bs=65536 count=1 >>"$1" || :; exit 1; }',
    ...files.map(({ change, name }) => `${printBytes(contentOf(change))} >${quote(name)} || short ${quote(name)}`),
    ...byWish(files, ({ owner, group }) => ownership(owner, group)).map(
      ([wish, some]) => `hard chown -- ${quote(wish)} ${words(some)}`,
    ),
    ...byWish(files, ({ mode }) => mode).map(([mode, some]) => `hard chmod -- ${quote(mode)} ${words(some)}`),
    ...byWish(files, ({ mode, text }) => (mode === undefined && !(text instanceof Secret) ? '0644' : undefined)).map(
      ([mode, some]) => `soft chmod ${mode} ${words(some)}`,
    ),
    `sync ${all} 2>/dev/null || sync || :`,
    `into() { mv -n -t .. -- "$@" 2>/dev/null || for n do if [ -e "$n" ]; then mv -n -- "$n" ../ 2>/dev/null || :; fi; done
 for n do if [ -e "$n" ]; then taken "\${n#./}"; mv -f -- "$n" ../; fi; done; }
up=..
taken() { if [ -e "$up/$1" ] || [ -L "$up/$1" ]; then printf '%s' "$d/$1"; exit ${exits.underneath}; fi; }`,
    ...(files.length > 1 ? [`into ${words(files.slice(0, -1))}`] : []),
    lastScript(files.at(-1)!),
  ].join('\n')
}

/** Out of the hidden folder, which goes, before it gets its name: a run killed before that finds it missing and sweeps. */
function lastScript({ name }: Named): string {
  return `f=${quote(name.slice(2))}; mv -f -- ${quote(name)} "../$t"l; cd -P ..; rmdir "./$t"
mv -nT "./$t"l "./$f" 2>/dev/null || :
if [ -e "./$t"l ]; then up=.; taken "$f"; ${renameAgain('"./$t"l', '"./$f"')}; fi
trap - EXIT`
}

interface Named {
  readonly change: FileWrite
  /** Within the hidden folder. */
  readonly name: string
}

const words = (files: readonly Named[]) => files.map(({ name }) => quote(name)).join(' ')

function contentOf({ text }: FileWrite): string | Uint8Array {
  if (text instanceof Unknown) throw new Error(text.reason)
  return text instanceof Uint8Array ? text : reveal(text)
}

function byWish(
  files: readonly Named[],
  wishOf: (change: FileWrite) => string | undefined,
): readonly (readonly [string, readonly Named[]])[] {
  const groups = new Map<string, Named[]>()
  for (const file of files) {
    const wish = wishOf(file.change)
    if (wish !== undefined) groups.set(wish, [...(groups.get(wish) ?? []), file])
  }
  return [...groups]
}
