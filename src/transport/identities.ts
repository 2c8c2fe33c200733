import { readFile } from 'node:fs/promises'
import ssh2, { type IdentityCallback, type ParsedKey } from 'ssh2'
import { keyType } from './known-hosts.ts'

/** An agent of which only some keys are offered, as ssh's IdentitiesOnly has it. */
export class NamedKeys extends ssh2.OpenSSHAgent {
  readonly #keys: readonly Buffer[]

  constructor(socket: string, keys: readonly Buffer[]) {
    super(socket)
    this.#keys = keys
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    super.getIdentities((error, keys) => {
      const held = (keys ?? []) as readonly ParsedKey[]
      done(
        error,
        held.filter(key => this.#keys.some(one => one.equals(key.getPublicSSH()))),
      )
    })
  }
}

/** The public halves of private keys, from the files beside them or, unencrypted, from themselves. */
export async function publicKeys(files: readonly string[]): Promise<readonly Buffer[]> {
  const read = await Promise.all(files.flatMap(file => [`${file}.pub`, file]).map(textOf))
  return read.flatMap(text => {
    const [, base64] = /^\S+ ([A-Za-z0-9+/=]+)/.exec(text) ?? []
    const blob = Buffer.from(base64 ?? '', 'base64')
    if (keyType(blob) !== undefined) return [blob]
    const parsed = text === '' ? undefined : ssh2.utils.parseKey(text)
    return parsed === undefined || parsed instanceof Error ? [] : [parsed.getPublicSSH()]
  })
}

/** The user's certificates: those that ssh's configuration names, and those that lie beside a key. */
export async function certificatesOf(
  files: readonly string[],
  named: readonly string[] = [],
): Promise<readonly string[]> {
  const all = [...named, ...files.map(file => `${file}-cert.pub`)]
  const texts = await Promise.all(all.map(textOf))
  return all.filter((_, i) => texts[i] !== '')
}

function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
