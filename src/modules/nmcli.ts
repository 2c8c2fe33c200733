import { setConnection } from '../changes/nm-set.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import { type ConnectionAnswer, listOf, nmConnection } from '../questions/nm-connection.ts'
import { failed } from './failed.ts'
import { type ConnectionWish, profileWish } from './pi/connection-wish.ts'

const addresses = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const
const yes = (description: string) => ({ type: 'boolean', description }) as const

export const nmcli = defineModule({
  name: 'nmcli',
  summary:
    'Set properties of a NetworkManager connection that is there, and apply them. The change is confirmed over a new connection; without that NetworkManager takes it back by itself.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      conn_name: { type: 'string', description: 'Name or UUID. Neither this nor `device`: the default route decides.' },
      device: { type: 'string', description: 'The connection that is active on this device.' },
      ifname: { type: 'string', description: 'The device that the connection is bound to.' },
      state: { enum: ['present'], default: 'present', description: 'Connections are neither made nor removed.' },
      autoconnect: yes('Brought up by itself.'),
      dns4: addresses('Resolvers over IPv4.'),
      dns4_ignore_auto: yes('Take no resolvers from DHCP.'),
      dns4_search: addresses('Domains that short names are looked for in.'),
      method4: { enum: ['auto', 'manual', 'disabled', 'link-local', 'shared'] },
      ip4: addresses('Addresses with their prefix length: 192.168.1.54/24.'),
      gw4: { type: 'string', description: 'The gateway.' },
      route_metric4: { type: 'integer' },
      dns6: addresses('Resolvers over IPv6.'),
      dns6_ignore_auto: yes('Take no resolvers from router advertisements or DHCPv6.'),
      dns6_search: addresses('Domains that short names are looked for in.'),
      method6: { enum: ['auto', 'manual', 'disabled', 'ignore', 'dhcp', 'link-local', 'shared'] },
      ip6: addresses('Addresses with their prefix length.'),
      gw6: { type: 'string', description: 'The gateway.' },
      route_metric6: { type: 'integer' },
      zone: { type: 'string', description: "The firewall's zone." },
    },
  },
  returns: {
    conn_name: "the connection's name",
    uuid: "the connection's UUID, which says which one for certain",
    device: 'the device it is active on, or an empty text',
  },
  targets: args => [{ facet: 'value', name: `nm:${args.conn_name ?? args.device ?? ''}` }],
  *plan(args) {
    const answer = yield* ask(nmConnection({ name: args.conn_name, device: args.device }))
    return answer.state === 'found' ? decide(answer, args) : missing(answer, args.conn_name)
  },
})

type Found = Extract<ConnectionAnswer, { readonly state: 'found' }>

function decide(found: Found, wish: ConnectionWish): Plan {
  const { uuid, name, device, profile } = found
  const result = { conn_name: name, uuid, device }
  const wanted = Object.entries(profileWish(wish))
  const settings = Object.fromEntries(
    wanted.filter(([property, value]) => !same(property, profile[property] ?? '', value)),
  )
  const right = Object.keys(settings).length === 0
  if (right && isApplied(found, wish)) return unchanged(result)
  if (found.volatile === true && !right) return notLasting(name)
  const before = Object.fromEntries(Object.keys(settings).map(property => [property, profile[property] ?? '']))
  const message = right ? `${device} does not use yet what the profile says` : undefined
  return changed(
    [setConnection({ uuid, name, device, settings, before })],
    result,
    message === undefined ? {} : { message },
  )
}

function notLasting(name: string): Plan {
  return failed(
    'unsupported',
    `netplan makes connection ${name} anew at each boot, and this NetworkManager does not write its changes to netplan: they would be lost`,
    'set it in a file of /etc/netplan (`copy`, then `netplan apply`), or install a NetworkManager that is built with netplan, as Raspberry Pi OS has it',
  )
}

/** nmcli reads lists back with other separators than they were written with; the order of resolvers counts. */
function same(property: string, have: string, want: string): boolean {
  if (!/\.(dns|dns-search|addresses)$/.test(property)) return have === want
  return listOf(have).join(' ') === listOf(want).join(' ')
}

/** A profile that is right proves nothing about the device: the resolvers in use are compared too. */
function isApplied({ device, resolvers }: Found, wish: ConnectionWish): boolean {
  if (device === '') return true
  const uses = (have: readonly string[], want: readonly string[] | undefined, only: boolean | undefined) =>
    want === undefined || (only ? have.join() === want.join() : want.every(address => have.includes(address)))
  return (
    uses(resolvers.ipv4, wish.dns4, wish.dns4_ignore_auto) && uses(resolvers.ipv6, wish.dns6, wish.dns6_ignore_auto)
  )
}

function missing(answer: Exclude<ConnectionAnswer, Found>, name: string | undefined): Plan {
  if (!('connections' in answer)) {
    const what =
      answer.state === 'no-nmcli' ? 'NetworkManager is not installed here' : 'NetworkManager does not run here'
    return failed(
      'unsupported',
      what,
      '`systemctl enable --now NetworkManager`, or configure what manages the network here',
    )
  }
  const there = answer.connections.map(one => `${one.name} (${one.device || 'inactive'}, ${one.uuid})`).join('; ')
  const listed = there === '' ? 'there is none at all' : `there are: ${there}`
  if (answer.state === 'ambiguous') {
    return failed(
      'connection-not-found',
      `several connections are named ${name}; ${listed}`,
      'give the UUID as conn_name',
    )
  }
  const what = name === undefined ? `active on ${answer.device || 'the default route: there is none'}` : `named ${name}`
  return failed(
    'connection-not-found',
    `no connection is ${what}; ${listed}`,
    'leave out conn_name: then the connection of the default route is taken',
  )
}
