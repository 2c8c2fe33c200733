import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Secret } from '../core/secret.ts'
import { type Flags, usage } from './flags.ts'

/** Passwords given on this run, for every host that has none of its own. */
export interface Passwords {
  readonly login?: Secret | undefined
  readonly become?: Secret | undefined
}

/** Read from files, or asked for on the terminal (standard error, so that output can be piped). */
export async function readPasswords(flags: Flags): Promise<Passwords> {
  const login = await one(flags, { ask: 'ask-pass', file: 'connection-password-file', prompt: 'SSH password:' })
  const become = await one(flags, { ask: 'ask-become-pass', file: 'become-password-file', prompt: 'sudo password:' })
  return { login, become }
}

interface Source {
  readonly ask: string
  readonly file: string
  readonly prompt: string
}

async function one(flags: Flags, source: Source): Promise<Secret | undefined> {
  const file = flags.text(source.file)
  if (file !== undefined) return readPasswordFile(file)
  return flags.on(source.ask) ? askSecret(source) : undefined
}

/** What is typed, unseen. Throws a Mistake where there is nobody to ask. */
export async function askSecret(source: Source): Promise<Secret> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw usage(`--${source.ask} needs a terminal to ask on`, `give the password by --${source.file} FILE (mode 0600)`)
  return prompt(source.prompt)
}

/** The first line of a file that nobody else may read. */
export async function readPasswordFile(file: string): Promise<Secret> {
  const path = resolve(file)
  const found = await stat(path).catch(() => undefined)
  if (!found) throw usage(`there is no password file ${file}`)
  if (found.isDirectory()) throw usage(`${file} is a folder, not a password file`)
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
    throw usage(`others may read the password file ${file} (mode ${mode})`, `chmod 600 ${file}`)
  }
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw usage(`the password file ${file} cannot be read: ${error.message}`)
  })
  const [line = ''] = text.split(/\r?\n/)
  if (line === '') throw usage(`the first line of the password file ${file} is empty`)
  return new Secret(line)
}

/** For an encrypted key; undefined where there is nobody to ask. */
export async function askPassphrase(file: string): Promise<Secret | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return prompt(`Passphrase of ${file}:`)
}

async function prompt(message: string): Promise<Secret> {
  const { default: password } = await import('@inquirer/password')
  return new Secret(await password({ message }, { output: process.stderr }))
}
