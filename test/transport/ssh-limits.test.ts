import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { failureOf } from './contract.ts'
import { dial, over } from './over.ts'
import { sshdIsThere, startSshd } from './sshd.ts'

describe.skipIf(!sshdIsThere)('an agent without keys', () => {
  test('is not blamed where a key was refused, or is locked', async () => {
    const sshd = await startSshd()
    const socket = join(sshd.folder, 'agent')
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-s', '-a', socket]).toString())![1])
    try {
      const locked = sshd.newKey('locked', '-N', 'never told')
      const none = sshd.target({ privateKeyFiles: [sshd.knownHosts], agent: socket })
      const stranger = join(sshd.folder, 'stranger')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger])
      const tried = await failureOf(dial({ ...none, privateKeyFiles: [stranger] }))
      expect(tried.diagnostic.hint).not.toContain('agent holds')
      const refused = await failureOf(dial({ ...none, privateKeyFiles: [locked] }))
      expect(refused.diagnostic).toMatchObject({ code: 'key-unusable', hint: expect.stringContaining('ssh-add') })
    } finally {
      process.kill(pid)
      await sshd.stop()
    }
  })
})

describe.skipIf(!sshdIsThere)('what the SSH library cannot do is said, with the cure', () => {
  test('a server with post-quantum key exchange only', async () => {
    const sshd = await startSshd('KexAlgorithms sntrup761x25519-sha512@openssh.com')
    try {
      const error = await failureOf(dial(sshd.target()))
      expect(error.diagnostic).toMatchObject({
        code: 'unreachable',
        hint: expect.stringMatching(/connection: openssh.*curve25519-sha256/),
      })
    } finally {
      await sshd.stop()
    }
  })

  test('a user certificate beside the key', async () => {
    const sshd = await startSshd()
    try {
      const key = join(sshd.folder, 'certified')
      const make = (...args: readonly string[]) => execFileSync('ssh-keygen', ['-q', ...args], { stdio: 'ignore' })
      make('-t', 'ed25519', '-N', '', '-f', key)
      make('-s', sshd.keyFile, '-I', 'me', '-n', 'me', `${key}.pub`)
      const error = await failureOf(dial(sshd.target({ privateKeyFiles: [key] })))
      expect(error.diagnostic).toMatchObject({ code: 'auth-failed', hint: expect.stringContaining(`${key}-cert.pub`) })
      expect(error.diagnostic.hint).toMatch(/connection: openssh.*ssh-copy-id/)
      const named = await failureOf(dial(sshd.target({ privateKeyFiles: [`${key}-cert.pub`] })))
      expect(named.diagnostic).toMatchObject({
        code: 'key-unusable',
        message: expect.stringContaining('certificate'),
        hint: expect.stringContaining('connection: openssh'),
      })
    } finally {
      await sshd.stop()
    }
  })

  test('a key in PKCS#8', async () => {
    const sshd = await startSshd()
    try {
      const key = sshd.newKey('pkcs8', '-t', 'rsa')
      execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-m', 'PKCS8', '-f', key], { stdio: 'ignore' })
      const { diagnostic } = await failureOf(dial(sshd.target({ privateKeyFiles: [key] })))
      expect(diagnostic).toMatchObject({ code: 'key-unusable', message: expect.stringContaining('PKCS#8') })
      expect(diagnostic.hint).toMatch(/ssh-keygen -p.*connection: openssh/)
    } finally {
      await sshd.stop()
    }
  })

  test('a host that only a certificate authority knows', async () => {
    const sshd = await startSshd()
    try {
      const known = join(sshd.folder, 'authorities')
      writeFileSync(known, `@cert-authority * ${readFileSync(`${sshd.keyFile}.pub`, 'utf8')}`)
      const { diagnostic } = await failureOf(dial(sshd.target({ knownHostsFiles: [known] })))
      expect(diagnostic).toMatchObject({
        code: 'host-key-unknown',
        cause: expect.stringContaining('connection: openssh'),
      })
    } finally {
      await sshd.stop()
    }
  })

  test('of the agent only the named keys, with IdentitiesOnly', async () => {
    const sshd = await startSshd()
    const socket = join(sshd.folder, 'agent')
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(execFileSync('ssh-agent', ['-s', '-a', socket]).toString())![1])
    try {
      const add = (file: string) =>
        execFileSync('ssh-add', [file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
      const named = sshd.newKey('named')
      add(named)
      const empty = join(sshd.folder, 'empty')
      writeFileSync(`${empty}.pub`, readFileSync(`${named}.pub`))
      const only = { agent: socket, identitiesOnly: true }
      expect(await over(sshd.target({ privateKeyFiles: [empty], ...only }), 'echo in')).toBe('in\n')
      writeFileSync(`${empty}.pub`, readFileSync(`${sshd.keyFile}.pub`))
      const error = await failureOf(dial(sshd.target({ privateKeyFiles: [empty], ...only })))
      expect(error.diagnostic.cause).not.toContain('ssh-agent')
    } finally {
      process.kill(pid)
      await sshd.stop()
    }
  })
})
