import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseSshConfig, type SshConfig, sshConfig } from '../../src/cli/ssh-config.ts'
import { configSpeaks } from '../../src/cli/ssh-config-files.ts'
import { Failure } from '../../src/core/diagnostic.ts'

const at = { address: 'pi', home: '/nowhere' }
const shown = [
  'host pi',
  'user me',
  'hostname pi',
  'port 22',
  'identityfile ~/.ssh/id_ed25519',
  'userknownhostsfile ~/.ssh/known_hosts /tmp/more',
  'globalknownhostsfile /etc/ssh/ssh_known_hosts',
].join('\n')

describe('what `ssh -G` prints', () => {
  it('gives files and user; defaults are left out', () => {
    expect(parseSshConfig(shown, at)).toEqual({
      user: 'me',
      privateKeyFiles: [],
      knownHostsFiles: ['/nowhere/.ssh/known_hosts', '/tmp/more', '/etc/ssh/ssh_known_hosts'],
    })
  })

  it('gives address, port and keys that exist', () => {
    const text = `user u\nhostname 198.18.21.9\nport 2222\nidentityfile ${import.meta.filename}\nproxyjump none`
    expect(parseSshConfig(text, at)).toEqual({
      address: '198.18.21.9',
      port: 2222,
      user: 'u',
      privateKeyFiles: [import.meta.filename],
      knownHostsFiles: [],
    })
  })

  it.each<[string, Partial<SshConfig>]>([
    ['proxyjump a@b:2222,[::1]:22', { jumps: ['a@b:2222', '[::1]:22'] }],
    ['proxycommand nc -X 5 %h %p # %r %n %%', { proxyCommand: 'nc -X 5 pi 22 # me pi %' }],
    ['proxycommand none', {}],
    ['hostkeyalias other', { hostKeyAlias: 'other' }],
    ['identitiesonly yes', { identitiesOnly: true }],
    ['identityagent none', { agent: null }],
    ['identityagent SSH_AUTH_SOCK', {}],
    ['identityagent ~/agent', { agent: '/nowhere/agent' }],
    ['connecttimeout 7', { connectTimeout: 7 }],
    ['connecttimeout none', {}],
    ['addressfamily inet6', { family: 6 }],
    ['stricthostkeychecking accept-new', { acceptNew: true }],
    ['stricthostkeychecking false', {}],
    ['certificatefile ~/c-cert.pub', { certificateFiles: ['/nowhere/c-cert.pub'] }],
  ])('%s', (line, more) => {
    const text = `user me\nhostname pi\nport 22\n${line}`
    expect(parseSshConfig(text, at)).toEqual({ user: 'me', privateKeyFiles: [], knownHostsFiles: [], ...more })
  })

  it.each([
    'proxyusefdpass yes',
    'bindaddress 198.18.21.1',
    'knownhostscommand /bin/keys',
    'revokedhostkeys /etc/revoked',
    'pkcs11provider /lib/x.so',
    'proxycommand nc %Z',
  ])('is refused with %s', line => {
    expect(() => parseSshConfig(line, at)).toThrow(Failure)
  })

  it('is not asked where there is no configuration', async () => {
    expect(await sshConfig({ address: 'pi', home: '/nowhere' })).toEqual({ privateKeyFiles: [], knownHostsFiles: [] })
  })
})

const folder = mkdtempSync(join(tmpdir(), 'pitool-ssh-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('ssh itself is asked', () => {
  const file = join(folder, 'config')
  writeFileSync(
    file,
    ['Host pi', '  HostName 198.18.21.9', '  ProxyJump me@gate:2222', 'Match user other', '  Port 77', ''].join('\n'),
  )

  it('with options, and reads the file they name', async () => {
    const found = await sshConfig({ address: 'pi', args: ['-F', file, '-o', 'HostKeyAlias=one'] })
    expect(found).toMatchObject({ address: '198.18.21.9', jumps: ['me@gate:2222'], hostKeyAlias: 'one' })
  })

  it('with the user that others have given', async () => {
    expect(await sshConfig({ address: 'x', user: 'other', args: ['-F', file] })).toMatchObject({ port: 77 })
    expect(await sshConfig({ address: 'x', args: ['-F', file] })).not.toHaveProperty('port')
  })

  it('says why it cannot', async () => {
    const error = await sshConfig({ address: 'x', args: ['-o', 'Nonsense=1'] }).catch((e: unknown) => e)
    expect(error).toMatchObject({ diagnostic: { code: 'unsupported', cause: expect.stringContaining('onsense') } })
  })
})

describe('a configuration that says nothing is not asked about', () => {
  const debian = 'Include SYSTEM/ssh_config.d/*.conf\n# Host x\nHost *\n    SendEnv LANG LC_*\n    HashKnownHosts yes\n'
  it.each<[string, { own?: string; system?: string; more?: string }, boolean]>([
    ['none at all', {}, false],
    ['as Debian has it', { system: debian }, false],
    ['one of the user, even empty', { own: '' }, true],
    ['a host of the system', { system: `${debian}Host pi\n  Port 2\n` }, true],
    ['a setting for all', { system: 'ProxyJump gate\n' }, true],
    ['a file beside it', { system: debian, more: 'Host *\n  User=x\n' }, true],
    ['an idle file beside it', { system: debian, more: '# nothing\n' }, false],
    ['another include', { system: 'Include /etc/other\n' }, true],
  ])('%s', (name, { own, system, more }, speaks) => {
    const home = join(folder, name.replaceAll(' ', '-'))
    const etc = join(home, 'etc')
    mkdirSync(join(home, '.ssh'), { recursive: true })
    mkdirSync(join(etc, 'ssh_config.d'), { recursive: true })
    if (own !== undefined) writeFileSync(join(home, '.ssh/config'), own)
    if (system !== undefined) writeFileSync(join(etc, 'ssh_config'), system.replace('SYSTEM', etc))
    if (more !== undefined) writeFileSync(join(etc, 'ssh_config.d/10.conf'), more)
    expect(configSpeaks(home, etc)).toBe(speaks)
  })
})
