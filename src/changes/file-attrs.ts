import type { Change, Facet } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import { explainFile } from './file/explain.ts'
import { fileFootprint, foldFile } from './file/fold.ts'
import { enter, exits, fatFunctions, nameHere, ownership, parentOf } from './file/place.ts'
import type { ChangeKind } from './kind.ts'

/** Mode, owner and group of what is there. */
export interface FileAttrs extends Change {
  readonly kind: 'file.attrs'
  readonly path: string
  readonly real: string
  readonly type: 'file' | 'directory' | 'link'
  /** Four octal digits. */
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly before: {
    readonly mode?: string | undefined
    readonly owner?: string | undefined
    readonly group?: string | undefined
  }
}

export function setAttrs(change: Omit<FileAttrs, 'kind'>): FileAttrs {
  return { kind: 'file.attrs', ...change }
}

export const fileAttrs: ChangeKind<FileAttrs> = {
  kind: 'file.attrs',
  joins: () => true,
  carry({ real, type, mode, owner, group }) {
    const wish = ownership(owner, group)
    // Five digits for a folder: with four GNU chmod leaves the set-id bits that it has.
    return {
      script: [
        enter(parentOf(real)),
        fatFunctions,
        hold[type](real),
        ...(wish === undefined ? [] : [`hard chown ${type === 'link' ? '-h' : '-L'} -- ${quote(wish)} "$f"`]),
        ...(mode === undefined || type === 'link'
          ? []
          : [`hard chmod -- ${type === 'directory' ? '0' : ''}${quote(mode)} "$f"`]),
      ].join('\n'),
    }
  },
  explain: (section, { path }) => explainFile(path, section),
  fold: (shadow, { real, type, mode, owner, group }) => foldAttrs(shadow, real, { type, mode, owner, group }),
  diff: change => ({
    subject: change.path,
    summary: `set ${facets(change)
      .map(facet => facet.name)
      .join(', ')} of ${change.path}`,
    facets: facets(change),
  }),
  footprint: ({ path, real }) => fileFootprint([path, real]),
}

const gone = `exit ${exits.underneath}`

/**
 * Defines `$f` so that it stays the thing that was looked at. No shell can open a file without following a link, but the
 * kernel tells what was opened. A file that its owner may not read is named: then nobody has more rights than the owner.
 */
const hold = {
  directory: (real: string) => `f=${quote(nameHere(real))}
if [ ! -d "$f" ]; then ${gone}; fi
if cd -P -- "$f" 2>/dev/null; then
 if [ "$PWD" != ${quote(real)} ]; then ${gone}; fi
 f=.
elif [ "$(id -u)" = 0 ]; then ${gone}; fi`,
  link: (real: string) => `f=${quote(nameHere(real))}; if [ ! -L "$f" ]; then ${gone}; fi`,
  file: (real: string) => `f=${quote(nameHere(real))}
if [ ! -f "$f" ] || [ -L "$f" ]; then ${gone}; fi
if { command exec 9<"$f"; } 2>/dev/null; then
 if [ -e /proc/self/fd/9 ]; then
  r=$(readlink /proc/self/fd/9; printf .)
  if [ "$r" != ${quote(`${real}\n.`)} ]; then ${gone}; fi
  f=/proc/self/fd/9
 fi
elif [ "$(id -u)" = 0 ]; then ${gone}; fi`,
} as const

function foldAttrs(
  shadow: Parameters<typeof foldFile>[0],
  real: string,
  planned: Parameters<typeof foldFile>[2],
): void {
  const was = shadow.files.get(real)
  if (was !== undefined && 'type' in was) foldFile(shadow, real, { ...planned, type: was.type })
  else shadow.files.set(real, planned)
}

function facets({ mode, owner, group, before }: FileAttrs): readonly Facet[] {
  const wishes = { mode, owner, group }
  return (['mode', 'owner', 'group'] as const).flatMap(name => {
    const after = wishes[name]
    return after === undefined ? [] : [{ name, before: before[name] ?? '', after }]
  })
}
