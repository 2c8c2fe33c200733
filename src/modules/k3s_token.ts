import { createToken } from '../changes/token-create.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { ask, askAll, on } from '../core/question.ts'
import type { Value } from '../core/value.ts'
import { fileText } from '../questions/file.ts'
import { k3sMember } from '../questions/k3s/member.ts'
import { clusterNodes } from '../questions/k3s/nodes.ts'
import { type ServerTokenAnswer, serverToken } from '../questions/k3s/token.ts'
import { failed } from './failed.ts'
import { readAgentEnv } from './k3s/agent-env.ts'
import { findNode } from './k3s/find-node.ts'
import { agentEnvPath } from './k3s/paths.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'

export const k3sToken = defineModule({
  name: 'k3s_token',
  summary:
    "Get what lets this host into the cluster: a short-lived token made on the server for it alone, or the server's own. A host that has joined needs none and gets none.",
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      kind: {
        enum: ['auto', 'bootstrap', 'server'],
        default: 'auto',
        description:
          "`bootstrap`: short-lived, made only for a host that must join. `server`: the server's own, close to the cluster's admin. `auto`: the first where the server's version can make one (1.26 on).",
      },
      ttl: {
        type: 'string',
        pattern: '^([0-9]+(h|m|s))+$',
        expects: 'a time such as 1h or 30m',
        default: '1h',
        description: 'How long a bootstrap token lasts.',
      },
      node: { type: 'string', description: 'The name of its Node, where that is not the hostname.' },
      server: serverArg,
    },
  },
  returns: {
    token: 'the token, a secret; null where the host has joined already',
    ca_hash: "SHA-256 of the cluster's CA",
    kind: 'bootstrap, server, or none',
    server_version: 'the version of the server',
    joined: 'whether the host has joined already',
  },
  targets: () => [{ facet: 'value', name: 'k3s:token' }],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    if (args.kind === 'server') {
      const own = yield* ask(on(server, serverToken()))
      return give(own, own.token, 'server', false)
    }
    const [own, member, env, cluster] = yield* askAll(
      on(server, serverToken()),
      k3sMember(),
      fileText(agentEnvPath),
      on(server, clusterNodes()),
    )
    const node = args.node ?? member.node
    const hasToken = 'K3S_TOKEN' in readAgentEnv(env.text ?? '')
    const joined = member.active && hasToken && findNode(cluster.nodes, node, member.hostname) !== undefined
    if (joined) return give(own, null, 'none', true)
    if (!own.makesTokens && args.kind === 'bootstrap') return cannotMake(own.version)
    if (!own.makesTokens) return give(own, own.token, 'server', false)
    const { result } = give(own, null, 'bootstrap', false)
    const { token: _, changed: __, ...known } = result
    return changed([createToken(server, args.ttl, `pitool: lets ${node} in`)], known, {
      later: { names: ['token'], from: outcomes => ({ token: outcomes[0]?.token ?? null }) },
    })
  },
})

function give({ caHash, version }: ServerTokenAnswer, token: Value, kind: string, joined: boolean): Plan {
  return unchanged({ token, ca_hash: caHash, kind, server_version: version, joined })
}

function cannotMake(version: string): Plan {
  const message = `the server's k3s ${version} cannot make tokens: that came with 1.26`
  return failed('unsupported', message, 'use kind: server')
}
