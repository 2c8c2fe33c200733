import { cordonNode } from '../changes/node-cordon.ts'
import { drainNode } from '../changes/node-drain.ts'
import type { Change } from '../core/change.ts'
import { Failure } from '../core/diagnostic.ts'
import { changed, defineModule, type Plan, type Seen, type Settle, type Settled, unchanged } from '../core/module.ts'
import { type Asking, ask, on } from '../core/question.ts'
import type { From } from '../core/schema.ts'
import type { ClusterNode } from '../questions/k3s/nodes.ts'
import { podsOf } from '../questions/k3s/pods.ts'
import { drainRefusal, leavingPods } from './k3s/drain-pods.ts'
import { askNode } from './k3s/node-of.ts'
import { serverArg, serverMissing, serverOf } from './k3s/server-of.ts'

const flag = (fallback: boolean, description: string) => ({ type: 'boolean', default: fallback, description }) as const

const deleteOptions = {
  type: 'object',
  additionalProperties: false,
  default: {
    ignore_daemonsets: true,
    delete_emptydir_data: false,
    force: false,
    disable_eviction: false,
    wait_timeout: 300,
  },
  description: 'What a drain may do.',
  properties: {
    ignore_daemonsets: flag(true, 'Leave pods of DaemonSets where they are; false: refuse where there are some.'),
    delete_emptydir_data: flag(
      false,
      'Pods may lose what they keep in an emptyDir; false: refuse where there are some.',
    ),
    force: flag(false, 'Pods that nothing makes anew may go; false: refuse where there are some.'),
    disable_eviction: flag(false, 'Delete pods without respect for their disruption budgets.'),
    terminate_grace_period: {
      type: 'integer',
      minimum: 0,
      description: 'Seconds a pod has to end; its own when absent.',
    },
    wait_timeout: { type: 'integer', minimum: 1, default: 300, description: 'Seconds until all pods must be gone.' },
  },
} as const

const args = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', description: 'The Node; that of this host when absent.' },
    state: {
      enum: ['drain', 'cordon', 'uncordon'],
      default: 'drain',
      description: 'drain: out of service, its pods elsewhere. cordon: no new pods. uncordon: back in service.',
    },
    by: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$',
      expects: "letters, digits, '-', '_' and '.'",
      default: 'pitool',
      description: 'Who cordons: noted on the node. Only what was cordoned under this name is uncordoned.',
    },
    delete_options: deleteOptions,
    server: serverArg,
  },
} as const

export const nodeDrain = defineModule({
  name: 'node_drain',
  summary:
    'Take a node of a cluster out of service, move its pods elsewhere, or put it back, through the server. Refused where pods would be lost; only what was cordoned this way is uncordoned.',
  args,
  returns: {
    node: 'the Node',
    cordoned: 'whether it takes no new pods',
    cordoned_by: 'under which name it was cordoned; empty: not by this module',
    pods: 'the pods that were moved',
  },
  targets: args => [{ facet: 'value', name: `node:${args.name ?? ''}:cordon` }],
  *plan(args, ctx) {
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const node = yield* askNode(ctx, args.name, server)
    if ('code' in node) return { changes: [], result: {}, failed: node }
    const wish = { ...args, server }
    if (args.state === 'cordon') return cordon(node, wish)
    return args.state === 'uncordon' ? uncordon(node, wish) : yield* drain(node, wish)
  },
})

interface Wish extends From<typeof args> {
  readonly server: string
}

function cordon(node: ClusterNode, wish: Wish): Plan {
  if (node.cordoned) return unchanged(told(node), { message: 'it is cordoned already' })
  return changed([setCordon(node, wish, true)], told({ ...node, cordoned: true, cordonedBy: wish.by }))
}

function uncordon(node: ClusterNode, wish: Wish): Plan {
  const own = node.cordonedBy === wish.by
  if (own) return changed([setCordon(node, wish, false)], told({ ...node, cordoned: false, cordonedBy: undefined }))
  if (!node.cordoned) return unchanged(told(node))
  const who = node.cordonedBy === undefined ? 'somebody else cordoned it' : `it was cordoned by ${node.cordonedBy}`
  return unchanged(told(node), { message: `${who}: it stays so` })
}

/** A node that still takes pods is drained whatever it runs now: until its turn comes that may be another. */
function* drain(node: ClusterNode, wish: Wish): Asking<Plan> {
  const pods = yield* ask(on(wish.server, podsOf(node.name)))
  const refused = drainRefusal(node.name, pods, wish.delete_options)
  if (refused) return { changes: [], result: told(node), failed: refused }
  const leaving = leavingPods(pods).map(pod => pod.name)
  if (node.cordoned && leaving.length === 0) return unchanged({ ...told(node), pods: [] })
  const changes: readonly Change[] = [...(node.cordoned ? [] : [setCordon(node, wish, true)]), evict(node, wish)]
  const after = told(node.cordoned ? node : { ...node, cordoned: true, cordonedBy: wish.by })
  return changed(changes, after, {
    message: leaving.length === 0 ? 'it has no pods to move' : `moves ${leaving.join(', ')}`,
    later: { names: ['pods'], from: () => ({ pods: leaving }) },
    settle: gone(node.name, leaving, wish),
  })
}

function setCordon(node: ClusterNode, { server, by }: Wish, cordoned: boolean): Change {
  const before = { cordoned: node.cordoned, by: node.cordonedBy }
  return cordonNode({ on: server, node: node.name, cordoned, by: cordoned ? by : undefined, before })
}

function evict({ name }: ClusterNode, { server, delete_options: options }: Wish): Change {
  return drainNode({
    on: server,
    node: name,
    deleteEmptydirData: options.delete_emptydir_data,
    force: options.force,
    disableEviction: options.disable_eviction,
    gracePeriod: options.terminate_grace_period,
    within: options.wait_timeout,
  })
}

/** kubectl waits for them itself; what it believes gone must be so. */
function gone(node: string, pods: readonly string[], { server }: Wish): Settle {
  return { what: `the pods of ${node} to be gone`, within: 30, look: seen => look(seen, { node, pods, server }) }
}

interface Gone {
  readonly node: string
  readonly pods: readonly string[]
  readonly server: string
}

function* look(seen: Seen, { node, pods, server }: Gone): Asking<Settled> {
  const here = leavingPods(yield* ask(on(server, podsOf(node)))).map(pod => pod.name)
  const left = here.filter(name => pods.includes(name)).join(', ')
  if (left === '') return { done: true }
  if (!seen.last) return { waiting: `${left} to leave ${node}` }
  const hint = 'look there why they do not end (k3s kubectl describe pod); the node stays cordoned'
  throw new Failure({ code: 'drain-timeout', message: `these pods did not leave ${node}: ${left}`, hint })
}

function told(node: ClusterNode) {
  return { node: node.name, cordoned: node.cordoned, cordoned_by: node.cordonedBy ?? '' }
}
