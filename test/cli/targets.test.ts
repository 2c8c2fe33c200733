import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { targetOf, type Ways } from '../../src/cli/targets.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import { loadInventory } from '../../src/playbook/index.ts'
import { loadSettings } from '../../src/playbook/settings.ts'
import { jumpsOf, type SshTarget } from '../../src/transport/target.ts'
import { project } from './bundled.ts'

let remove = () => {}
afterEach(() => remove())

/** Reads nobody's configuration but the file given. */
function waysOf(hosts: Readonly<Record<string, object>>, files: Readonly<Record<string, string>> = {}): Ways {
  const made = project({
    'pitool.yml': 'inventory: inventory\nremote_user: pi\n',
    'inventory/hosts.yml': '',
    config: '',
    ...files,
  })
  remove = made.remove
  const vars = { ansible_ssh_args: `-F ${made.path}/config`, known_hosts_file: 'known', private_key_file: 'key' }
  writeFileSync(join(made.path, 'inventory/hosts.yml'), JSON.stringify({ all: { vars, hosts } }))
  const settings = loadSettings(made.path)
  return { settings, sources: { inventory: loadInventory(settings) }, passwords: { login: new Secret('of this run') } }
}

async function ssh(host: string, ways: Ways): Promise<SshTarget> {
  const target = await targetOf(host, ways)
  if (target.connection === 'ssh') return target
  throw new Error('it is local')
}

describe('jump hosts', () => {
  it.each<[string, Readonly<Record<string, object>>, string | undefined]>([
    ['none', { pi: {} }, undefined],
    ['one by address', { pi: { jump: 'me@198.18.21.1:2222' } }, 'me@198.18.21.1:2222'],
    ['a list', { pi: { jump: ['a@198.18.21.1', 'b@198.18.21.2'] } }, 'a@198.18.21.1:22,b@198.18.21.2:22'],
    ['with commas', { pi: { jump: 'a@198.18.21.1, b@[::1]:23' } }, 'a@198.18.21.1:22,b@[::1]:23'],
    [
      'one of the inventory',
      { pi: { jump: 'gate' }, gate: { host: '198.18.21.9', port: 77, user: 'ops' } },
      'ops@198.18.21.9:77',
    ],
    [
      'one of the inventory that has one itself',
      { pi: { jump: 'gate' }, gate: { host: '198.18.21.9', jump: 'front' }, front: { host: '198.18.21.8' } },
      'pi@198.18.21.8:22,pi@198.18.21.9:22',
    ],
    ['its group has itself', { pi: { jump: ['gate', 'pi', 'x'] }, gate: { host: '198.18.21.9' } }, 'pi@198.18.21.9:22'],
    ['by options', { pi: { ansible_ssh_common_args: '-J a@198.18.21.1' } }, 'a@198.18.21.1:22'],
    ['none, against the options', { pi: { ansible_ssh_common_args: '-J a@198.18.21.1', jump: 'none' } }, undefined],
  ])('%s', async (_, hosts, jumps) => {
    expect(jumpsOf(await ssh('pi', waysOf(hosts)))).toBe(jumps)
  })

  it('of ssh_config are looked up there themselves', async () => {
    const config = [
      'Host pi',
      '  ProxyJump gate',
      'Host gate',
      '  HostName 198.18.21.9',
      '  User ops',
      '  ProxyJump a@198.18.21.8',
      '',
    ].join('\n')
    expect(jumpsOf(await ssh('pi', waysOf({ pi: {} }, { config })))).toBe('a@198.18.21.8:22,ops@198.18.21.9:22')
  })

  it.each<[string, Readonly<Record<string, object>>]>([
    ['two of each other', { pi: { jump: 'gate' }, gate: { jump: 'pi' } }],
    ['three', { pi: { jump: 'a' }, a: { jump: 'b' }, b: { jump: 'pi' } }],
  ])('in a circle: %s', async (_, hosts) => {
    const error = await ssh('pi', waysOf(hosts)).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(Failure)
    expect((error as Failure).message).toMatch(/circle: pi → .* → pi/)
  })

  it('that the inventory does not know never see a password', async () => {
    const ways = waysOf({ pi: { jump: ['gate', 'x@198.18.21.1'] }, gate: { ansible_password: 'its own' } })
    const pi = await ssh('pi', ways)
    expect(pi.password?.reveal()).toBe('of this run')
    expect(pi.via?.password).toBeUndefined()
    expect(pi.via?.via?.password?.reveal()).toBe('its own')
    expect(pi.via?.knownHostsFiles).toEqual(pi.knownHostsFiles)
    expect(pi.via?.privateKeyFiles).toEqual(pi.privateKeyFiles)
  })
})

