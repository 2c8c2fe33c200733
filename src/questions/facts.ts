import type { Question } from '../core/question.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import type { Value, Vars } from '../core/value.ts'
import { type Part, parts } from './facts/parts.ts'
import { addresses, defaultIpv4, distribution, family, memory, osRelease } from './facts/read.ts'
import type { QuestionKind } from './kind.ts'
import { nulParts } from './lines.ts'

interface Fact {
  readonly from: readonly Part[]
  /** The raw material in the order of `from`, without the newline at its end. */
  read(...raw: readonly string[]): Value
}

function fact(from: Part | readonly Part[], read: (...raw: readonly string[]) => Value): Fact {
  return { from: typeof from === 'string' ? [from] : from, read }
}

const word =
  (index: number) =>
  (text = '') =>
    text.split(/\s+/)[index] ?? ''
const line =
  (index: number) =>
  (text = '') =>
    text.split('\n')[index] ?? ''
const number = (text: string): number | null => (/^-?\d+$/.test(text) ? Number(text) : null)
const os = (key: string) => fact('os', (text = '') => osRelease(text).get(key) ?? '')
const mem = (key: string) => fact('memory', (text = '') => memory(text, key))
const ips = (of: 4 | 6) =>
  fact('addresses', (text = '') =>
    addresses(text)
      .filter(one => one.family === of && one.interface !== 'lo')
      .map(one => one.address),
  )

/** By Ansible's names as far as it has them; the rest is ours. */
export const factParts: { readonly [name: string]: Fact } = {
  hostname: fact('name', (text = '') => text.split('.')[0]!),
  nodename: fact('name', (text = '') => text),
  fqdn: fact('fqdn', line(0)),
  domain: fact('fqdn', (text = '') => text.split('.').slice(1).join('.')),
  system: fact('kernel', word(0)),
  kernel: fact('kernel', word(1)),
  architecture: fact('kernel', word(2)),
  machine: fact('kernel', word(2)),
  distribution: fact('os', (text = '') => distribution(text)),
  distribution_release: os('VERSION_CODENAME'),
  distribution_version: os('VERSION_ID'),
  distribution_major_version: fact('os', (text = '') => (osRelease(text).get('VERSION_ID') ?? '').split('.')[0]!),
  os_family: fact('os', (text = '') => family(text)),
  memtotal_mb: mem('MemTotal'),
  memfree_mb: mem('MemFree'),
  memavailable_mb: mem('MemAvailable'),
  swaptotal_mb: mem('SwapTotal'),
  processor_vcpus: fact('processors', (text = '') => number(text)),
  processor_count: fact('processors', (text = '') => number(text)),
  all_ipv4_addresses: ips(4),
  all_ipv6_addresses: ips(6),
  interfaces: fact('addresses', (text = '') => [...new Set(addresses(text).map(one => one.interface))]),
  default_ipv4: fact(['route', 'addresses'], (routes = '', all = '') => defaultIpv4(routes, addresses(all))),
  service_mgr: fact('init', line(0)),
  user_id: fact('user', line(0)),
  user_uid: fact('user', text => number(line(1)(text))),
  user_dir: fact('user', line(2)),
  uptime_seconds: fact('boot', text => number(line(1)(text))),
  date_time: fact('clock', (text = '') => ({ epoch: word(0)(text), iso8601: word(1)(text), tz_offset: word(2)(text) })),
  pi_model: fact('model', (text = '') => text),
  boot_id: fact('boot', line(0)),
  time_epoch: fact('clock', text => number(word(0)(text))),
  ntp_synchronized: fact('synchronized', (text = '') => text === 'yes'),
  root_free_mb: fact('disk', (text = '') => mebibytes(word(3)(text))),
  root_size_mb: fact('disk', (text = '') => mebibytes(word(1)(text))),
  swaps: fact('swap', (text = '') =>
    text
      .split('\n')
      .filter(entry => entry !== '')
      .map(word(0)),
  ),
}

export const factNames: readonly string[] = Object.keys(factParts)

/** What is asked about a host itself: only the facts that are wanted, by name. */
export function facts(names: readonly string[]): Question<Vars> {
  const known = [...names].filter(name => name in factParts).sort()
  return { kind: 'facts', key: known.join(' '), arg: known }
}

export const factsKind: QuestionKind<readonly string[], Vars> = {
  kind: 'facts',
  sh: args =>
    partsOf(args)
      .map(part => `{ ${parts[part]}\n} 2>/dev/null; printf '\\000'`)
      .join('\n'),
  parse(section, args) {
    const wanted = partsOf(args)
    const raw = nulParts(section, wanted.length, 'the facts')
    const material = new Map(wanted.map((part, i) => [part, raw[i]!.replace(/\n$/, '')]))
    return args.map(names => Object.fromEntries(names.map(name => [name, read(name, material)])))
  },
  predict: predictFacts,
}

function partsOf(args: readonly (readonly string[])[]): readonly Part[] {
  return [...new Set(args.flat().flatMap(name => factParts[name]!.from))]
}

function read(name: string, material: ReadonlyMap<Part, string>): Value {
  const { from, read } = factParts[name]!
  return read(...from.map(part => material.get(part) ?? ''))
}

function mebibytes(kib: string): number | null {
  const known = number(kib)
  return known === null ? null : Math.floor(known / 1024)
}

function predictFacts(shadow: Shadow, _names: readonly string[], actual?: Vars): Vars | undefined {
  const planned = shadow.values.get('hostname')
  if (actual === undefined || typeof planned !== 'string') return actual
  const known: { readonly [name: string]: Value } = {
    hostname: planned.split('.')[0]!,
    nodename: planned,
    fqdn: new Unknown('the full name is known after the hostname is set'),
    domain: new Unknown('the full name is known after the hostname is set'),
  }
  return Object.fromEntries(Object.entries(actual).map(([name, value]) => [name, known[name] ?? value]))
}
