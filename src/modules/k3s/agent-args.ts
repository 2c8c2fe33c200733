import { serverArg } from './server-of.ts'

const text = (description: string) => ({ type: 'string', description }) as const

/** The arguments of k3s_agent. */
export const k3sAgentArgs = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: {
      type: 'string',
      pattern: '^https://[^/\\s]+/?$',
      expects: 'https://SERVER:6443',
      description: 'The server, as this host reaches it.',
    },
    token: {
      anyOf: [{ type: 'string', secret: true }, { type: 'null' }],
      unknown: true,
      description: 'What lets it in (module k3s_token). Without it a joined agent keeps its own.',
    },
    version: {
      type: 'string',
      pattern: '^v[0-9]+\\.[0-9]+\\.[0-9]+[A-Za-z0-9.+-]*$',
      expects: 'a version such as v1.30.4+k3s1',
      description: 'The release, pinned. Without it the program that is there stays.',
    },
    install: {
      enum: ['binary', 'file', 'script'],
      default: 'binary',
      description:
        "`binary`: a release is fetched. `file`: binary_src is sent, for hosts without internet. `script`: the program comes as with one of these, and k3s' own installer writes the unit, its links and its uninstall script.",
    },
    script_src: {
      type: 'string',
      lookup: 'files',
      description: "k3s' installer on the control side, for install: script.",
    },
    script_url: {
      type: 'string',
      pattern: '^https?://\\S+$',
      expects: 'a URL',
      default: 'https://get.k3s.io',
      description: 'Where the control side fetches the installer when script_src is absent.',
    },
    script_sha256: {
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      expects: '64 hexadecimal digits in lower case',
      description: "The installer's SHA-256; needed when it is fetched.",
    },
    binary_src: { type: 'string', lookup: 'files', description: 'The k3s program on the control side.' },
    release_url: {
      type: 'string',
      pattern: '^https?://\\S+$',
      expects: 'a URL',
      default: 'https://github.com/k3s-io/k3s/releases/download',
      description: 'Where releases are: VERSION/k3s-arm64 and VERSION/sha256sum-arm64.txt below it.',
    },
    sha256: {
      type: 'string',
      pattern: '^[0-9a-f]{64}$',
      expects: '64 hexadecimal digits in lower case',
      description:
        "The program's SHA-256. Without it the release's own file of sums is believed, which proves the transport only.",
    },
    fetch: {
      enum: ['target', 'control'],
      default: 'target',
      description: 'Who fetches a release: the host by curl, or the control side, which then sends it.',
    },
    extra_args: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'More arguments of `k3s agent`. Never a token: arguments are seen by everybody.',
    },
    env: {
      type: 'object',
      additionalProperties: { type: 'string', secret: true, pattern: '^[^\\n]*$', expects: 'a text in one line' },
      default: {},
      description: 'More of its environment: HTTPS_PROXY, NO_PROXY, CONTAINERD_…; values may be secrets.',
    },
    node_name: {
      type: 'string',
      pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
      expects: 'lower-case letters, digits, - and .',
      description: 'The name of its Node; its hostname when absent. A joined node is never renamed.',
    },
    node_ip: text('The address it is known by.'),
    flannel_iface: text('The device of the pod network.'),
    config: {
      type: 'object',
      description: "The whole of /etc/rancher/k3s/config.yaml, by k3s' names. Without it the file is left alone.",
    },
    server: serverArg,
    join_timeout: {
      type: 'number',
      minimum: 1,
      default: 180,
      description: 'Seconds until the node must be Ready. A cause that stays ends the waiting earlier.',
    },
  },
} as const
