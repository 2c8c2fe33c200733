import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fingerprint, hostKeyAlgorithms, judgeKey, refusal, shownKey } from '../../src/transport/host-key.ts'
import { hashName, keyType, knownName, namesHost, parseKnownHosts } from '../../src/transport/known-hosts.ts'
import { rememberKey } from '../../src/transport/known-hosts-file.ts'
import type { SshTarget } from '../../src/transport/target.ts'

/** An ed25519 public key as SSH sends it: two length-prefixed strings. */
function newKey(type = 'ssh-ed25519'): Buffer {
  const { publicKey } = generateKeyPairSync('ed25519')
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const parts = [Buffer.from(type), raw].flatMap(part => [Buffer.from([0, 0, 0, part.length]), part])
  return Buffer.concat(parts)
}

function target(more: Partial<SshTarget> = {}): SshTarget {
  return {
    connection: 'ssh',
    host: 'n1',
    address: 'pi.example',
    port: 22,
    user: 'pi',
    privateKeyFiles: [],
    hostKeyChecking: 'strict',
    connectTimeout: 5,
    ...more,
  }
}

const key = newKey()
const other = newKey()
const base64 = key.toString('base64')
const entries = (...lines: readonly string[]) => parseKnownHosts(lines.join('\n'), 'kh')

describe('which lines name a host', () => {
  const salt = randomBytes(20)
  test.each([
    ['pi.example', 'pi.example', true],
    ['pi.example', 'PI.example', true],
    ['PI.Example', 'pi.example', true],
    ['a,pi.example,b', 'pi.example', true],
    ['pi.example', 'xpi.example', false],
    ['pi.example', 'pi-example', false],
    ['*.example', 'pi.example', true],
    ['p?.example', 'pi.example', true],
    ['p?.example', 'p.example', false],
    ['*.example,!pi.example', 'pi.example', false],
    ['!pi.example,*.example', 'pi.example', false],
    ['!pi.example', 'other.example', false],
    ['*.example,!p*', 'x.example', true],
    [hashName('pi.example', salt), 'pi.example', true],
    [hashName('pi.example', salt), 'pi2.example', false],
    ['|2|x|y', 'pi.example', false],
    ['|1|', 'pi.example', false],
  ])('%s and %s: %s', (hosts, name, named) => {
    const [entry] = entries(`${hosts} ssh-ed25519 ${base64}`)
    expect(namesHost(entry!, knownName(name, 22))).toBe(named)
  })

  test('a port of its own', () => {
    const [entry] = entries(`[pi.example]:2222 ssh-ed25519 ${base64}`)
    expect(namesHost(entry!, knownName('pi.example', 2222))).toBe(true)
    expect(namesHost(entry!, knownName('pi.example', 22))).toBe(false)
    const [hashed] = entries(`${hashName('[pi.example]:2222', salt)} ssh-ed25519 ${base64}`)
    expect(namesHost(hashed!, knownName('pi.example', 2222))).toBe(true)
  })

  test('hashes as OpenSSH makes them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pitool-kh-'))
    const file = join(folder, 'kh')
    await writeFile(file, `pi.example ssh-ed25519 ${base64}\n[pi.example]:2222 ssh-ed25519 ${base64}\n`)
    try {
      execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' })
      const [plain, ported] = parseKnownHosts(await readFile(file, 'utf8'), file)
      expect(plain!.hosts).toMatch(/^\|1\|/)
      expect(namesHost(plain!, 'pi.example')).toBe(true)
      expect(namesHost(ported!, '[pi.example]:2222')).toBe(true)
      expect(namesHost(ported!, 'pi.example')).toBe(false)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('comments, blank lines, unknown marks and broken keys are passed over', () => {
    const read = entries(
      '# pi.example',
      '',
      'pi.example',
      'pi.example ssh-ed25519',
      'pi.example ssh-ed25519 !!!!',
      `pi.example ssh-rsa ${base64}`,
      `@odd pi.example ssh-ed25519 ${base64}`,
      `\tpi.example   ssh-ed25519\t${base64} me@here`,
    )
    expect(read.map(entry => entry.line)).toEqual([8])
  })
})

