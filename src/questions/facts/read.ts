import type { Value } from '../../core/value.ts'

const families: { readonly [id: string]: string } = {
  debian: 'Debian',
  ubuntu: 'Debian',
  raspbian: 'Debian',
  fedora: 'RedHat',
  rhel: 'RedHat',
  centos: 'RedHat',
  rocky: 'RedHat',
  almalinux: 'RedHat',
  alpine: 'Alpine',
  arch: 'Archlinux',
  opensuse: 'Suse',
  sles: 'Suse',
}

const names: { readonly [id: string]: string } = {
  debian: 'Debian',
  raspbian: 'Debian',
  ubuntu: 'Ubuntu',
  fedora: 'Fedora',
  rhel: 'RedHat',
  centos: 'CentOS',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  arch: 'Archlinux',
}

/** /etc/os-release as a map; its values may be quoted as in a shell. */
export function osRelease(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').flatMap(line => {
    const match = /^([A-Z_]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(.*))$/.exec(line)
    return match ? [[match[1]!, (match[2] ?? match[3] ?? match[4] ?? '').replace(/\\(.)/g, '$1')] as const] : []
  })
  return new Map(pairs)
}

export function distribution(text: string): string {
  const id = osRelease(text).get('ID') ?? ''
  return names[id] ?? (id === '' ? 'Unknown' : id[0]!.toUpperCase() + id.slice(1))
}

export function family(text: string): string {
  const release = osRelease(text)
  const ids = [release.get('ID') ?? '', ...(release.get('ID_LIKE') ?? '').split(' ')]
  return ids.map(id => families[id]).find(found => found !== undefined) ?? distribution(text)
}

/** Mebibytes of a line of /proc/meminfo. */
export function memory(text: string, name: string): number | null {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]
  return kib === undefined ? null : Math.floor(Number(kib) / 1024)
}

export interface Address {
  readonly interface: string
  readonly family: 4 | 6
  readonly address: string
  readonly prefix: number
  readonly scope: string
}

/** `ip -o addr show`: one line an address. */
export function addresses(text: string): readonly Address[] {
  return text.split('\n').flatMap(line => {
    const match = /^\d+: (\S+)\s+inet(6?) ([0-9a-f.:]+)(?: peer \S+)?(?:\/(\d+))?.*? scope (\S+)/.exec(line)
    if (!match) return []
    const family = match[2] === '6' ? 6 : 4
    return [
      {
        interface: match[1]!.replace(/@.*/, ''),
        family,
        address: match[3]!,
        prefix: Number(match[4] ?? (family === 4 ? 32 : 128)),
        scope: match[5]!,
      },
    ]
  })
}

/** The way out with the lowest metric; {} where there is none, as Ansible has it. */
export function defaultIpv4(routes: string, all: readonly Address[]): { readonly [name: string]: Value } {
  const ways = routes.split('\n').flatMap(line => {
    const device = / dev (\S+)/.exec(line)?.[1]
    if (!line.startsWith('default') || device === undefined) return []
    const metric = Number(/ metric (\d+)/.exec(line)?.[1] ?? 0)
    return [{ device, metric, gateway: / via (\S+)/.exec(line)?.[1] ?? null, source: / src (\S+)/.exec(line)?.[1] }]
  })
  const [way] = ways.sort((a, b) => a.metric - b.metric)
  if (!way) return {}
  const here = all.filter(one => one.family === 4 && one.interface === way.device)
  const own = here.find(one => one.address === way.source) ?? here[0]
  return {
    interface: way.device,
    gateway: way.gateway,
    address: own?.address ?? null,
    prefix: own === undefined ? null : String(own.prefix),
  }
}
