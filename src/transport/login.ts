import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type BaseAgent,
  type NextAuthHandler,
  type Prompt,
  type PublicKeyAuthMethod,
} from 'ssh2'
import type { Secret } from '../core/secret.ts'
import type { FirstKey } from './brisk-login.ts'
import { certificatesOf, NamedKeys, publicKeys } from './identities.ts'
import type { KeyRing, Unusable } from './keys.ts'
import type { LoginStory } from './login-failure.ts'
import type { SshTarget } from './target.ts'

/** One way of logging in; what it needs is made ready only when its turn comes. */
interface Way {
  readonly type: AuthenticationType
  /** For the message when none was taken. */
  readonly label: string
  ready(): Promise<AnyAuthMethod | undefined>
  /** The same, where it is a key that nobody has to be asked for. */
  plain?(): Promise<KeyMethod | undefined>
}

type KeyMethod = PublicKeyAuthMethod & FirstKey

/** Offers the ways of logging in one after the other, and remembers what came of them. */
export class Login implements LoginStory {
  readonly tried: string[] = []
  readonly unusable: Unusable[] = []
  offered: readonly string[] = []
  certificates: readonly string[] = []
  emptyAgent = false
  readonly #target: SshTarget
  readonly #keys: KeyRing
  #ways: Way[] = []
  #first: KeyMethod | undefined

  constructor(target: SshTarget, keys: KeyRing) {
    this.#target = target
    this.#keys = keys
  }

  async prepare(): Promise<void> {
    const { privateKeyFiles, password } = this.#target
    const named = privateKeyFiles.length > 0
    const files = named ? privateKeyFiles : await defaultKeyFiles()
    this.certificates = await certificatesOf(files, this.#target.certificateFiles)
    const encrypted = await Promise.all(files.map(file => this.#keys.isEncrypted(file)))
    const key = (file: string) => this.#keyWay(file, named)
    const plain = files
      .filter((_, i) => !encrypted[i])
      .map(key)
      .map(way => ({ ...way, plain: way.ready }))
    // An agent usually holds the encrypted keys: asking it first spares the passphrase.
    this.#ways = [
      ...(named ? plain : []),
      ...(await this.#agentWay(files)),
      ...(named ? [] : plain),
      ...files.filter((_, i) => encrypted[i]).map(key),
      ...(password ? passwordWays(this.#target.user, password) : []),
    ]
    await this.#readyFirst()
  }

  async #readyFirst(): Promise<void> {
    while (this.#first === undefined && this.#ways[0]?.plain) {
      this.#first = await this.#ways[0].plain()
      if (this.#first === undefined) this.#ways.shift()
    }
  }

  /** What it begins with, where that is a key that nobody has to be asked for. */
  get first(): FirstKey | undefined {
    return this.#first
  }

  /** ssh2's `authHandler`. `waiting` tells when a human is asked, whose time does not count. */
  handler(waiting: (human: boolean) => void) {
    const ways = [...this.#ways]
    return (left: AuthenticationType[] | null, _partial: boolean | null, next: NextAuthHandler) => {
      if (left) this.offered = left
      if (left === null && this.#first) {
        // What comes of it may be in the packet that is being read: ssh2 must know now what it is about.
        this.tried.push(ways.shift()!.label)
        return this.#first
      }
      waiting(true)
      void this.#next(ways, left)
        .catch(() => undefined)
        .then(method => {
          waiting(false)
          // The types forget that `false` means: no more.
          next((method ?? false) as AnyAuthMethod)
        })
    }
  }

  async #next(ways: Way[], left: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | undefined> {
    for (let way = ways.shift(); way; way = ways.shift()) {
      const type = way.type === 'agent' ? 'publickey' : way.type
      if (left && !left.includes(type)) continue
      const method = await way.ready()
      if (!method) continue
      this.tried.push(way.label)
      return method
    }
    return undefined
  }

  #keyWay(file: string, named: boolean) {
    const { user, passphrase } = this.#target
    return {
      type: 'publickey' as const,
      label: `key ${file}`,
      ready: async (): Promise<KeyMethod | undefined> => {
        const loaded = await this.#keys.load(file, passphrase)
        if ('key' in loaded) return { type: 'publickey', username: user, key: loaded.key }
        if (named || loaded.unusable.why.includes('encrypted')) this.unusable.push(loaded.unusable)
        return undefined
      },
    }
  }

  async #agentWay(files: readonly string[]): Promise<readonly Way[]> {
    const { agent: socket, user, identitiesOnly } = this.#target
    if (!socket) return []
    const agent: BaseAgent = identitiesOnly
      ? (new NamedKeys(socket, await publicKeys(files)) as BaseAgent)
      : ssh2.createAgent(socket)
    // An agent that does not answer would end the whole login as an error.
    if (!(await holdsKeys(agent))) {
      this.emptyAgent = !identitiesOnly
      return []
    }
    const ready = async () => ({ type: 'agent', username: user, agent }) as const
    return [{ type: 'agent', label: 'ssh-agent', ready }]
  }
}

function holdsKeys(agent: BaseAgent): Promise<boolean> {
  return new Promise(resolve => {
    setTimeout(() => resolve(false), 2000).unref()
    agent.getIdentities((error, keys) => resolve(!error && (keys?.length ?? 0) > 0))
  })
}

function passwordWays(username: string, password: Secret): readonly Way[] {
  const prompt = (
    _name: string,
    _text: string,
    _language: string,
    prompts: Prompt[],
    finish: (a: string[]) => void,
  ) => {
    // Only a question that hides its answer, and is the only one, can be one for the password.
    const [only] = prompts
    finish(prompts.length === 1 && only?.echo === false ? [password.reveal()] : prompts.map(() => ''))
  }
  return [
    {
      type: 'password',
      label: 'password',
      ready: async () => ({ type: 'password', username, password: password.reveal() }),
    },
    {
      type: 'keyboard-interactive',
      label: 'password by keyboard-interactive',
      ready: async () => ({ type: 'keyboard-interactive', username, prompt }),
    },
  ]
}

async function defaultKeyFiles(): Promise<readonly string[]> {
  const files = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(name => join(homedir(), '.ssh', name))
  const there = await Promise.all(
    files.map(file =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  )
  return files.filter((_, i) => there[i])
}
