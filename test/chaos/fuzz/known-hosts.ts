import assert from 'node:assert/strict'
import { hashName, keyType, namesHost, parseKnownHosts } from '../../../src/transport/known-hosts.ts'
import type { Random } from '../random.ts'
import { plain, type Target } from './fuzz.ts'
import { damage, noise } from './garbage.ts'
import { spentMs } from './spent.ts'

function keyOf(random: Random): Buffer {
  const type = Buffer.from(random.pick(['ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256']))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(type.length)
  return Buffer.concat([length, type, random.bytes(32)])
}

const name = (random: Random) => random.pick(['pi', 'pi5-worker-1', '192.0.2.7', '[pi]:2222', 'a.b.example'])
const pattern = (random: Random) =>
  random.pick(['pi', '*', 'pi?', '!pi', '*.example', '[pi]:2222', '(', '*****a', '\\'])

/** A line as OpenSSH writes it, and whom it names. */
function line(random: Random) {
  const key = keyOf(random)
  const named = name(random)
  const hosts = random.chance(0.5) ? hashName(named, random.bytes(20)) : named
  return { named, key, text: `${hosts} ${keyType(key)} ${key.toString('base64')}` }
}

function foundBetweenGarbage(random: Random): void {
  const { named, key, text } = line(random)
  const garbage = () => noise(random).toString('latin1').replaceAll('\n', ' ')
  const read = parseKnownHosts([garbage(), text, garbage()].join('\n'), 'kh')
  const mine = read.filter(entry => entry.line === 2)
  assert.equal(mine.length, 1)
  assert(mine[0]!.key.equals(key), 'another key')
  assert(namesHost(mine[0]!, named), 'it does not name its host')
  assert(!namesHost(mine[0]!, `${named}x`), 'it names another host')
}

function givesWholeKeysOrNone(random: Random): void {
  const lines = Array.from({ length: random.whole(0, 5) }, () => line(random).text)
  const text = damage(random, Buffer.from(lines.join('\n'))).toString('utf8')
  for (const entry of parseKnownHosts(text, 'kh')) {
    assert.equal(keyType(entry.key), entry.type)
    namesHost(entry, name(random))
  }
}

function answersPatternsSoon(random: Random): void {
  const hosts = Array.from({ length: random.whole(1, 8) }, () => pattern(random)).join(random.pick([',', '']))
  const entry = { file: 'kh', line: 1, hosts, type: 'ssh-ed25519', key: keyOf(random) }
  const began = spentMs()
  namesHost(entry, name(random).repeat(random.whole(1, 20)))
  const ms = spentMs() - began
  assert(ms < 1000, `${ms} ms for the patterns ${hosts}`)
}

export const knownHostsTargets: readonly Target[] = [
  plain('known_hosts: between garbage', 1 / 3, foundBetweenGarbage),
  plain('known_hosts: damaged', 1 / 3, givesWholeKeysOrNone),
  plain('known_hosts: patterns', 1 / 3, answersPatternsSoon),
]
