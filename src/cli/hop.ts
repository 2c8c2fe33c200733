import { Failure } from '../core/diagnostic.ts'

/** A jump host as ssh's ProxyJump writes it. */
export interface Hop {
  readonly user?: string
  readonly address: string
  readonly port?: number
}

/** Reads `user@host:port`; an IPv6 address with a port is in brackets. Throws a Failure. */
export function parseHop(text: string, host: string): Hop {
  const plain = text.replace(/^ssh:\/\//, '')
  const [, user, bracketed, name, port] =
    /^(?:(.+)@)?(?:\[([^\]]+)\]|([^@[\]]+?))(?::(\d+))?$/.exec(
      isBareIpv6(plain) ? plain.replace(/([^@]+)$/, '[$1]') : plain,
    ) ?? []
  const address = bracketed ?? name
  if (address === undefined || address.startsWith('-') || Number(port ?? 22) < 1 || Number(port ?? 22) > 65535)
    throw new Failure({
      code: 'unsupported',
      host,
      message: `${host} has a jump host that cannot be read: ${text}`,
      hint: 'write user@host:port (IPv6: user@[2001:db8::1]:22), or the name of a host of the inventory',
    })
  return {
    address,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: Number(port) }),
  }
}

function isBareIpv6(text: string): boolean {
  return !text.includes('[') && (text.replace(/^.*@/, '').match(/:/g)?.length ?? 0) > 1
}

/** An IPv6 address without the brackets it may have been written in. */
export function withoutBrackets(address: string): string {
  return address.replace(/^\[([0-9a-f:.]+(?:%[^\]]+)?)\]$/i, '$1')
}
