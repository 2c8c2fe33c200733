import type { Change } from '../core/change.ts'
import { inFolder } from '../core/file-names.ts'
import { quote } from '../core/sh.ts'
import { explainFile } from './file/explain.ts'
import { fileFootprint, foldFile } from './file/fold.ts'
import { enter, exits, fatFunctions, nameHere, ownership, parentOf, straight } from './file/place.ts'
import type { ChangeKind } from './kind.ts'

/** Makes a folder and those missing above it, which get the same mode and owner. */
export interface DirMake extends Change {
  readonly kind: 'dir.make'
  readonly path: string
  readonly real: string
  /** The folders missing above it, outermost first. */
  readonly missing: readonly string[]
  /** Four octal digits; 0755 when absent. */
  readonly mode?: string | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  /** The folder above hands its set-group-id bit on, where no mode is wished. */
  readonly setgid?: boolean | undefined
}

export function makeDir(change: Omit<DirMake, 'kind'>): DirMake {
  return { kind: 'dir.make', ...change }
}

function makeOne(folder: string, always: boolean, rights: string): string {
  const into = `cd -P -- ${quote(nameHere(folder))}; if [ "$PWD" != ${quote(folder)} ]; then exit ${exits.underneath}; fi`
  const name = quote(nameHere(folder))
  if (always) return `fresh ${name} || :; ${into}; ${rights === '' ? ':' : rights}`
  return `if fresh ${name}; then made=1; else made=; fi; ${into}; if [ -n "$made" ]; then ${rights === '' ? ':' : rights}; fi`
}

/** The group of what is made in it is then its own. */
const handsGroupOn = (mode = '0755') => (Number.parseInt(mode, 8) & 0o2000) !== 0

export const dirMake: ChangeKind<DirMake> = {
  kind: 'dir.make',
  joins: () => true,
  // What was missing with it is missing in it, and nothing else is known of a new folder: FAT gives it what it likes.
  foretells: ({ real, missing, mode }) =>
    handsGroupOn(mode) ? [] : [...missing, real].map(folder => `file:${inFolder(folder)}`),
  carry({ real, missing, mode, owner, group, setgid }) {
    const wish = ownership(owner, group)
    // Five digits: with four GNU chmod leaves a folder the set-group-id that it has from the folder above.
    // One by one, so that none is ever there with more rights than wished; one that came meanwhile is left alone.
    const rights = [
      ...(wish === undefined ? [] : [`hard chown -- ${quote(wish)} .`]),
      ...(mode === undefined
        ? wish === undefined
          ? []
          : [`soft chmod ${setgid ? '02755' : '00755'} .`]
        : [`hard chmod -- ${quote(`0${mode}`)} .`]),
    ].join('; ')
    const folders = [...missing, real].map(straight)
    // Each is gone into, so that what gets its rights is the folder that was made, whatever then has its name.
    return {
      script: [
        `${enter(parentOf(folders[0]!))}; umask ${wish === undefined && mode === undefined ? '022' : '077'}`,
        fatFunctions,
        'fresh() { if [ -d "$1" ]; then return 1; fi; mkdir -- "$1"; }',
        // `d/../a` needs `d`, but lies beside it.
        ...folders.flatMap((folder, i) => [
          ...(i > 0 && parentOf(folder) !== folders[i - 1] ? [enter(parentOf(folder))] : []),
          makeOne(folder, i === folders.length - 1, rights),
        ]),
      ].join('\n'),
    }
  },
  explain: (section, { path }) => explainFile(path, section),
  fold(shadow, { real, missing, setgid, mode = setgid ? '2755' : '0755', owner, group }) {
    for (const folder of [...missing, real]) {
      shadow.files.delete(folder)
      foldFile(shadow, folder, { type: 'directory', mode, owner, group })
    }
  },
  diff: ({ path, mode = '0755', owner, group }) => ({
    subject: path,
    summary: `make the folder ${path}`,
    facets: [
      { name: 'state', before: 'absent', after: 'directory' },
      ...Object.entries({ mode, owner, group }).flatMap(([name, after]) =>
        after === undefined ? [] : [{ name, before: '', after }],
      ),
    ],
  }),
  footprint: ({ path, real, missing }) => fileFootprint([path, real, ...missing]),
}
