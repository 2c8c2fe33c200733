import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../src/core/secret.ts'
import { outText } from '../../src/core/section.ts'
import { failureOf, newTag, running } from './contract.ts'
import { dial, over } from './over.ts'
import { freePort, type Sshd, sshdIsThere, starter, startGateway } from './sshd.ts'

const start = starter('openssh')
const keygen = (...args: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...args], { stdio: 'ignore' })

/** A key that no server knows. */
function stranger(sshd: Sshd, name: string, ...args: readonly string[]): string {
  const file = join(sshd.folder, name)
  keygen('-t', 'ed25519', '-N', '', '-f', file, ...args)
  return file
}

describe.skipIf(!sshdIsThere)('what only the program ssh can do', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await start()
  })
  afterAll(() => sshd.stop())

  test('a certificate of the user, beside the key', async () => {
    const authority = stranger(sshd, 'user-authority')
    const certified = await start(`TrustedUserCAKeys ${authority}.pub`)
    try {
      const key = stranger(certified, 'certified')
      const target = certified.target({ privateKeyFiles: [key] })
      expect((await failureOf(dial(target))).diagnostic).toMatchObject({ code: 'auth-failed' })
      keygen('-s', authority, '-I', 'me', '-n', target.user, `${key}.pub`)
      expect(await over(target, 'echo in')).toBe('in\n')
    } finally {
      await certified.stop()
    }
  })

  test('a certificate of the host, by @cert-authority', async () => {
    const authority = stranger(sshd, 'host-authority')
    const key = stranger(sshd, 'host-certified')
    const certify = (name: string) => keygen('-s', authority, '-I', 'host', '-h', '-n', name, `${key}.pub`)
    certify('127.0.0.1')
    const certified = await start(`HostKey ${key}`, `HostCertificate ${key}-cert.pub`)
    try {
      const known = join(sshd.folder, 'authorities')
      writeFileSync(known, `@cert-authority * ${readFileSync(`${authority}.pub`, 'utf8')}`)
      const target = certified.target({ knownHostsFiles: [known] })
      expect(await over(target, 'echo in')).toBe('in\n')
      const plain = await failureOf(dial(sshd.target({ knownHostsFiles: [known] })))
      expect(plain.diagnostic).toMatchObject({
        code: 'host-key-unknown',
        cause: `${known}:1 trusts a certificate authority, but it shows no certificate of it`,
      })
    } finally {
      await certified.stop()
    }
    certify('another.example')
    const other = await start(`HostKey ${key}`, `HostCertificate ${key}-cert.pub`)
    try {
      const error = await failureOf(dial(other.target({ knownHostsFiles: [join(sshd.folder, 'authorities')] })))
      expect(error.diagnostic).toMatchObject({ code: 'host-key-unknown', cause: expect.stringContaining('principal') })
    } finally {
      await other.stop()
    }
  })

  test('a server with post-quantum key exchange only', async () => {
    const modern = await start('KexAlgorithms sntrup761x25519-sha512@openssh.com')
    try {
      expect(await over(modern.target(), 'echo in')).toBe('in\n')
    } finally {
      await modern.stop()
    }
  })

  test('a key in PKCS#8', async () => {
    const file = sshd.newKey('pkcs8', '-t', 'rsa')
    keygen('-p', '-N', '', '-m', 'PKCS8', '-f', file)
    expect(await over(sshd.target({ privateKeyFiles: [file] }), 'echo in')).toBe('in\n')
  })

  test('no algorithm in common is told with what ssh calls for', async () => {
    const sshArgs = ['-o', 'KexAlgorithms=diffie-hellman-group1-sha1']
    const { diagnostic } = await failureOf(dial(sshd.target({ sshArgs })))
    expect(diagnostic).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('no matching key exchange'),
      hint: expect.stringContaining('KexAlgorithms=+'),
    })
  })

  test('a configuration full of other wishes changes nothing of what matters', async () => {
    const config = join(sshd.folder, 'config-of-the-user')
    const port = await freePort()
    writeFileSync(
      config,
      `Host *
ControlMaster auto
ControlPath ${sshd.folder}/theirs-%C
ControlPersist 60
ForwardAgent yes
LocalForward ${port} 127.0.0.1:1
RemoteCommand echo theirs
RequestTTY force
PermitLocalCommand yes
LocalCommand touch ${sshd.folder}/ran
StrictHostKeyChecking no
LogLevel QUIET
Compression yes
SendEnv *
Host named
HostName 127.0.0.1
`,
    )
    const target = sshd.target({ configName: 'named', sshArgs: ['-F', config] })
    const script = 'test -t 1 || echo no terminal; echo "agent:$SSH_AUTH_SOCK"'
    expect(await over(target, script)).toBe('no terminal\nagent:\n')
    expect((await readdir(sshd.folder)).filter(name => /^theirs|^ran$/.test(name))).toEqual([])
    const none = { ...target, knownHostsFiles: [join(sshd.folder, 'nobody')] }
    expect((await failureOf(dial(none))).diagnostic.code).toBe('host-key-unknown')
  })

  test('a configuration that cannot be read', async () => {
    const config = join(sshd.folder, 'bad-config')
    writeFileSync(config, 'Host *\nNoSuchThing yes\n')
    const { diagnostic } = await failureOf(dial(sshd.target({ sshArgs: ['-F', config] })))
    expect(diagnostic).toMatchObject({ code: 'unsupported', cause: expect.stringContaining(`${config}: line 2`) })
  })

  test('a key that others may read', async () => {
    const file = sshd.newKey('open')
    execFileSync('chmod', ['644', file])
    const { diagnostic } = await failureOf(dial(sshd.target({ privateKeyFiles: [file] })))
    expect(diagnostic).toMatchObject({ code: 'key-unusable', hint: `chmod 600 ${file}` })
  })

  test('without the program it says so', async () => {
    const path = process.env.PATH
    process.env.PATH = sshd.folder
    try {
      const { diagnostic } = await failureOf(dial(sshd.target()))
      expect(diagnostic).toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('no program ssh'),
        hint: expect.stringContaining('openssh-client'),
      })
    } finally {
      process.env.PATH = path
    }
  })
})

