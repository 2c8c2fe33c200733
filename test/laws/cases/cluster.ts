import type { NodePod } from '../../../src/questions/k3s/pods.ts'

/** What is found of a Node without a machine behind it: the server alone knows of it. */
export interface FoundNode {
  readonly labels?: { readonly [name: string]: string }
  /** As kubectl has them: `key=value:Effect`. */
  readonly taints?: readonly string[]
  readonly cordoned?: boolean
  /** Who noted that. */
  readonly by?: string | undefined
}

/** Shell text for the server: the Node is as said, whatever it was. */
export function servedNode(name: string, { labels = {}, taints = [], cordoned, by }: FoundNode): string {
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels, annotations: by === undefined ? {} : { 'pitool/cordoned-by': by } },
    spec: { taints: taints.map(taint), ...(cordoned ? { unschedulable: true } : {}) },
    // Nobody waits for its heartbeat.
    status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NoMachine', message: 'it has no machine' }] },
  }
  return [
    `k3s kubectl delete node ${name} --ignore-not-found >/dev/null`,
    `k3s kubectl apply -f - >/dev/null <<'EOF'\n${JSON.stringify(node)}\nEOF`,
  ].join('\n')
}

function taint(text: string) {
  const [, key, value, effect] = /^([^=:]+)(?:=([^:]*))?:(.+)$/.exec(text)!
  return { key, ...(value ? { value } : {}), effect }
}

/** Shell text for the server: these are all pods. */
export function servedPods(node: string, pods: readonly NodePod[]): string {
  const items = pods.map(({ name, controller, mirror, finished, scratch }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: name.split('/')[0],
      name: name.split('/')[1],
      ...(mirror ? { annotations: { 'kubernetes.io/config.mirror': 'x' } } : {}),
      ...(controller === '' ? {} : { ownerReferences: [{ kind: controller, name: 'x', uid: '1', controller: true }] }),
    },
    spec: { nodeName: node, volumes: scratch ? [{ name: 'a', emptyDir: {} }] : [] },
    status: { phase: finished ? 'Succeeded' : 'Running' },
  }))
  const state = '/var/lib/rancher/k3s/server/standin'
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  return `cat >${state}/pods.json.new <<'EOF'\n${list}\nEOF\nmv ${state}/pods.json.new ${state}/pods.json`
}
