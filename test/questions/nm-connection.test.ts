import { describe, expect, it } from 'vitest'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { profileProperties } from '../../src/questions/nm/properties.ts'
import { listOf, nmConnectionKind, nmValue } from '../../src/questions/nm-connection.ts'
import { section } from './section.ts'
import { runScript, shells } from './shells.ts'

const uuid = '44ca5be5-0c60-4441-b1fa-b74359310770'
const profile: Record<string, string> = {
  'connection.uuid': uuid,
  'connection.id': 'Wired connection 1',
  'connection.autoconnect': 'yes',
  'ipv4.method': 'manual',
  'ipv4.addresses': '198.18.21.15/24',
  'ipv4.dns': '1.1.1.1,8.8.8.8',
  'ipv4.ignore-auto-dns': 'no',
  'ipv6.method': 'auto',
  'ipv6.ignore-auto-dns': 'no',
}
const lines = profileProperties.map(property => profile[property] ?? '')
const found = ['@ found eth0', ...lines, '=', '1.1.1.1 | 8.8.8.8', ''].join('\n')
const only = [{}]

describe('what nmcli prints', () => {
  it('is read, empty properties too', () => {
    const [answer] = nmConnectionKind.parse(section(`${found}\n`), only)
    expect(answer).toMatchObject({ state: 'found', uuid, name: 'Wired connection 1', device: 'eth0' })
    expect(answer).toMatchObject({ resolvers: { ipv4: ['1.1.1.1', '8.8.8.8'], ipv6: [] } })
    expect(answer?.state === 'found' && answer.profile['ipv4.dns-search']).toBe('')
  })
  it('may be said to be made anew at each boot', () => {
    const [answer] = nmConnectionKind.parse(section(`${found.replace('eth0', 'eth0 volatile')}\n`), only)
    expect(answer).toMatchObject({ state: 'found', device: 'eth0', volatile: true })
  })
  it('is read for several connections at once', () => {
    const text = `${found}\n@ not-found wlan0\n${uuid}:eth0:Wired connection 1\n@ not-running \n`
    const states = nmConnectionKind.parse(section(text), [{}, { device: 'wlan0' }, {}]).map(answer => answer.state)
    expect(states).toEqual(['found', 'not-found', 'not-running'])
  })
  it.each([
    [`${uuid}:eth0:Wired connection 1`, { uuid, device: 'eth0', name: 'Wired connection 1' }],
    [`${uuid}::netplan-eth0`, { uuid, device: '', name: 'netplan-eth0' }],
    [`${uuid}:eth0:a\\:b\\\\c`, { uuid, device: 'eth0', name: 'a:b\\c' }],
    [`${uuid}:bond0\\:1:x`, { uuid, device: 'bond0:1', name: 'x' }],
  ])('escapes colons and backslashes in terse lines: %s', (line, listed) => {
    const [answer] = nmConnectionKind.parse(section(`@ not-found eth9\n${line}\n`), only)
    expect(answer).toEqual({ state: 'not-found', device: 'eth9', connections: [listed] })
  })
  it.each(['', 'Error', '@ found eth0\n1\n2\n', '@ what eth0\n'])('is refused when garbled: %j', text => {
    expect(() => nmConnectionKind.parse(section(text), only)).toThrow(/NetworkManager/)
  })
})

describe.each([
  ['1.1.1.1,8.8.8.8', ['1.1.1.1', '8.8.8.8']],
  ['1.1.1.1 | 8.8.8.8', ['1.1.1.1', '8.8.8.8']],
  ['192.168.1.5/24, 10.0.0.1/8', ['192.168.1.5/24', '10.0.0.1/8']],
  ['', []],
])('listOf(%j)', (text, list) => {
  it('splits', () => expect(listOf(text)).toEqual(list))
})

describe('under the shadow', () => {
  const [actual] = nmConnectionKind.parse(section(`${found}\n`), only)
  it('planned values show, and become what the device uses', () => {
    const shadow = new Shadow()
    shadow.values.set(nmValue(uuid, 'ipv4.dns'), '9.9.9.9')
    shadow.values.set(nmValue(uuid, 'ipv4.ignore-auto-dns'), 'yes')
    shadow.values.set(nmValue(uuid, 'applied'), true)
    const answer = nmConnectionKind.predict?.(shadow, {}, actual)
    expect(answer).toMatchObject({ profile: { 'ipv4.dns': '9.9.9.9' }, resolvers: { ipv4: ['9.9.9.9'] } })
  })
  it('an unknown value makes the answer unknown', () => {
    const shadow = new Shadow()
    shadow.values.set(nmValue(uuid, 'ipv4.dns'), new Unknown('because'))
    expect(nmConnectionKind.predict?.(shadow, {}, actual)).toBeInstanceOf(Unknown)
  })
})

it.each(shells)('asks without NetworkManager in %s %s', (...shell) => {
  const words = shell.filter((word): word is string => word !== undefined)
  const answers = nmConnectionKind.parse(runScript(words, nmConnectionKind.sh([{}, { name: "it's" }])), [{}, {}])
  expect(answers).toHaveLength(2)
})