describe.skipIf(!sshdIsThere)('how it ended is told apart', () => {
  test('a login that ends with 255 is no lost connection', async () => {
    const odd = await start('ForceCommand echo no shell for you; exit 255')
    const connection = await dial(odd.target())
    try {
      const { diagnostic } = await failureOf((await connection.shell({})).frame(['true']))
      expect(diagnostic).toMatchObject({ code: 'no-shell', message: expect.stringContaining('with exit code 255') })
      expect(connection.alive).toBe(true)
    } finally {
      await connection.close()
      await odd.stop()
    }
  })

  test('nor is a shell that was killed, or one that exits while a child holds its output', async () => {
    const sshd = await start()
    const connection = await dial(sshd.target())
    try {
      const shell = await connection.shell({})
      const killed = await failureOf(shell.frame(['kill -9 $$; sleep 1']))
      expect(killed.diagnostic.message).toContain('by a signal')
      const tag = newTag()
      const left = await failureOf(shell.frame([`sleep ${tag} & kill -9 $$`]))
      expect(left.diagnostic.code).toBe('bad-answer')
      expect(outText((await shell.frame(['echo on']))[0]!)).toBe('on\n')
      for (const pid of await running(tag)) process.kill(pid)
    } finally {
      await connection.close()
      await sshd.stop()
    }
  })
})

/** Everything in the arguments and environments of this machine's processes. */
async function everywhere(): Promise<string> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  const files = pids.flatMap(pid => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
  return (await Promise.all(files.map(file => readFile(file, 'latin1').catch(() => '')))).join('\n')
}

describe.skipIf(!sshdIsThere)('what it leaves', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await start()
  })
  afterAll(() => sshd.stop())

  test('a passphrase is in no argument, environment or file, at any moment', async () => {
    const word = `open-${process.pid}-sesame`
    const file = sshd.newKey('locked', '-N', word)
    let over = false
    let looks = 0
    const watching = (async () => {
      while (!over) {
        expect(await everywhere()).not.toContain(word)
        looks += 1
      }
    })()
    const runtime = process.env.XDG_RUNTIME_DIR
    process.env.XDG_RUNTIME_DIR = sshd.folder
    const connection = await dial(sshd.target({ privateKeyFiles: [file], passphrase: async () => new Secret(word) }))
    if (runtime === undefined) delete process.env.XDG_RUNTIME_DIR
    else process.env.XDG_RUNTIME_DIR = runtime
    over = true
    await watching
    expect(looks).toBeGreaterThan(2)
    const [folder] = (await readdir(sshd.folder)).filter(name => name.startsWith('pitool-ssh-'))
    expect(execFileSync('stat', ['-c', '%a', join(sshd.folder, folder as string)]).toString()).toBe('700\n')
    expect(() => execFileSync('grep', ['-rqs', '-D', 'skip', word, join(sshd.folder, folder as string)])).toThrow()
    await connection.close()
    expect((await readdir(sshd.folder)).filter(name => name.startsWith('pitool-ssh-'))).toEqual([])
  })

  test('a password is not for an ssh that the configuration runs', async () => {
    const asked: string[] = []
    const config = join(sshd.folder, 'match')
    const heard = join(sshd.folder, 'heard')
    const nosy = join(sshd.folder, 'nosy')
    writeFileSync(nosy, `"$SSH_ASKPASS" "${sshd.target().user}@gate's password: " >${heard}\n`)
    writeFileSync(config, `Match exec "sh ${nosy}; true"\nHost *\n`)
    const passphrase = async (file: string) => {
      asked.push(file)
      return undefined
    }
    const password = new Secret('for-the-host-alone')
    const target = sshd.target({ sshArgs: ['-F', config], passphrase, password })
    const connection = await dial(target)
    await connection.close()
    expect(readFileSync(heard, 'utf8')).toBe('')
    expect(asked).toEqual([])
  })

  test('nothing after kill -9, here or there', async () => {
    const gateway = await startGateway(sshd.port)
    appendFileSync(sshd.knownHosts, `[127.0.0.1]:${gateway.port} ${sshd.hostKey}\n`)
    const program = join(import.meta.dirname, 'hold-connection.ts')
    const target = JSON.stringify(sshd.target({ port: gateway.port }))
    const holder = spawn(process.execPath, ['--import', 'tsx', program, target], {
      cwd: resolve(import.meta.dirname, '../..'),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_RUNTIME_DIR: sshd.folder },
    })
    const said = await new Promise<string>(done => holder.stdout.once('data', (text: Buffer) => done(text.toString())))
    const [pid] = said.trim().split(' ')
    const folders = async () => (await readdir(sshd.folder)).filter(name => name.startsWith('pitool-ssh-'))
    expect(await folders()).toHaveLength(1)
    expect([gateway.open, existsSync(`/proc/${pid}`)]).toEqual([1, true])
    holder.kill('SIGKILL')
    await expect.poll(folders, { timeout: 10_000 }).toEqual([])
    await expect.poll(() => [gateway.open, existsSync(`/proc/${pid}`)], { timeout: 10_000 }).toEqual([0, false])
    expect(await everywhere()).not.toContain(`${sshd.folder}/pitool-ssh-`)
    await gateway.stop()
  })
})