describe('what ssh_config says', () => {
  const config = [
    'Host pi',
    '  HostName 198.18.21.9',
    '  Port 2222',
    '  User ops',
    '  HostKeyAlias the-pi',
    '  ConnectTimeout 3',
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    '  ProxyCommand nc %h %p %r',
    '',
  ].join('\n')

  it('includes others, and what a Match finds out', async () => {
    const made = (name: string) => `${tmpdir()}/pitool-included-${process.pid}-${name}`
    writeFileSync(made('key'), '')
    writeFileSync(made('included'), `Host pi\n  Port 2022\n  IdentityFile ${made('key')}\n  HostKeyAlias one\n`)
    const matches = 'Match exec "test %h = pi"\n  ProxyJump ops@198.18.21.1:77\nMatch exec false\n  User nobody\n'
    try {
      const target = await ssh(
        'pi',
        waysOf({ pi: { private_key_file: '' } }, { config: `Include ${made('included')}\n${matches}` }),
      )
      expect(target).toMatchObject({ port: 2022, user: 'pi', hostKeyAlias: 'one', privateKeyFiles: [made('key')] })
      expect(jumpsOf(target)).toBe('ops@198.18.21.1:77')
    } finally {
      rmSync(made('key'))
      rmSync(made('included'))
    }
  })

  it('counts after the inventory, the command line and pitool.yml', async () => {
    expect(await ssh('pi', waysOf({ pi: {} }, { config }))).toMatchObject({
      address: '198.18.21.9',
      port: 2222,
      user: 'pi',
      hostKeyAlias: 'the-pi',
      connectTimeout: 3,
      identitiesOnly: true,
      agent: undefined,
      proxyCommand: 'nc 198.18.21.9 2222 pi',
    })
    const given = { port: 22, user: 'me', connect_timeout: 9, jump: 'none' }
    expect(await ssh('pi', waysOf({ pi: given }, { config }))).toMatchObject({
      port: 22,
      user: 'me',
      connectTimeout: 9,
      proxyCommand: undefined,
    })
  })

  it('an IPv6 address may stand in brackets', async () => {
    expect((await ssh('pi', waysOf({ pi: { host: '[2001:db8::1]' } }))).address).toBe('2001:db8::1')
  })
})

describe('connection: openssh', () => {
  const by = async (hosts: Readonly<Record<string, object>>, files = {}) =>
    (await targetOf('pi', waysOf(hosts, files))) as SshTarget

  it('is handed its name and its options as they were written', async () => {
    const args =
      '-J a@198.18.21.1 -o KexAlgorithms=+diffie-hellman-group14-sha1 -c aes128-cbc -o BindAddress=198.18.21.2'
    const pi = { connection: 'openssh', ansible_ssh_common_args: args }
    const target = await by({ pi }, { config: 'Host pi\n  HostName 198.18.21.7\n  KnownHostsCommand /bin/keys %H\n' })
    expect(target).toMatchObject({ connection: 'openssh', configName: 'pi', address: '198.18.21.7' })
    expect(target.sshArgs?.slice(2).join(' ')).toBe(args)
  })

  it.each<[string, Readonly<Record<string, object>>, readonly string[]]>([
    ['its jump hosts', { pi: { connection: 'openssh', jump: 'gate,b' }, gate: {} }, ['openssh', 'openssh', 'openssh']],
    ['a host behind one of it', { pi: { jump: 'gate' }, gate: { connection: 'openssh' } }, ['openssh', 'openssh']],
    ['no other', { pi: { jump: 'gate' }, gate: {}, x: { ansible_connection: 'openssh' } }, ['ssh', 'ssh']],
  ])('goes for %s', async (_, hosts, connections) => {
    const way: string[] = []
    for (let at: SshTarget | undefined = await by(hosts); at; at = at.via) way.push(at.connection)
    expect(way).toEqual(connections)
  })

  it.each(['-A', '-o ForwardAgent=yes', '-o StrictHostKeyChecking=no', '-L 80:x:80'])(
    'refuses %s as well',
    async args => {
      const pi = { connection: 'openssh', ansible_ssh_extra_args: args }
      await expect(by({ pi })).rejects.toThrow(/cannot be honoured/)
    },
  )

  it('is named where the library cannot do as ssh is told', async () => {
    const refused = [{ ansible_ssh_extra_args: '-c aes128-cbc' }, { ansible_ssh_extra_args: '-o BindAddress=::1' }]
    for (const pi of refused) {
      const error = (await by({ pi }).catch(error => error)) as Failure
      expect(error.diagnostic).toMatchObject({ code: 'unsupported', hint: expect.stringContaining('openssh') })
    }
  })
})
