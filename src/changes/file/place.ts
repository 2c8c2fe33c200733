import { randomBytes } from 'node:crypto'
import { quote } from '../../core/sh.ts'
import { sha256 } from '../../core/sha256.ts'

/** Exits of the scripts about files, told apart from those of the programs in them. */
export const exits = { underneath: 91, invalid: 92, directory: 93, parent: 94, fat: 95 } as const

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

export interface Beside {
  readonly name: string
  /** A shell pattern for what earlier writes of the same file left. */
  readonly stale: string
}

/** A name beside the target, unique, hidden, without its suffix: no `*.conf` and no run-parts ever reads it. */
export function besideName(real: string): Beside {
  const folder = parentOf(real)
  const own = `.pitool-${sha256(real).slice(0, 8)}`
  const prefix = folder === '/' ? `/${own}` : `${folder}/${own}`
  return { name: `${prefix}-${randomBytes(6).toString('hex')}`, stale: `${quote(prefix)}-*` }
}

/** The same for many new files of one folder. */
export function besideMany(folder: string): Beside {
  return besideName(`${folder === '/' ? '' : folder}/*`)
}

/** Shell text that sweeps what a killed run left here while it wrote many: whichever of them are still missing come next. */
export function sweepMany(folder: string): string {
  return `for o in ${here(besideMany(folder)).stale}; do if [ ! -L "$o" ] && [ -e "$o" ]; then rm -rf "$o"; fi; done`
}

/** The name itself as a path within its folder. */
export function nameHere(path: string): string {
  return `./${path.slice(path.lastIndexOf('/') + 1)}`
}

/** The same names as seen from their folder. */
export function here({ name }: Beside): Beside {
  const own = nameHere(name)
  return { name: own, stale: `${quote(own.slice(0, own.lastIndexOf('-')))}-*` }
}

/** Below a folder that is missing there is no link yet: `..` leads where it is written. */
export function straight(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/') || '/'
}

/**
 * Shell text that goes into a folder and stays there, whatever becomes of its name: who may write above it may put
 * another in its place, or a link. The kernel tells where it has led; elsewhere it ends as changed underneath.
 */
export function enter(folder: string, away: string = `exit ${exits.parent}`): string {
  const word = quote(straight(folder))
  return `from=$PWD; d=${word}
if [ ! -d "$d" ]; then ${away}; fi
cd -P -- "$d"; if [ "$PWD" != "$d" ]; then exit ${exits.underneath}; fi`
}

/** Shell text: this is done at the end, however it comes; also where nobody reads any more what is said. */
export function whateverHappens(cleaning: string): string {
  return `trap '${cleaning}' EXIT; trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 141' PIPE; trap 'exit 143' TERM`
}

/** Goes into the folder of the target and defines `$f`, `$t` in it; sweeps what a killed run left; removes `$t` whatever happens. */
export function prologue(real: string, beside: Beside = besideName(real)): string {
  const { name, stale } = here(beside)
  return `${enter(parentOf(real))}
f=${quote(nameHere(real))}; t=${quote(name)}
for o in ${stale}; do if [ -f "$o" ] && [ ! -L "$o" ]; then rm -f "$o"; fi; done
${whateverHappens('rm -rf "$t" "$t"b')}
umask 077`
}

/**
 * Shell text that renames once more, aloud, after `mv -fT` has failed. Only an mv that knows no -T, which is tried on
 * the temporary name alone, may do it plainly: that goes into a folder that came, or that a link leads to.
 */
export function renameAgain(from: string, to: string): string {
  const aside = `${from}b`
  return `if mv -fT ${from} ${aside} 2>/dev/null; then mv -fT ${aside} ${from}; mv -fT ${from} ${to}; elif [ -d ${to} ]; then exit ${exits.directory}; else mv -f ${from} ${to}; fi`
}

/** Attributes wished by the user must come true; those merely kept are let go where the file system has none. */
export const fatFunctions = `fat() { case $(stat -f -c %T "$d" 2>/dev/null) in msdos|vfat|exfat|fuseblk) return 0;; esac; return 1; }
soft() { if "$@" 2>/dev/null; then return 0; fi; if fat; then return 0; fi; "$@"; }
hard() { if "$@"; then return 0; fi; if fat; then exit ${exits.fat}; fi; exit 1; }`

/** Ends with its own exit when the file is not what the plan saw: SHA-256, or that it was absent. */
export function expectation(expects: string | undefined): string {
  if (expects === undefined) return ''
  if (expects === 'absent') return `if [ -e "$f" ] || [ -L "$f" ]; then exit ${exits.underneath}; fi`
  return `if [ ! -f "$f" ]; then exit ${exits.underneath}; fi
if command -v sha256sum >/dev/null 2>&1; then s=$(sha256sum <"$f"); else s=$(openssl dgst -sha256 -r <"$f"); fi
if [ "\${s%% *}" != ${quote(expects)} ]; then exit ${exits.underneath}; fi`
}

/** `owner:group` as chown wants it; undefined where neither is given. */
export function ownership(owner: string | undefined, group: string | undefined): string | undefined {
  if (owner === undefined && group === undefined) return undefined
  return `${owner ?? ''}${group === undefined ? '' : `:${group}`}`
}
