import type { Change } from '../core/change.ts'
import type { Text } from '../core/secret.ts'
import { quote } from '../core/sh.ts'
import { explainFile } from './file/explain.ts'
import { fileFootprint, foldFile, linkFootprint } from './file/fold.ts'
import { enter, expectation, nameHere, parentOf } from './file/place.ts'
import type { ChangeKind } from './kind.ts'

/** Takes away a file, a link, or a folder with all that is in it. */
export interface FileRemove extends Change {
  readonly kind: 'file.remove'
  readonly path: string
  readonly real: string
  readonly type: 'file' | 'directory' | 'link' | 'other'
  /** For the diff of a file. */
  readonly before?: Text | undefined
  /** The SHA-256 of what the plan saw. */
  readonly expects?: string | undefined
}

export function removeFile(change: Omit<FileRemove, 'kind'>): FileRemove {
  const why = whyNever(change.real)
  if (why !== undefined) throw new RangeError(why)
  return { kind: 'file.remove', ...change }
}

const never = new Set(
  '/ /bin /boot /boot/firmware /dev /etc /home /lib /lib32 /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/sbin /usr/share /var /var/lib'.split(
    ' ',
  ),
)

/** Folders without which there is no system left; undefined for all others. */
export function whyNever(real: string): string | undefined {
  return never.has(real) ? `${real} belongs to the system: it is never removed` : undefined
}

export const fileRemove: ChangeKind<FileRemove> = {
  kind: 'file.remove',
  joins: ({ type }) => type !== 'directory',
  carry: ({ real, type, expects }) => ({
    script: [
      enter(parentOf(real), expects === undefined ? 'exit 0' : undefined),
      `f=${quote(nameHere(real))}`,
      expectation(expects),
      type === 'directory' ? 'rm -rf --one-file-system "$f" 2>/dev/null || rm -rf "$f"' : 'rm -f "$f"',
    ]
      .filter(line => line !== '')
      .join('\n'),
    ...(type === 'directory' ? { own: true } : {}),
  }),
  explain: (section, { path }) => explainFile(path, section),
  fold(shadow, { real }) {
    for (const below of [...shadow.files.keys()]) if (below.startsWith(`${real}/`)) shadow.files.delete(below)
    foldFile(shadow, real, { type: 'absent' })
  },
  diff: ({ path, type, before }) => ({
    subject: path,
    summary: `remove ${type === 'directory' ? `${path} and all in it` : path}`,
    ...(before === undefined ? {} : { before, after: null }),
    facets: [{ name: 'state', before: type, after: 'absent' }],
  }),
  footprint: ({ path, real, type }) => [...fileFootprint([path, real]), ...(type === 'file' ? [] : linkFootprint)],
}
