import type { Code } from '../../core/codes.ts'

/** One thing that keeps an agent from joining: how its journal says so, and what mends it. */
interface JournalCause {
  readonly code: Code
  readonly pattern: RegExp
  readonly message: string
  readonly hint: string
  /** How often it is said until waiting longer is senseless; three times when absent. */
  readonly enough?: number
}

export interface FoundCause {
  readonly code: Code
  readonly message: string
  readonly hint: string
  readonly line: string
  readonly seen: number
  /** It will not go away by waiting. */
  readonly persistent: boolean
}

const newToken =
  'give the token of this cluster: on the server `sudo k3s token create --ttl 1h`, or the content of /var/lib/rancher/k3s/server/node-token'

// In this order: what is more particular stands before what it might be taken for.
const causes: readonly JournalCause[] = [
  {
    code: 'k3s-node-password',
    pattern: /Node password rejected|node password validation failed|node-passwd entry/i,
    message: 'the server knows this node name with another node password (a reflashed host, or a name used twice)',
    hint: 'if the host was reflashed: on the server `sudo k3s kubectl delete node NAME` and, if it is still there, `sudo k3s kubectl -n kube-system delete secret NAME.node-password.k3s`; the waiting agent then gets in. Otherwise give the host a name of its own',
  },
  {
    code: 'k3s-other-cluster',
    pattern: /token CA hash does not match the Cluster CA certificate hash/i,
    message: 'the token belongs to another cluster than the server at this URL',
    hint: newToken,
    enough: 2,
  },
  {
    code: 'k3s-malformed-token',
    pattern:
      /invalid token (format|CA hash length)|token must not be empty|--token is required|failed to normalize token/i,
    message: 'the token is malformed',
    hint: newToken,
    enough: 2,
  },
  {
    code: 'k3s-wrong-password',
    pattern: /401 Unauthorized|\bUnauthorized\b|not authorized/i,
    message: 'the server refuses the token: its password is wrong, or it has expired',
    hint: newToken,
  },
  {
    code: 'k3s-label-refused',
    pattern: /failed to validate kubelet flags: unknown 'kubernetes\.io' or 'k8s\.io' labels/i,
    message: 'the agent sets a label that only the server may set, and ends by it',
    hint: "take it out of the agent's node-label and set it with the module node_labels",
    enough: 2,
  },
  {
    code: 'k3s-certificate',
    pattern: /x509: certificate (is valid for|is not valid for)|x509: cannot validate certificate for/i,
    message: "the server's certificate is not valid for the name in the URL",
    hint: 'use a name or address the certificate has, or start the server with `--tls-san NAME`',
  },
  {
    code: 'k3s-certificate',
    pattern: /x509: certificate has expired or is not yet valid/i,
    message: 'a certificate is out of its time: one of the two clocks is wrong, or the certificate has expired',
    hint: 'compare `date` on both hosts and let them sync; restart k3s on the server to renew its certificates',
  },
  {
    code: 'k3s-certificate',
    pattern: /x509: |CA cert validation failed|tls: failed to verify certificate/i,
    message: "the server's certificate is not signed by the cluster's CA",
    hint: 'check that the URL names the server of this cluster; after a new installation of it remove /var/lib/rancher/k3s/agent/*.crt on the agent',
  },
  {
    code: 'k3s-unreachable',
    pattern: /Only https:\/\/ URLs are supported/i,
    message: 'the URL must begin with https://',
    hint: 'write url: https://SERVER:6443',
    enough: 2,
  },
  {
    code: 'k3s-unreachable',
    pattern:
      /failed to get CA certs: |no such host|connection refused|no route to host|i\/o timeout|connection reset by peer|first record does not look like a TLS handshake|context deadline exceeded/i,
    message: 'the server cannot be reached at this URL',
    // It may be booting.
    enough: 8,
    hint: 'check the host and port of the URL, DNS and the firewall: on the agent `curl -k URL/cacerts` must print a certificate',
  },
  {
    code: 'k3s-join-timeout',
    pattern: /unable to find interface|no such network interface/i,
    message: 'the network interface named for flannel does not exist on this host',
    hint: 'set flannel_iface to one that `ip -br link` lists (eth0, end0, …), or leave it out',
    enough: 2,
  },
  {
    code: 'k3s-join-timeout',
    pattern: /failed to find memory cgroup|memory cgroup/i,
    message: 'the kernel runs without the memory cgroup',
    hint: 'add cgroup_enable=memory to the kernel command line (module kernel_cmdline) and reboot',
    enough: 2,
  },
  {
    code: 'k3s-join-timeout',
    pattern: /flag provided but not defined|yaml: line \d+/i,
    message: 'the agent cannot read its arguments or its config.yaml',
    hint: 'correct extra_args or config: the line below names what it does not understand',
    enough: 2,
  },
]

/** The cause an agent's journal names last, oldest line first; undefined where it names none. */
export function journalCause(lines: readonly string[]): FoundCause | undefined {
  const found = lines.map(line => ({ line, cause: causes.find(cause => cause.pattern.test(line)) }))
  const last = found.findLast(one => one.cause !== undefined)
  if (!last?.cause) return undefined
  const { code, message, hint, enough = 3 } = last.cause
  const seen = found.filter(one => one.cause === last.cause).length
  return {
    code,
    message,
    hint,
    line: spoken(last.line),
    seen,
    persistent: seen >= enough,
  }
}

/** The text of one of k3s' own lines, `time="…" level=error msg="…"`; other lines as they are. */
export function spoken(line: string): string {
  const quoted = /\bmsg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]
  return quoted === undefined
    ? line.trim()
    : quoted.replaceAll('\\"', '"').replaceAll('\\n', ' ').replaceAll('\\\\', '\\')
}
