import { describe, expect, it } from 'vitest'
import { nmcli } from '../../src/modules/nmcli.ts'
import { profileWish } from '../../src/modules/pi/connection-wish.ts'
import { type ConnectionAnswer, nmConnection } from '../../src/questions/nm-connection.ts'
import { planWith, says } from './plan-with.ts'

const uuid = '44ca5be5-0c60-4441-b1fa-b74359310770'
const found = (profile: object = {}, ipv4 = ['1.1.1.1', '8.8.8.8']): ConnectionAnswer => ({
  state: 'found',
  uuid,
  name: 'netplan-eth0',
  device: 'eth0',
  profile: {
    'ipv4.dns': '1.1.1.1,8.8.8.8',
    'ipv4.ignore-auto-dns': 'yes',
    'ipv6.ignore-auto-dns': 'yes',
    'ipv4.addresses': '192.168.1.5/24, 10.0.0.1/8',
    'connection.autoconnect': 'yes',
    ...profile,
  },
  resolvers: { ipv4, ipv6: [] },
})
const wish = { dns4: ['1.1.1.1', '8.8.8.8'], dns4_ignore_auto: true, dns6_ignore_auto: true }
const plan = (args: object, answer: ConnectionAnswer, arg = {}) =>
  planWith(nmcli, args, [says(nmConnection(arg), answer)])

describe('nmcli', () => {
  it('leaves a profile alone that says the same in other separators', () => {
    expect(plan({ ...wish, ip4: ['192.168.1.5/24', '10.0.0.1/8'] }, found()).changes).toEqual([])
  })
  it('changes what differs, and that alone, by the UUID', () => {
    const { changes, result } = plan(wish, found({ 'ipv4.ignore-auto-dns': 'no' }))
    expect(changes).toEqual([
      {
        kind: 'nm.set',
        uuid,
        name: 'netplan-eth0',
        device: 'eth0',
        settings: { 'ipv4.ignore-auto-dns': 'yes' },
        before: { 'ipv4.ignore-auto-dns': 'no' },
      },
    ])
    expect(result).toMatchObject({ changed: true, uuid, conn_name: 'netplan-eth0' })
  })
  it('the order of resolvers counts', () => {
    expect(plan({ dns4: ['8.8.8.8', '1.1.1.1'] }, found()).changes).toHaveLength(1)
  })
  it('a profile that was never applied is applied', () => {
    const { changes, message } = plan(wish, found({}, ['192.168.1.1']))
    expect(changes).toMatchObject([{ settings: {} }])
    expect(message).toContain('eth0')
  })
  it('resolvers from DHCP beside ours are all right where they are not forbidden', () => {
    const both = found({ 'ipv4.ignore-auto-dns': 'no' }, ['1.1.1.1', '8.8.8.8', '192.168.1.1'])
    expect(plan({ dns4: wish.dns4 }, both).changes).toEqual([])
    expect(plan(wish, found({}, ['1.1.1.1', '8.8.8.8', '192.168.1.1'])).changes).toHaveLength(1)
  })
  it('an inactive connection is only written', () => {
    const inactive = { ...found({ 'ipv4.dns': '' }, []), device: '' } as ConnectionAnswer
    expect(plan(wish, inactive, {}).changes).toMatchObject([
      { device: '', settings: { 'ipv4.dns': '1.1.1.1,8.8.8.8' } },
    ])
  })
  it('asks for the connection it is told', () => {
    expect(plan({ ...wish, conn_name: 'x' }, found(), { name: 'x' }).changes).toEqual([])
    expect(plan({ ...wish, device: 'wlan0' }, found(), { device: 'wlan0' }).changes).toEqual([])
  })
  it('"Wired connection 1" on Trixie: says which ones there are', () => {
    const connections = [{ uuid, device: 'eth0', name: 'netplan-eth0' }]
    const none: ConnectionAnswer = { state: 'not-found', device: '', connections }
    const { failed } = plan({ ...wish, conn_name: 'Wired connection 1' }, none, { name: 'Wired connection 1' })
    expect(failed).toMatchObject({ code: 'connection-not-found' })
    expect(failed?.message).toContain('netplan-eth0')
    expect(failed?.message).toContain(uuid)
  })
  it('what netplan would forget at the next boot is refused; what is right already is not', () => {
    const volatile = (profile: object) => ({ ...found(profile), volatile: true }) as ConnectionAnswer
    expect(plan(wish, volatile({})).changes).toEqual([])
    expect(plan(wish, volatile({})).failed).toBeUndefined()
    const { failed, changes } = plan(wish, volatile({ 'ipv4.dns': '' }))
    expect(failed).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('/etc/netplan') })
    expect(changes).toEqual([])
  })
  it.each([
    [{ state: 'no-nmcli' as const }, 'unsupported'],
    [{ state: 'not-running' as const }, 'unsupported'],
    [{ state: 'not-found' as const, device: '', connections: [] }, 'connection-not-found'],
    [{ state: 'ambiguous' as const, device: '', connections: [] }, 'connection-not-found'],
  ])('%j → %s', (answer, code) => {
    const { failed, changes } = plan(wish, answer)
    expect(failed?.code).toBe(code)
    expect(failed?.hint).toMatch(/\w/)
    expect(changes).toEqual([])
  })
})

it('every argument has its property', () => {
  expect(
    profileWish({ dns4: [], dns6: ['::1', 'fe80::1'], autoconnect: false, route_metric4: 5, gw4: '10.0.0.1' }),
  ).toEqual({
    'ipv4.dns': '',
    'ipv6.dns': '::1,fe80::1',
    'connection.autoconnect': 'no',
    'ipv4.route-metric': '5',
    'ipv4.gateway': '10.0.0.1',
  })
})
