import { Failure } from '../../core/diagnostic.ts'
import type { Question } from '../../core/question.ts'
import { mask } from '../../core/secret.ts'
import { errText, outText, type Section } from '../../core/section.ts'
import type { Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'
import { nodeUnderShadow } from './node-shadow.ts'
import { type ClusterNode, readNodes } from './read-nodes.ts'

export type { ClusterNode } from './read-nodes.ts'

export interface NodesAnswer {
  /** The server's clock, seconds since 1970: what heartbeats are compared with. */
  readonly clock: number
  readonly nodes: readonly ClusterNode[]
}

const kind = 'k3s.nodes'

/** All nodes as the server sees them; to be asked on the server: workers have no kubectl. */
export function clusterNodes(): Question<NodesAnswer> {
  return { kind, key: '', arg: null }
}

/** Under this name the shadow keeps a node's labels as planned: name → value, null where taken away. */
export function nodeLabelsValue(node: string): string {
  return `node:${node}:labels`
}

const script = `
PATH=$PATH:/usr/local/bin
command -v k3s >/dev/null 2>&1 || { echo no-k3s >&2; exit 3; }
[ -e /etc/systemd/system/k3s-agent.service ] && ! [ -e /etc/systemd/system/k3s.service ] && { echo agent-only >&2; exit 3; }
date +%s
k3s kubectl get nodes -o json --request-timeout=15s || exit 4
printf '\\000'
k3s kubectl get leases -n kube-node-lease -o json --request-timeout=15s || exit 4
`

export const clusterNodesKind: QuestionKind<null, NodesAnswer> = {
  kind,
  open: true,
  sh: () => script,
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
  // A node lists its images: up to some 40 kB each.
  limit: () => 16 * 1024 * 1024,
  predict: (shadow, _, actual) => actual && underShadow(shadow, actual),
}

function read(section: Section): NodesAnswer {
  if (section.code !== 0) throw noServer(section)
  const text = outText(section)
  const newline = text.indexOf('\n')
  const clock = Number(text.slice(0, newline))
  const [nodes = '', leases = ''] = text.slice(newline + 1).split('\0')
  const read = Number.isInteger(clock) && clock > 0 && !section.truncated ? readNodes(nodes, leases) : undefined
  if (read === undefined) throw badAnswer("the cluster's nodes", section)
  return { clock, nodes: read }
}

export function noServer(section: Section): Failure {
  const said = mask(errText(section).trim()).slice(-1000)
  if (/no-k3s|agent-only/.test(said)) {
    return new Failure({
      code: 'k3s-no-server',
      message: said.includes('agent')
        ? 'this host is a k3s agent, not the server'
        : 'k3s is not installed on this host',
      hint: "name the k3s server: put it first into the inventory's group `server`, or give `server: HOST`",
    })
  }
  return new Failure({
    code: 'k3s-no-server',
    message: 'the k3s server does not answer kubectl',
    hint: 'on the server: `systemctl status k3s` and `k3s kubectl get nodes`',
    ...(said === '' ? {} : { cause: said }),
  })
}

function underShadow(shadow: Shadow, actual: NodesAnswer): NodesAnswer | Unknown {
  const nodes: ClusterNode[] = []
  for (const node of actual.nodes) {
    const planned = shadow.values.get(nodeLabelsValue(node.name))
    if (planned instanceof Unknown) return planned
    const labels = { ...node.labels, ...(planned as { readonly [name: string]: string | null } | undefined) }
    const kept = Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== null)
    const one = nodeUnderShadow(shadow, { ...node, labels: Object.fromEntries(kept) })
    if (one instanceof Unknown) return one
    nodes.push(one)
  }
  return { ...actual, nodes }
}
