import { defineModule, unchanged } from '../core/module.ts'
import { askAll, on } from '../core/question.ts'
import { k3sMember } from '../questions/k3s/member.ts'
import { clusterNodes } from '../questions/k3s/nodes.ts'
import { findNode } from './k3s/find-node.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'

export const k3sNodeInfo = defineModule({
  name: 'k3s_node_info',
  summary: 'Tell what the cluster knows of a host and its node. Changes nothing.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      node: { type: 'string', description: 'The Node; that of this host when absent.' },
      server: serverArg,
    },
  },
  returns: {
    node: 'the name of the Node, or the one it would get',
    role: "this host's own part: server, agent or none",
    hostname: "this host's name",
    exists: 'whether the cluster has the node',
    ready: 'whether it is Ready',
    heartbeat_age: 'seconds since its last sign of life; -1: none',
    cordoned: 'whether it takes no new pods',
    version: 'the version it reports',
    addresses: 'its addresses, as the cluster knows them',
    labels: 'its labels',
    nodes: 'the names of all nodes',
    address_owners: 'address → the node that has it, for all nodes',
    server_version: 'the version of the server',
  },
  // It alters nothing: the name stands for that.
  targets: () => [{ facet: 'value', name: 'k3s_node_info' }],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const [member, { clock, nodes }] = yield* askAll(k3sMember(), on(server, clusterNodes()))
    const name = args.node ?? member.node
    const node = findNode(nodes, name, args.node === undefined ? member.hostname : undefined)
    const servers = nodes.filter(
      one => 'node-role.kubernetes.io/control-plane' in one.labels || 'node-role.kubernetes.io/master' in one.labels,
    )
    const owners = nodes.flatMap(one => one.addresses.map(address => [address, one.name] as const))
    return unchanged({
      node: node?.name ?? name,
      role: member.role,
      hostname: member.hostname,
      exists: node !== undefined,
      ready: node?.ready ?? false,
      heartbeat_age: node && node.heartbeat > 0 ? Math.max(0, Math.round(clock - node.heartbeat)) : -1,
      cordoned: node?.cordoned ?? false,
      version: node?.version ?? '',
      addresses: node?.addresses ?? [],
      labels: node?.labels ?? {},
      nodes: nodes.map(one => one.name),
      address_owners: Object.fromEntries(owners),
      server_version: servers[0]?.version ?? '',
    })
  },
})
