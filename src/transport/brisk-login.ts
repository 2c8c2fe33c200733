import type { Client, ParsedKey } from 'ssh2'
import { insideOf, type Ssh2Protocol, takesAhead } from './ssh2-inside.ts'

/** Who logs in by which key, sure before the server has said which ways it takes. */
export interface FirstKey {
  readonly username: string
  readonly key: ParsedKey
}

/**
 * Makes a login of a client that is about to connect as short as SSH allows: a key of ours signs with its first word,
 * without asking whether it would do (RFC 4252, 7), the first one right behind the request for the service. By itself
 * ssh2 takes a round trip for each, and has the server sign with all of its host keys, which nobody looks at.
 */
export function shortenLogin(client: Client, first: FirstKey | undefined): void {
  const { _protocol } = insideOf(client)
  const may = () => takesAhead(client)
  leaveHostKeysUnproven(_protocol)
  signAtOnce(_protocol, may)
  if (first && !needsAlgorithm(first.key)) sendAlong(_protocol, first, may)
}

function leaveHostKeysUnproven(protocol: Ssh2Protocol): void {
  const handlers = protocol._handlers
  const handle = handlers.GLOBAL_REQUEST
  handlers.GLOBAL_REQUEST = (from, name, wantReply, data) => {
    if (name !== 'hostkeys-00@openssh.com') handle(from, name, wantReply, data)
    else if (wantReply) from.requestSuccess()
  }
}

function signAtOnce(protocol: Ssh2Protocol, may: () => boolean): void {
  const ask = protocol.authPK
  protocol.authPK = (user, key, algorithm, sign) => {
    if (sign || !may()) return ask.call(protocol, user, key, algorithm, sign)
    ask.call(protocol, user, key, algorithm, (data, done) => {
      const signature = key.sign(data, hashes.get(algorithm ?? '')) as Buffer | Error
      // An agent's key cannot sign here: it is asked about first, since its owner may have to consent.
      if (signature instanceof Error) ask.call(protocol, user, key, algorithm)
      else done(signature)
    })
  }
}

const hashes = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
  ['ssh-rsa', 'sha1'],
])

/** Which kind of signature the server takes of it is known only once the server has said so. */
const needsAlgorithm = (key: ParsedKey) => key.type === 'ssh-rsa'

function sendAlong(protocol: Ssh2Protocol, { username, key }: FirstKey, may: () => boolean): void {
  const { service, authPK } = protocol
  protocol.service = name => {
    service.call(protocol, name)
    if (!may()) return
    authPK(username, key)
    // ssh2 comes to it only when it hears that the service is there.
    protocol.authPK = (...said) => {
      protocol.authPK = authPK
      if (said[1] !== key) authPK(...said)
    }
  }
}
