import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '../core/secret.ts'
import { isIdentity } from '../playbook/encrypted/age.ts'
import type { Keys } from '../playbook/encrypted/keys.ts'
import { type Disk, disk } from '../playbook/index.ts'
import { type Flags, usage } from './flags.ts'
import { askSecret, readPasswordFile } from './password.ts'

const asking = { ask: 'ask-vault-pass', file: 'vault-password-file', prompt: 'Vault password:' }

/** The project's files, with what opens the encrypted ones. Asks for the vault password where that is wanted. */
export async function openDisk(flags: Flags, env: NodeJS.ProcessEnv = process.env): Promise<Disk> {
  const named = flags.list('vault-password-file')
  const files = named.length > 0 ? named : [env.ANSIBLE_VAULT_PASSWORD_FILE ?? ''].filter(file => file !== '')
  const asked = flags.on('ask-vault-pass') ? [await askSecret(asking)] : []
  const vault = [...asked, ...(await Promise.all(files.map(readPasswordFile)))]
  return { ...disk, keys: keysOf(vault, env) }
}

function keysOf(vault: readonly Secret[], env: NodeJS.ProcessEnv): Keys {
  let age: readonly Secret[] | undefined
  return { vault: () => vault, age: () => (age ??= ageIdentities(env)) }
}

/** Where sops itself looks: SOPS_AGE_KEY, SOPS_AGE_KEY_FILE, and `sops/age/keys.txt` in the user's configuration. */
function ageIdentities(env: NodeJS.ProcessEnv): readonly Secret[] {
  const { SOPS_AGE_KEY: inline, SOPS_AGE_KEY_FILE: file } = env
  const usual = join(configFolder(env), 'sops', 'age', 'keys.txt')
  return [
    ...(inline ? identitiesIn(inline, 'SOPS_AGE_KEY') : []),
    ...(file ? identitiesIn(readKeys(file), file) : []),
    ...(existsSync(usual) ? identitiesIn(readKeys(usual), usual) : []),
  ]
}

function configFolder(env: NodeJS.ProcessEnv): string {
  if (env.XDG_CONFIG_HOME) return env.XDG_CONFIG_HOME
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Application Support') : join(homedir(), '.config')
}

function readKeys(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw usage(
      `the age keys in ${file} cannot be read: ${cause}`,
      'look at SOPS_AGE_KEY_FILE, and at the mode and owner of the file',
    )
  }
}

function identitiesIn(text: string, where: string): readonly Secret[] {
  if (text.startsWith('age-encryption.org/') || text.includes('BEGIN AGE ENCRYPTED FILE'))
    throw usage(`the age keys in ${where} are encrypted themselves`, `decrypt them: age -d ${where}`)
  const lines = text.split(/\r?\n/).map(line => line.trim())
  const keys = lines.filter(line => line !== '' && !line.startsWith('#')).map(line => new Secret(line))
  if (keys.length === 0) throw usage(`there is no age key in ${where}`, 'age-keygen makes one')
  const fit = keys.filter(key => isIdentity(key.reveal()))
  if (fit.length === 0) {
    const hint = 'pitool reads AGE-SECRET-KEY-1… (X25519) as age-keygen writes them'
    throw usage(`${where} holds no age key that pitool can use`, hint)
  }
  return fit
}
