/** What can be told of a k3s token by its form alone. */
export interface TokenForm {
  /** `server`: close to the cluster's admin. `bootstrap`: short-lived. `password`: bare, so the CA is not checked. */
  readonly form: 'server' | 'bootstrap' | 'password'
  /** SHA-256 of the cluster's CA, where the token tells it. */
  readonly caHash?: string
}

const bootstrap = /^[a-z0-9]{6}\.[a-z0-9]{16}$/

/** Reads the four forms k3s takes: `K10<hash>::user:password`, `K10<hash>::id.secret`, `id.secret`, a bare password. */
export function tokenForm(token: string): TokenForm | { readonly malformed: string } {
  if (token.trim() === '') return { malformed: 'it is empty' }
  if (/\s/.test(token)) return { malformed: 'there is white space in it' }
  if (!token.startsWith('K10')) return { form: bootstrap.test(token) ? 'bootstrap' : 'password' }
  const at = token.indexOf('::')
  if (at < 0) return { malformed: "it begins with 'K10' but has no '::'" }
  const caHash = token.slice(3, at)
  if (!/^[0-9a-f]{64}$/.test(caHash)) return { malformed: 'its CA hash is not 64 hexadecimal digits' }
  const rest = token.slice(at + 2)
  if (bootstrap.test(rest)) return { form: 'bootstrap', caHash }
  if (!/^[^:]+:.+$/.test(rest)) return { malformed: "nothing of the form 'user:password' follows its '::'" }
  return { form: 'server', caHash }
}
