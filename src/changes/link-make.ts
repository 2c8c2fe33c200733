import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import { explainFile } from './file/explain.ts'
import { fileFootprint, foldFile, linkFootprint } from './file/fold.ts'
import { exits, ownership, prologue, renameAgain } from './file/place.ts'
import type { ChangeKind } from './kind.ts'

/** A symbolic or hard link, made beside its name and renamed over it. */
export interface LinkMake extends Change {
  readonly kind: 'link.make'
  readonly path: string
  readonly real: string
  readonly target: string
  readonly hard?: boolean | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** What is replaced: where the old link points, a file, an empty folder; 'absent' where nothing may be there. */
  readonly replaces: 'absent' | 'file' | 'directory' | { readonly target: string }
}

export function makeLink(change: Omit<LinkMake, 'kind'>): LinkMake {
  return { kind: 'link.make', ...change }
}

export const linkMake: ChangeKind<LinkMake> = {
  kind: 'link.make',
  joins: () => true,
  carry({ real, target, hard, owner, group, replaces }) {
    const wish = ownership(owner, group)
    return {
      script: [
        prologue(real),
        `ln ${hard ? '' : '-s '}-- ${quote(target)} "$t"`,
        ...(wish === undefined ? [] : [`chown -h -- ${quote(wish)} "$t"`]),
        guard(replaces),
        // Busybox' mv takes a link to a folder for the folder.
        `if ! mv -fT "$t" "$f" 2>/dev/null; then if [ -L "$f" ]; then rm -f "$f"; fi; ${renameAgain('"$t"', '"$f"')}; fi`,
        // Renaming one name of a file over another of the same file does nothing and leaves both.
        'if [ -e "$t" ] || [ -L "$t" ]; then rm -f "$t"; fi',
        'trap - EXIT',
      ].join('\n'),
    }
  },
  explain: (section, { path }) => explainFile(path, section),
  fold(shadow, { real, target, hard, owner, group }) {
    if (hard) {
      const source = shadow.files.get(target)
      foldFile(shadow, real, source !== undefined && 'type' in source ? source : { type: 'file' })
    } else foldFile(shadow, real, { type: 'link', target, mode: '0777', owner, group })
  },
  diff: ({ path, target, hard, owner, group, replaces }) => ({
    subject: path,
    summary: `${hard ? 'hard link' : 'link'} ${path} to ${target}`,
    facets: [
      { name: 'target', before: typeof replaces === 'string' ? replaces : replaces.target, after: target },
      ...Object.entries({ owner, group }).flatMap(([name, after]) =>
        after === undefined ? [] : [{ name, before: '', after }],
      ),
    ],
  }),
  footprint: ({ path, real, target, hard }) => [
    ...fileFootprint(hard ? [path, real, target] : [path, real]),
    ...linkFootprint,
  ],
}

function guard(replaces: LinkMake['replaces']): string {
  if (replaces === 'absent') return `if [ -e "$f" ] || [ -L "$f" ]; then exit ${exits.underneath}; fi`
  if (replaces === 'directory') return `if [ -d "$f" ] && [ ! -L "$f" ]; then rmdir "$f"; fi`
  if (replaces === 'file') return `if [ ! -f "$f" ]; then exit ${exits.underneath}; fi`
  return `if [ ! -L "$f" ]; then exit ${exits.underneath}; fi`
}
