import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import {
  arrivalDiff,
  arrivalFootprint,
  exits,
  explainArrival,
  foldArrival,
  installScript,
  wrongDigest,
} from './file-arrival.ts'
import type { ChangeKind } from './kind.ts'

/** A file that the host fetches itself, put in place whole, only when its digest is right. */
export interface FileDownload extends Change {
  readonly kind: 'file.download'
  readonly path: string
  readonly url: string
  /** SHA-256 in hex; where absent, `sums` tells it. */
  readonly digest?: string | undefined
  /** A file of sums and the name whose line counts. It proves the transport only: it comes from the same place. */
  readonly sums?: { readonly url: string; readonly name: string } | undefined
  /** Octal. */
  readonly mode: string
}

export function downloadFile(change: Omit<FileDownload, 'kind'>): FileDownload {
  return { kind: 'file.download', ...change }
}

export const fileDownloadKind: ChangeKind<FileDownload> = {
  kind: 'file.download',
  carry: ({ path, mode, url, digest, sums }) => ({
    script: getFunction + installScript({ path, mode, fill: fillScript(url, digest, sums) }),
    own: true,
    timeout: 1800,
  }),
  explain: (section, { path }) => explainArrival(section, path),
  fold: foldArrival,
  diff: change => arrivalDiff(change, `fetch ${change.url} to ${change.path}`),
  footprint: arrivalFootprint,
}

// busybox' wget does not check certificates: it is not asked.
const getFunction = `
get() {
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 3 --retry-delay 2 --connect-timeout 15 -o "$2" -- "$1" 2> "$new.err" && return 0
  elif wget --version 2>/dev/null | grep -q GNU; then
    wget -q --tries=3 --timeout=30 -O "$2" -- "$1" 2> "$new.err" && return 0
  else
    exit ${exits.noTool}
  fi
  cat "$new.err" >&2
  printf '%s\\n' "$1" >&2
  exit ${exits.download}
}
`

function fillScript(url: string, digest: string | undefined, sums: FileDownload['sums']): string {
  const fetched = `get ${quote(url)} "$new"\n${wrongDigest}`
  if (digest !== undefined || sums === undefined) return `want=${quote(digest ?? '')}\n${fetched}`
  return `get ${quote(sums.url)} "$new"
want=
while read -r sum name; do if [ "\${name#\\*}" = ${quote(sums.name)} ]; then want=$sum; fi; done < "$new"
[ -n "$want" ] || exit ${exits.noSum}
${fetched}`
}
