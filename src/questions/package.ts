import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { errText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import type { QuestionKind } from './kind.ts'
import { linesOf, nulParts } from './lines.ts'

export interface PackageAnswer {
  readonly name: string
  readonly installed: boolean
  readonly version?: string | undefined
  readonly held: boolean
  /** Removed, but its configuration is still there. */
  readonly configLeft: boolean
  /** Its installation was cut off. */
  readonly broken: boolean
  /** The installed package that provides a name which is none itself. */
  readonly providedBy?: string | undefined
}

/** A Debian package: `curl`, `curl:amd64`, or a virtual name. */
export function packageState(name: string): Question<PackageAnswer> {
  return { kind: 'package', key: name, arg: name }
}

const format = '${Package}\\t${Architecture}\\t${Version}\\t${Status}\\t${Provides}\\n'

/** Names that are not installed by themselves may be provided: only then are all packages gone through, and only where some package says so. */
export const packages: QuestionKind<string, PackageAnswer> = {
  kind: 'package',
  sh(names) {
    const plain = [...new Set(names.map(name => name.replace(/:.*$/, '')))]
    const pattern = plain.map(asPattern).join('|')
    return `set +e
if ! command -v dpkg-query >/dev/null 2>&1; then echo no-dpkg >&2; exit 3; fi
l=$(dpkg-query -W -f='${format}' -- ${plain.map(quote).join(' ')} 2>/dev/null)
printf '%s\\000' "$l"
n=0; r=$l
while :; do case $r in *' installed	'*) n=$((n + 1)); r=\${r#*' installed	'};; *) break;; esac; done
s=\${DPKG_ADMINDIR:-/var/lib/dpkg}/status
if [ "$n" -lt ${plain.length} ] && { [ ! -r "$s" ] || grep -q -E -e ${quote(`^Provides:.*(${pattern})`)} "$s"; }; then
 dpkg-query -W -f='${format}' 2>/dev/null | grep -E -e ${quote(`\t(.*, )?(${pattern})( .*|,.*)?$`)}; fi
printf '\\000'`
  },
  parse(section, names) {
    if (section.code === 3 && errText(section).includes('no-dpkg')) throw withoutDpkg()
    const [own, all] = nulParts(section, 2, names.join(', ')).map(part => linesOf(part).map(readEntry))
    return names.map(name => answer(name, own!, all!))
  },
  limit: () => 4 * 1024 * 1024,
  predict: predictPackage,
}

/** Names may hold dots and pluses; what else they hold is no pattern either. */
function asPattern(name: string): string {
  return name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&').replaceAll('\n', ' ')
}

interface Entry {
  readonly name: string
  readonly arch: string
  readonly version: string
  readonly want: string
  readonly state: string
  readonly provides: readonly string[]
}

function readEntry(line: string): Entry {
  const [name = '', arch = '', version = '', status = '', provides = ''] = line.split('\t')
  const [want = '', , state = ''] = status.split(' ')
  return { name, arch, version, want, state, provides: provides.split(',').map(p => p.trim().replace(/[ (].*$/, '')) }
}

function answer(spec: string, own: readonly Entry[], all: readonly Entry[]): PackageAnswer {
  const [name, arch] = spec.split(':')
  const mine = own.filter(
    entry =>
      entry.name === name && (arch === undefined || arch === 'any' || entry.arch === arch || entry.arch === 'all'),
  )
  const found = mine.find(entry => entry.state === 'installed') ?? mine[0]
  const provider = all.find(entry => entry.state === 'installed' && entry.provides.includes(name!))
  const state = found?.state ?? 'not-installed'
  return {
    name: spec,
    installed: state === 'installed',
    ...(state === 'installed' ? { version: found!.version } : {}),
    held: found?.want === 'hold',
    configLeft: state === 'config-files',
    broken: ['half-installed', 'unpacked', 'half-configured', 'triggers-awaited', 'triggers-pending'].includes(state),
    ...(state !== 'installed' && provider ? { providedBy: provider.name } : {}),
  }
}

export function withoutDpkg(): Failure {
  return new Failure({
    code: 'unsupported',
    message: 'this host has no dpkg: its packages can neither be seen nor changed',
    hint: 'use `command` with the package manager it has',
  })
}

function predictPackage(shadow: Shadow, name: string, actual?: PackageAnswer): PackageAnswer | Unknown | undefined {
  if (actual === undefined) return undefined
  const planned = shadow.packages.get(name)
  if (planned instanceof Unknown) return planned
  if (planned === undefined) return actual.installed ? actual : (shadow.notFound ?? actual)
  if (planned === null) {
    const configLeft = actual.configLeft && shadow.values.get(`package:${name}:purged`) !== true
    return { name, installed: false, held: false, configLeft, broken: false }
  }
  const version = planned === '' ? actual.version : planned
  return {
    name,
    installed: true,
    ...(version === undefined ? {} : { version }),
    held: actual.held,
    configLeft: false,
    broken: false,
  }
}
