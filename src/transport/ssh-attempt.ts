import { type Config, NodeSSH } from 'node-ssh'
import type { Client, ConnectConfig, ServerHostKeyAlgorithm } from 'ssh2'
import { Failure } from '../core/diagnostic.ts'
import { shortenLogin } from './brisk-login.ts'
import type { HostKeyCheck } from './host-key-check.ts'
import type { Login } from './login.ts'
import { loginFailure, tooLate } from './login-failure.ts'
import { Patience } from './patience.ts'
import type { SshTarget } from './target.ts'
import type { Wire } from './wire.ts'

export interface Checks {
  readonly check: HostKeyCheck
  readonly login: Login
}

/** One handshake and login over one wire. */
export class SshAttempt {
  readonly #target: SshTarget
  readonly #wire: Wire
  readonly #checks: Checks
  #shook = false
  #said = ''
  #givenUp: Failure | undefined
  /** The first thing ssh2 complained of; what follows is mere noise. */
  #first: Error | undefined

  constructor(target: SshTarget, wire: Wire, checks: Checks) {
    this.#target = target
    this.#wire = wire
    this.#checks = checks
  }

  giveUp(why: Failure): void {
    this.#givenUp ??= why
    this.#wire.destroy()
  }

  async connect(): Promise<Client> {
    const { check, login } = this.#checks
    const patience = new Patience(this.#target.connectTimeout, () => this.giveUp(tooLate(this.#target, this.#shook)))
    try {
      const ssh = new NodeSSH()
      const connecting = ssh.connect(this.#config(patience))
      // node-ssh has made its client by now; a client without listeners of our own may throw at any time.
      const client = ssh.connection as Client
      client.on('error', error => {
        this.#first ??= error
      })
      shortenLogin(client, login.first)
      // ssh2 has paused the wire, so that this loses it nothing.
      this.#wire.on('data', this.#onData)
      client.on('banner', text => {
        this.#said = text
      })
      client.once('handshake', () => {
        this.#shook = true
        this.#said = ''
        this.#wire.off('data', this.#onData)
      })
      await connecting
      if (this.#givenUp) throw this.#givenUp
      await check.remember()
      return client
    } catch (error) {
      this.#wire.on('error', () => undefined).destroy()
      if (error instanceof Failure) throw error
      throw this.#givenUp ?? check.refused ?? this.#explain(error as Error, login)
    } finally {
      patience.end()
    }
  }

  readonly #onData = (chunk: Buffer) => {
    if (this.#said.length < 1000) this.#said += chunk.toString('latin1', 0, 1000)
  }

  #config(patience: Patience): Config {
    const { check, login } = this.#checks
    const handler = login.handler(human => (human ? patience.pause() : patience.resume()))
    return {
      sock: this.#wire,
      username: this.#target.user,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 3,
      algorithms: { serverHostKey: [...check.algorithms] as ServerHostKeyAlgorithm[] },
      hostVerifier: (key: Buffer) => check.accepts(key),
      authHandler: handler as NonNullable<ConnectConfig['authHandler']>,
    }
  }

  #explain(error: Error, login: Login): Error {
    return loginFailure({
      target: this.#target,
      login,
      shook: this.#shook,
      said: this.#said,
      error: this.#first ?? error,
    })
  }
}
