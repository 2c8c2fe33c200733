import type { Diagnostic } from '../../core/diagnostic.ts'
import { reveal, Secret, type Text } from '../../core/secret.ts'
import { Unknown } from '../../core/unknown.ts'
import { tokenForm } from './token.ts'

export interface TokenChoice {
  /** What the task gives; null and undefined: nothing. */
  readonly given: Text | Unknown | null | undefined
  /** What the environment file holds. */
  readonly kept: Text | undefined
  /** Its node is in the cluster already, so that the token is not needed to come in. */
  readonly joined: boolean
}

/**
 * The token the environment file is to hold. A joined agent keeps its own when it is given a short-lived one: that
 * would only restart it. Nothing given keeps what is there.
 */
export function chooseToken({
  given,
  kept,
  joined,
}: TokenChoice): { readonly token: Secret | Unknown } | { readonly failed: Diagnostic } {
  if (given === undefined || given === null) {
    return kept === undefined || reveal(kept) === '' ? { failed: noToken } : { token: secret(kept) }
  }
  if (given instanceof Unknown) return { token: given }
  const form = tokenForm(reveal(given))
  if ('malformed' in form) return { failed: { ...malformed, message: `the token is malformed: ${form.malformed}` } }
  if (!joined || kept === undefined || form.form !== 'bootstrap') return { token: secret(given) }
  const keptForm = tokenForm(reveal(kept))
  const other = 'caHash' in keptForm && form.caHash !== undefined && keptForm.caHash !== form.caHash
  return { token: secret('malformed' in keptForm || other ? given : kept) }
}

function secret(text: Text): Secret {
  return text instanceof Secret ? text : new Secret(text)
}

const noToken: Diagnostic = {
  code: 'k3s-malformed-token',
  message: 'no token is given, and this agent has none yet',
  hint: 'register the module k3s_token and give its token, or set k3s_token',
}

const malformed = {
  code: 'k3s-malformed-token',
  hint: 'on the server: `sudo k3s token create --ttl 1h`, or the content of /var/lib/rancher/k3s/server/node-token',
} as const
