import type { Diff } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { mask } from '../core/secret.ts'
import { errText, type Section } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import { fileFootprint } from './file/fold.ts'
import { besideName, parentOf, whateverHappens } from './file/place.ts'

/** What sending and fetching of big files have in common. */
interface Arriving {
  readonly path: string
  readonly mode: string
}

export const exits = { digest: 81, download: 82, noSum: 83, noTool: 84, short: 85 } as const

/** Compares "$new" with $want. */
export const wrongDigest = `got=$(sha256sum < "$new"); got=\${got%% *}
[ "$got" = "$want" ] || { echo "its SHA-256 is $got, not $want" >&2; exit ${exits.digest}; }`

/**
 * Fills "$new" beside the target, then renames it: a program that runs from the old file is not disturbed. What a
 * killed run left beside it goes.
 */
export function installScript({ path, mode, fill }: Arriving & { readonly fill: string }): string {
  const { name, stale } = besideName(path)
  // `readlink -f` never ends on a link that points below itself.
  return `
path=${quote(path)}
if [ -e "$path" ]; then if [ -L "$path" ]; then path=$(readlink -f "$path"); fi
elif [ -L "$path" ]; then to=$(readlink "$path"); case $to in /*) path=$to;; *) path=\${path%/*}/$to;; esac; fi
mkdir -p ${quote(parentOf(path))}
new=${quote(name)}
for old in ${stale}; do if [ -f "$old" ] && [ ! -L "$old" ]; then rm -f "$old"; fi; done
${whateverHappens('rm -f "$new" "$new.err"')}
( umask 077; set -C; : > "$new" )
${fill}
chmod -- ${quote(mode)} "$new"
sync "$new" 2>/dev/null || sync
mv -f "$new" "$path"
trap - EXIT
rm -f "$new.err"`
}

export function explainArrival(section: Section, path: string): Diagnostic | undefined {
  const said = mask(errText(section).trim()).slice(-1000)
  const cause = said === '' ? {} : { cause: said }
  switch (section.code) {
    case exits.digest:
      return {
        code: 'k3s-digest',
        message: `what arrived for ${path} is not the file that was wanted; the old one stays`,
        hint: 'check sha256 and the version it was taken from, or try again',
        ...cause,
      }
    case exits.short:
      return {
        code: 'change-failed',
        message: `not all of the file for ${path} arrived; the old one stays`,
        hint: 'run it again',
        ...cause,
      }
    case exits.download:
      return {
        code: 'k3s-download',
        message: `the file for ${path} cannot be fetched by this host`,
        hint: 'check the version and release_url; a host without internet takes `fetch: control` or `install: file`',
        ...cause,
      }
    case exits.noSum:
      return {
        code: 'k3s-digest',
        message: `the release's file of sums does not name the file for ${path}`,
        hint: 'give sha256 yourself',
        ...cause,
      }
    case exits.noTool:
      return {
        code: 'unsupported',
        message: 'this host has neither curl nor GNU wget',
        hint: 'install curl there, or use `fetch: control`',
        ...cause,
      }
    default:
      return undefined
  }
}

export function foldArrival(shadow: Shadow, { path, mode }: Arriving): void {
  const text = new Unknown(`the content of ${path} is known after apply`)
  shadow.files.set(path, { type: 'file', text, mode: mode.padStart(4, '0') })
}

/** It may make the folders above, and follow links that nobody has looked at: any file may be another. */
export function arrivalFootprint({ path }: { readonly path: string }): readonly string[] {
  return [...fileFootprint([path]), 'file', 'k3s.binary']
}

export function arrivalDiff({ path, digest }: { path: string; digest?: string | undefined }, summary: string): Diff {
  const facets = digest === undefined ? [] : [{ name: 'sha256', before: '', after: digest }]
  return { subject: path, summary, facets }
}
