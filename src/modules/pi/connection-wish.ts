/** What can be wished of a connection, by the names of community.general.nmcli. */
export interface ConnectionWish {
  readonly ifname?: string | undefined
  readonly autoconnect?: boolean | undefined
  readonly zone?: string | undefined
  readonly method4?: string | undefined
  readonly ip4?: readonly string[] | undefined
  readonly gw4?: string | undefined
  readonly dns4?: readonly string[] | undefined
  readonly dns4_ignore_auto?: boolean | undefined
  readonly dns4_search?: readonly string[] | undefined
  readonly route_metric4?: number | undefined
  readonly method6?: string | undefined
  readonly ip6?: readonly string[] | undefined
  readonly gw6?: string | undefined
  readonly dns6?: readonly string[] | undefined
  readonly dns6_ignore_auto?: boolean | undefined
  readonly dns6_search?: readonly string[] | undefined
  readonly route_metric6?: number | undefined
}

// Methods and addresses hang on each other: NetworkManager takes them in this order in one call.
const properties: { readonly [Name in keyof ConnectionWish]-?: string } = {
  ifname: 'connection.interface-name',
  autoconnect: 'connection.autoconnect',
  zone: 'connection.zone',
  ip4: 'ipv4.addresses',
  gw4: 'ipv4.gateway',
  method4: 'ipv4.method',
  dns4: 'ipv4.dns',
  dns4_ignore_auto: 'ipv4.ignore-auto-dns',
  dns4_search: 'ipv4.dns-search',
  route_metric4: 'ipv4.route-metric',
  ip6: 'ipv6.addresses',
  gw6: 'ipv6.gateway',
  method6: 'ipv6.method',
  dns6: 'ipv6.dns',
  dns6_ignore_auto: 'ipv6.ignore-auto-dns',
  dns6_search: 'ipv6.dns-search',
  route_metric6: 'ipv6.route-metric',
}

/** The wish by NetworkManager's names, as nmcli takes the values. */
export function profileWish(wish: ConnectionWish): { readonly [property: string]: string } {
  const names = Object.keys(properties) as (keyof ConnectionWish)[]
  const given = names.filter(name => wish[name] !== undefined)
  return Object.fromEntries(given.map(name => [properties[name], written(wish[name])]))
}

function written(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join(',') : String(value)
}