describe('what they say about a key', () => {
  test.each<[string, readonly string[], Partial<SshTarget>, string]>([
    ['no line', [], {}, 'unknown'],
    ['its line', [`pi.example ssh-ed25519 ${base64}`], {}, 'known'],
    [
      'the second of two',
      [`pi.example ssh-ed25519 ${other.toString('base64')}`, `pi.* ssh-ed25519 ${base64}`],
      {},
      'known',
    ],
    ['another key', [`pi.example ssh-ed25519 ${other.toString('base64')}`], {}, 'changed'],
    ['a key of another type', [`pi.example ecdsa-x ${newKey('ecdsa-x').toString('base64')}`], {}, 'changed'],
    ['the bare name for a port', [`pi.example ssh-ed25519 ${base64}`], { port: 2222 }, 'known'],
    [
      'another key under the bare name',
      [`pi.example ssh-ed25519 ${other.toString('base64')}`],
      { port: 2222 },
      'unknown',
    ],
    ['revoked', [`pi.example ssh-ed25519 ${base64}`, `@revoked * ssh-ed25519 ${base64}`], {}, 'revoked'],
    [
      'another one revoked',
      [`pi.example ssh-ed25519 ${base64}`, `@revoked * ssh-ed25519 ${other.toString('base64')}`],
      {},
      'known',
    ],
    ['an authority only', [`@cert-authority *.example ssh-ed25519 ${base64}`], {}, 'unknown'],
  ])('%s', (_name, lines, more, kind) => {
    expect(judgeKey(entries(...lines), target(more), shownKey(key)).kind).toBe(kind)
  })

  test('algorithms begin with those that can be compared', () => {
    const rsa = `pi.example ssh-rsa ${newKey('ssh-rsa').toString('base64')}`
    expect(hostKeyAlgorithms(entries(rsa), target()).slice(0, 4)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-rsa',
      'ssh-ed25519',
    ])
    expect(hostKeyAlgorithms([], target())[0]).toBe('ssh-ed25519')
  })

  test('the messages tell cause and cure', () => {
    const shown = { key: shownKey(key), file: '/h/known_hosts' }
    const ported = target({ port: 2222 })
    const unknown = refusal(judgeKey([], ported, shown.key), ported, shown)
    expect(unknown).toMatchObject({ code: 'host-key-unknown', message: expect.stringContaining(fingerprint(key)) })
    expect(unknown.hint).toContain('ssh-keyscan -p 2222 pi.example >> /h/known_hosts')
    const known = entries('# first', `[pi.example]:2222 ssh-ed25519 ${other.toString('base64')}`)
    const changed = refusal(judgeKey(known, ported, shown.key), ported, shown)
    expect(changed).toMatchObject({ code: 'host-key-changed', cause: 'kh:2' })
    expect(changed.message).toContain(fingerprint(key))
    expect(changed.message).toContain(fingerprint(other))
    expect(changed.hint).toContain("ssh-keygen -R '[pi.example]:2222' -f kh")
    const authority = entries(`@cert-authority * ssh-ed25519 ${base64}`)
    expect(refusal(judgeKey(authority, target(), shown.key), target(), shown).cause).toContain('kh:1')
  })
})

describe('remembering a key', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pitool-kh-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const at = (file: string, address = 'pi.example') => target({ address, port: 2222, knownHostsFiles: [file] })

  test('a new file is private, in a private folder', async () => {
    const file = join(folder, 'ssh', 'known_hosts')
    await rememberKey(at(file), key)
    expect(await readFile(file, 'utf8')).toBe(`[pi.example]:2222 ssh-ed25519 ${base64}\n`)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'ssh'))).mode & 0o777).toBe(0o700)
  })

  test('hashed where the others are; a last line without its end gets one', async () => {
    const file = join(folder, 'kh')
    await writeFile(file, `${hashName('x', randomBytes(20))} ssh-ed25519 ${other.toString('base64')}`)
    await rememberKey(at(file), key)
    const [first, second] = parseKnownHosts(await readFile(file, 'utf8'), file)
    expect(first!.key.equals(other)).toBe(true)
    expect(second!.hosts).toMatch(/^\|1\|/)
    expect(namesHost(second!, '[pi.example]:2222')).toBe(true)
  })

  test('many at once, each once', async () => {
    const file = join(folder, 'kh')
    const names = Array.from({ length: 20 }, (_, i) => `h${i % 10}`)
    await Promise.all(names.map(name => rememberKey(at(file, name), key)))
    const read = parseKnownHosts(await readFile(file, 'utf8'), file)
    expect(read.map(entry => entry.hosts).sort()).toEqual([...new Set(names)].map(name => `[${name}]:2222`).sort())
    expect(read.every(entry => keyType(entry.key) === 'ssh-ed25519')).toBe(true)
  })
})
