import { reveal, Secret } from '../../core/secret.ts'
import { printBytes, quote } from '../../core/sh.ts'
import { Unknown } from '../../core/unknown.ts'
import type { FileWrite } from '../file-write.ts'
import {
  besideName,
  exits,
  expectation,
  fatFunctions,
  nameHere,
  ownership,
  parentOf,
  prologue,
  renameAgain,
  sweepMany,
} from './place.ts'

/** All of a write but its content. */
export type Put = Omit<FileWrite, 'kind' | 'text' | 'before'>

export function writeScript(change: FileWrite): string {
  const { text } = change
  if (text instanceof Unknown) throw new Error(`the content of ${change.path} is not known: ${text.reason}`)
  const bytes = text instanceof Uint8Array ? text : reveal(text)
  const fill = `if ! ${printBytes(bytes)} >&9; then ${whyShort}; fi`
  return putScript(change, fill, text instanceof Secret ? undefined : '0644')
}

/**
 * Beside the target as 0600, filled, then the old attributes, owner, mode (a new file's where none is wished), flushed,
 * validated, compared, renamed. `fill` writes to descriptor 9, whose file is `$h`, and `$t` by name. `expects` narrows
 * the window in which somebody else may write; it is no lock.
 */
export function putScript(change: Put, fill: string, usual: string | undefined): string {
  const { real, expects, backup } = change
  const beside = besideName(real)
  return [
    prologue(real, beside),
    ...(expects === 'absent' ? [sweepMany(parentOf(real))] : []),
    fatFunctions,
    `if [ -d "$f" ]; then exit ${exits.directory}; fi`,
    `set -C; exec 9>"$t"; set +C; ${held}
${fill}`,
    ...attributes(change, usual),
    'sync "$h" 2>/dev/null || sync || :; exec 9>&-',
    validation(change, beside.name),
    expectation(expects),
    ...(backup === undefined ? [] : [backupScript(backup)]),
    expects === 'absent' ? claim : replace(change),
  ].join('\n')
}

// The shells' own printf says little or nothing of a full disk; dd does.
const whyShort = 'dd if=/dev/zero bs=65536 count=1 >&9 || :; exit 1'

// What is held open stays the same file, whatever is put in the place of its name.
const held = 'h=/proc/self/fd/9; if [ ! -e "$h" ]; then h=$t; fi'

function attributes({ mode, owner, group, kept }: Put, usual: string | undefined): readonly string[] {
  const wish = ownership(owner, group)
  const asked = [
    // Busybox would keep the owner or the group of the link that $h is.
    ...(wish === undefined ? [] : [`hard chown -L -- ${quote(wish)} "$h"`]),
    ...(mode === undefined ? [] : [`hard chmod -- ${quote(mode)} "$h"`]),
  ]
  if (kept === undefined) {
    return mode === undefined && usual !== undefined ? [...asked, `soft chmod ${usual} "$h"`] : asked
  }
  // GNU cp brings ACLs and extended attributes along; elsewhere owner and mode have to do.
  const copy = `kept=; if [ -f "$f" ] && cp --attributes-only --preserve=all --no-preserve=timestamps "$f" "$h" 2>/dev/null; then kept=1; fi`
  const plain = `if [ -z "$kept" ]; then if [ "$(id -u)" = 0 ]; then soft chown -- ${quote(`${kept.owner}:${kept.group}`)} "$h"; fi; soft chmod -- ${quote(kept.mode)} "$h"; fi`
  const again = wish !== undefined && mode === undefined ? [`soft chmod -- ${quote(kept.mode)} "$h"`] : []
  return [copy, plain, ...asked, ...again]
}

function validation({ validate }: Put, temporary: string): string {
  if (validate === undefined) return ''
  return `if ! ( cd -- "$from"; exec /bin/sh -c ${quote(validate.replaceAll('%s', () => quote(temporary)))} ) >&2; then exit ${exits.invalid}; fi`
}

function backupScript(backup: string): string {
  const copy = 'cp -p --remove-destination "$f" "$t"b 2>/dev/null || cp -p "$f" "$t"b'
  return `b=${quote(nameHere(backup))}; if [ -f "$f" ] && [ ! -L "$f" ] && [ ! -e "$b" ]; then ${copy}; mv -f "$t"b "$b"; fi`
}

const renamed = renameAgain('"$t"', '"$f"')

/** Never takes a name that is there, and never leaves both names as a link would; where mv knows no -T, the plain rename must do. */
const claim = `mv -nT "$t" "$f" 2>/dev/null || :
if [ -e "$t" ]; then
 if [ -e "$f" ] || [ -L "$f" ]; then exit ${exits.underneath}; fi
 ${renamed}; fi
trap - EXIT`

/** A bind-mounted file cannot be renamed over: its content is written in place, attributes are those it has. */
function replace({ unsafe, mode, owner, group }: Put): string {
  const wish = ownership(owner, group)
  const inPlace = [
    'cat "$t" >"$f"',
    ...(wish === undefined ? [] : [`hard chown -- ${quote(wish)} "$f"`]),
    ...(mode === undefined ? [] : [`hard chmod -- ${quote(mode)} "$f"`]),
  ].join('; ')
  return `e=
if mv -fT "$t" "$f" 2>/dev/null; then trap - EXIT
elif [ ! -d "$f" ] && e=$(${renamed} 2>&1); then trap - EXIT
else case \${e:-is a folder} in ${unsafe ? '*' : '*[Bb]usy*'}) ${inPlace};; *) printf '%s\\n' "$e" >&2; exit 1;; esac; fi`
}
