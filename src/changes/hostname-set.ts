import type { Change } from '../core/change.ts'
import { quote } from '../core/sh.ts'
import { explainAbout } from './explain.ts'
import type { ChangeKind } from './kind.ts'
import { resolverFiles } from './nm/resolver-files.ts'

/** The host's name, now and after the next boot. */
export interface HostnameSet extends Change {
  readonly kind: 'hostname.set'
  readonly name: string
  readonly before?: string | undefined
}

export function setHostname(change: Omit<HostnameSet, 'kind'>): HostnameSet {
  return { kind: 'hostname.set', ...change }
}

export const hostnameSet: ChangeKind<HostnameSet> = {
  kind: 'hostname.set',
  // hostnamectl where systemd runs; it fails without its bus, and then file and kernel are set by hand.
  carry: ({ name }) => ({
    script: `name=${quote(name)}
if [ -d /run/systemd/system ] && hostnamectl set-hostname -- "$name" 2>/dev/null; then :; fi
read -r now </etc/hostname 2>/dev/null || now=
if [ "$now" != "$name" ]; then umask 022; printf '%s\\n' "$name" >/etc/hostname.pitool; mv -f /etc/hostname.pitool /etc/hostname; fi
read -r now </proc/sys/kernel/hostname
if [ "$now" != "$name" ]; then hostname -- "$name"; fi`,
  }),
  explain: section => explainAbout('the hostname', section),
  fold: (shadow, { name }) => {
    shadow.values.set('hostname', name)
    shadow.files.set('/etc/hostname', { type: 'file', text: `${name}\n` })
    shadow.obscure(resolverFiles, `which domain is searched with the name ${name} is known after apply`)
  },
  diff: ({ name, before }) => ({
    subject: 'hostname',
    summary: `name this host ${name}`,
    facets: [{ name: 'hostname', before: before ?? '', after: name }],
  }),
  // NetworkManager writes /etc/resolv.conf anew by it, and has its dispatcher start what the host wants.
  footprint: () => 'all',
}
