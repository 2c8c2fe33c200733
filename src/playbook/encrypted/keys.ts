import type { Secret } from '../../core/secret.ts'

/** What opens encrypted files of the project; each is read when the first such file is met. Throws a Mistake. */
export interface Keys {
  /** age identities: `AGE-SECRET-KEY-1…`. */
  readonly age: () => readonly Secret[]
  /** Passwords of ansible-vault, tried in this order. */
  readonly vault: () => readonly Secret[]
}

export const noKeys: Keys = { age: () => [], vault: () => [] }
