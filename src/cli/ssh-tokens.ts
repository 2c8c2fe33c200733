import { hostname, userInfo } from 'node:os'
import { Failure } from '../core/diagnostic.ts'

/** What the tokens of ssh_config stand for (TOKENS in ssh_config(5)). */
export interface Tokens {
  /** %n: as it was asked for. */
  readonly name: string
  /** %h */
  readonly address: string
  /** %p */
  readonly port: number
  /** %r */
  readonly user: string
  /** %k */
  readonly alias?: string | undefined
  /** %d */
  readonly home: string
}

/** A value of ssh_config with its tokens and `${VARIABLES}` filled in. Throws a Failure for a token nobody knows. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole)
    .replace(/%(.)/gs, (whole, letter: string) => meaningOf(letter, tokens) ?? unknown(whole, text))
}

function meaningOf(letter: string, { name, address, port, user, alias, home }: Tokens): string | undefined {
  const values: { readonly [letter: string]: string } = {
    '%': '%',
    d: home,
    h: address,
    i: String(userInfo().uid),
    k: alias ?? name,
    L: hostname().split('.')[0] as string,
    l: hostname(),
    n: name,
    p: String(port),
    r: user,
    u: userInfo().username,
  }
  return values[letter]
}

function unknown(token: string, text: string): never {
  const message = `pitool does not know the token ${token} of ssh_config, in: ${text}`
  throw new Failure({ code: 'unsupported', message, hint: 'write what it stands for' })
}
