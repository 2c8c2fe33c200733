import fc from 'fast-check'
import { profileProperties } from '../../../src/questions/nm/properties.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.7')
const addresses = fc.uniqueArray(address, { maxLength: 3 })
const separator = fc.constantFrom(',', ', ', ' | ', ' ')
const yes = fc.constantFrom('yes', 'no')

const connection = fc
  .record({
    dns: addresses,
    separator,
    ignore: yes,
    auto: yes,
    search: fc.constantFrom('', 'lan', 'lan,home'),
    uses: addresses,
  })
  .map(({ dns, separator, ignore, auto, search, uses }) => {
    const profile = Object.fromEntries(profileProperties.map(name => [name, '']))
    const set = {
      'connection.uuid': 'u-1',
      'connection.id': 'Wired',
      'connection.autoconnect': auto,
      'ipv4.method': 'auto',
      'ipv4.dns': dns.join(separator),
      'ipv4.ignore-auto-dns': ignore,
      'ipv4.dns-search': search,
      'ipv6.ignore-auto-dns': 'no',
    }
    return {
      state: 'found',
      uuid: 'u-1',
      name: 'Wired',
      device: 'eth0',
      profile: { ...profile, ...set },
      resolvers: { ipv4: uses, ipv6: [] },
    }
  })

const wish = fc.record(
  {
    dns4: addresses,
    dns4_ignore_auto: fc.boolean(),
    dns4_search: fc.subarray(['lan', 'home']),
    autoconnect: fc.boolean(),
    route_metric4: fc.constantFrom(100, 200),
  },
  { requiredKeys: [] },
)

const lost = fc.constantFrom(
  { state: 'no-nmcli' },
  { state: 'not-running' },
  { state: 'not-found', device: 'eth0', connections: [{ uuid: 'u-2', device: '', name: 'other' }] },
)

// Resolvers that never answer keep sudo waiting where the host's own name is unknown: these refuse at once.
const near = (text: string) => text.replaceAll('192.0.2.', '127.0.2.').replaceAll('198.51.100.', '127.51.100.')
const noted = fc.constantFrom('', '192.0.2.1', '192.0.2.1 198.51.100.7').map(near)
const nearWish = wish.map(({ dns4, ...more }) => ({ ...more, ...(dns4 === undefined ? {} : { dns4: dns4.map(near) }) }))

export const nmcli: Cases = {
  module: 'nmcli',
  lab: fc.tuple(nearWish, noted, fc.boolean()).map(
    ([wish, dns, ignore]): Trial => ({
      found: [
        'c=$(nmcli -g UUID connection show --active | head -n 1)',
        `nmcli connection modify "$c" ipv4.dns "${dns}" ipv4.ignore-auto-dns ${ignore ? 'yes' : 'no'} ipv4.dns-search "" ipv4.route-metric -1 connection.autoconnect yes`,
        'nmcli device reapply "$(nmcli -g GENERAL.DEVICES connection show "$c")" >/dev/null',
      ].join('\n'),
      tasks: [{ name: 'one', nmcli: wish }],
    }),
  ),
  answers: fc
    .tuple(wish, fc.oneof({ weight: 9, arbitrary: connection }, { weight: 1, arbitrary: lost }))
    .map(([args, answer]) => ({ args, answers: { 'nm.connection': answer } })),
}
