import type { Change } from '../core/change.ts'
import type { Diagnostic } from '../core/diagnostic.ts'
import { errText, outText, type Section } from '../core/section.ts'
import type { Shadow } from '../core/shadow.ts'
import { explainAbout, saidBy } from './explain.ts'
import type { ChangeKind } from './kind.ts'
import { lockedExit, packageScript } from './package/script.ts'

/** Debian packages installed, upgraded or removed, in one go of apt. */
export interface PackageSet extends Change {
  readonly kind: 'package.set'
  /** As apt takes them: `curl`, `curl=7.88.1-10`, `curl:arm64`. Empty for a mere update of the lists. */
  readonly names: readonly string[]
  readonly state: 'present' | 'latest' | 'absent'
  readonly updateCache?: boolean | undefined
  readonly upgrade?: 'safe' | 'dist' | undefined
  readonly purge?: boolean | undefined
  readonly autoremove?: boolean | undefined
  readonly defaultRelease?: string | undefined
  readonly installRecommends?: boolean | undefined
  readonly allowDowngrade?: boolean | undefined
  /** Seconds to wait while somebody else holds a lock. */
  readonly lockTimeout: number
  /** What is installed now, by name. */
  readonly before?: { readonly [name: string]: string } | undefined
}

export function setPackages(change: Omit<PackageSet, 'kind'>): PackageSet {
  return { kind: 'package.set', ...change }
}

export const packageSet: ChangeKind<PackageSet> = {
  kind: 'package.set',
  carry: change => ({ script: packageScript(change), own: true, still: true, timeout: 3600 }),
  outcome: section => ({ stdout: outText(section), stderr: errText(section) }),
  explain: explainPackages,
  fold: foldPackages,
  diff({ names, state, updateCache, upgrade, before = {} }) {
    const verb = { present: 'install', latest: 'upgrade', absent: 'remove' }[state]
    const words = [
      ...(updateCache ? ['update the package lists'] : []),
      ...(names.length === 0 ? [] : [`${verb} ${names.join(', ')}`]),
      ...(upgrade === undefined ? [] : ['upgrade all packages']),
    ]
    const facets = names.map(name => ({
      name: plain(name),
      before: before[plain(name)] ?? '',
      after: state === 'absent' ? '' : (versionOf(name) ?? (state === 'latest' ? 'latest' : 'installed')),
    }))
    return { subject: names.length === 0 ? 'packages' : names.join(', '), summary: words.join(', then '), facets }
  },
  footprint: () => 'all',
}

function plain(spec: string): string {
  return spec.replace(/[=/].*$/, '')
}

function versionOf(spec: string): string | undefined {
  return /=(.*)$/.exec(spec)?.[1]
}

function foldPackages(shadow: Shadow, { names, state, updateCache, upgrade, autoremove, purge }: PackageSet): void {
  if (updateCache) shadow.values.set('apt.lists', true)
  for (const spec of names) shadow.packages.set(plain(spec), state === 'absent' ? null : (versionOf(spec) ?? ''))
  if (purge) for (const spec of names) shadow.values.set(`package:${plain(spec)}:purged`, true)
  const what = names.length === 0 ? 'the upgrade' : `the package ${names.map(plain).join(', ')}`
  if (state === 'absent' || upgrade !== undefined || autoremove) {
    if (names.length > 0 || upgrade !== undefined) shadow.mayAlter(what)
  } else if (names.length > 0) shadow.mayBring(what)
}

function explainPackages(section: Section, { names, lockTimeout }: PackageSet): Diagnostic | undefined {
  const said = `${outText(section)}\n${errText(section)}`
  const cause = saidBy(section)
  const held = /pitool: held by (.*)/.exec(said)?.[1] ?? /held by process (.*)/.exec(said)?.[1]
  if (section.code === lockedExit || /Could not get lock|Unable to acquire the dpkg frontend lock/.test(said)) {
    return {
      code: 'dpkg-locked',
      message: `the package database is locked${held === undefined ? '' : ` by ${held}`}, for more than ${lockTimeout} s`,
      hint: 'wait until it is done (often unattended-upgrades), or give a larger lock_timeout',
      cause,
    }
  }
  if (/dpkg was interrupted|dpkg --configure -a/.test(said)) {
    return {
      code: 'dpkg-interrupted',
      message: 'an earlier installation was cut off',
      hint: 'run `dpkg --configure -a` on the host, then this again',
      cause,
    }
  }
  const missing = [
    ...said.matchAll(
      /Unable to locate package (\S+)|Package '?([^\s']+)'? has no installation candidate|Version '\S+' for '([^']+)' was not found/g,
    ),
  ]
  if (missing.length > 0) {
    const which = missing.map(match => match[1] ?? match[2] ?? match[3]).join(', ')
    return {
      code: 'package-not-found',
      message: `apt knows no package ${which}`,
      hint: 'set `update_cache: true`, check the spelling, or add the repository that has it',
      cause,
    }
  }
  return explainAbout(names.join(', ') || 'apt', section)
}
