import type { ShownKey } from '../host-key.ts'
import { ChannelEnds } from './channel-ends.ts'
import { RefusedForwards } from './refused-forwards.ts'

/** Lines, and complaints, that are kept. */
const most = 40

/**
 * What ssh says of its doings while it logs in and holds the connection. Its wording has hardly changed in twenty years;
 * where a version words something otherwise, messages tell less, and nothing else.
 */
export class Talk {
  /** What the server has shown. */
  hostKey: ShownKey | undefined
  /** There is a TCP connection. */
  connected = false
  /** The server has said its name. */
  greeted = false
  /** The handshake is done. */
  shook = false
  /** The ways of logging in that the server would take. */
  offered: readonly string[] = []
  readonly tried: string[] = []
  /** What the server said instead of its name. */
  readonly strange: string[] = []
  /** What ssh says to people. */
  readonly complaints: string[] = []
  /** Called when it asks for a password or a passphrase, and again when it goes on. */
  onQuestion: (open: boolean) => void = () => undefined
  readonly ends = new ChannelEnds()
  readonly refused = new RefusedForwards()
  #rest = ''

  push(chunk: string): void {
    const lines = (this.#rest + chunk).split(/\r?\n/)
    // A server's banner may be one line without an end.
    this.#rest = (lines.pop() as string).slice(-4096)
    for (const line of lines) this.#line(line)
  }

  get lastWords(): string | undefined {
    return this.complaints.at(-1)
  }

  #line(line: string): void {
    const [, debug] = /^debug1: (.*)$/.exec(line) ?? []
    if (debug !== undefined) this.#debug(debug)
    else if (line.trim() !== '' && !noise.test(line) && this.complaints.push(line.trim()) > most)
      this.complaints.shift()
    this.refused.hear(debug ?? line)
    this.onQuestion(debug === 'read_passphrase: requested to askpass')
  }

  #debug(line: string): void {
    this.ends.hear(line)
    if (line.startsWith('Connection established')) this.connected = true
    else if (line.startsWith('Remote protocol version')) this.greeted = true
    else if (line === 'SSH2_MSG_NEWKEYS received') this.shook = true
    const [, type, fingerprint] = /^Server host key: (\S+) (\S+)$/.exec(line) ?? []
    if (type !== undefined && fingerprint !== undefined) this.hostKey = { type, fingerprint }
    const [, ways] = /^Authentications that can continue: (.*)$/.exec(line) ?? []
    if (ways !== undefined) this.offered = ways.split(',')
    const [, said] = /^kex_exchange_identification: banner line \d+: (.*)$/.exec(line) ?? []
    if (said !== undefined && this.strange.length < most) this.strange.push(said)
    const way = wayOf(line)
    if (way !== undefined && !this.tried.includes(way)) this.tried.push(way)
  }
}

// Said of every connection, at its end.
const noise = /^(Transferred: |Bytes per second: |Authenticated to |Authenticated using |Warning: Permanently added )/

const methods: { readonly [method: string]: string } = {
  password: 'password',
  'keyboard-interactive': 'password by keyboard-interactive',
  'gssapi-with-mic': 'Kerberos (GSSAPI)',
  hostbased: 'hostbased',
}

/** A way of logging in that is tried now. */
function wayOf(line: string): string | undefined {
  const [, file, more = ''] = /^Offering public key: (.*) \S+ SHA256:\S+(.*)$/.exec(line) ?? []
  if (file !== undefined) return / agent\b/.test(more) && !/ explicit\b/.test(more) ? 'ssh-agent' : `key ${file}`
  const [, path] = /^Trying private key: (.*)$/.exec(line) ?? []
  if (path !== undefined) return `key ${path}`
  const [, method = ''] = /^Next authentication method: (\S+)$/.exec(line) ?? []
  return methods[method]
}
