/** A pod of a node, as far as it matters to who would take it from there. */
export interface NodePod {
  /** `namespace/name` */
  readonly name: string
  /** The kind of what will make it anew: ReplicaSet, DaemonSet …; empty: nothing will. */
  readonly controller: string
  /** Started from a file on the node: the server cannot take it away. */
  readonly mirror: boolean
  /** It ran to its end, well or not. */
  readonly finished: boolean
  /** It keeps files that go with it (emptyDir). */
  readonly scratch: boolean
}

/** Reads `kubectl get pods -o json`; undefined on anything else. */
export function readPods(json: string): readonly NodePod[] | undefined {
  try {
    const { items } = JSON.parse(json) as { readonly items?: unknown }
    return Array.isArray(items) ? (items as readonly PodObject[]).map(readPod) : undefined
  } catch {
    return undefined
  }
}

interface PodObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly annotations?: { readonly [name: string]: string }
    readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[]
  }
  readonly spec?: { readonly volumes?: readonly object[] }
  readonly status?: { readonly phase?: string }
}

function readPod({ metadata, spec, status }: PodObject): NodePod {
  const owner = metadata.ownerReferences?.find(one => one.controller !== false)
  return {
    name: `${metadata.namespace ?? 'default'}/${metadata.name}`,
    controller: owner?.kind ?? '',
    mirror: metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined,
    finished: status?.phase === 'Succeeded' || status?.phase === 'Failed',
    scratch: spec?.volumes?.some(volume => 'emptyDir' in volume) ?? false,
  }
}
