import ipaddr from 'ipaddr.js'
import type { Value } from '../../core/value.ts'
import { text } from './arguments.ts'
import { BadArgument, type Helper } from './helper.ts'

function of(name: string, usage: string, summary: string, run: (address: string) => Value): Helper {
  const once = ([x]: readonly Value[]) => run(text(x).trim())
  return { name, usage: `{{${usage}}}`, summary, takes: [1, 1], reads: 'deep', run: once }
}

/** Helpers over addresses written as `192.168.1.5/24` or `fd00::5/64`. */
export const networkHelpers: readonly Helper[] = [
  of('ip_address', 'ip_address x', 'The address alone.', x => parse(x)[0].toString()),
  of('ip_prefix', 'ip_prefix x', 'The length of the prefix; of an address alone, all its bits.', x => parse(x)[1]),
  of('ip_network', 'ip_network x', 'The network with its prefix: `192.168.1.0/24`.', network),
]

type Address = ipaddr.IPv4 | ipaddr.IPv6

function parse(written: string): [Address, number] {
  const [address = '', prefix] = written.split('/')
  // Short forms such as `10.1` or `0x7f.1` are other addresses to other programs.
  const plain = /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(address) && ipaddr.isValid(address)
  if (!plain) throw new BadArgument('wrong-value', 'this is no IP address', { detail: written })
  const parsed = ipaddr.parse(address)
  const bits = parsed.kind() === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (length < 0 || length > bits) throw new BadArgument('wrong-value', `a prefix is 0 to ${bits}`, { detail: written })
  return [parsed, length]
}

function network(written: string): string {
  const [address, length] = parse(written)
  const cidr = `${address.toString()}/${length}`
  const base =
    address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  return `${base.toString()}/${length}`
}
