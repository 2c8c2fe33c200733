import { onHost } from '../scenarios/stage/cluster.ts'

interface Item {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: object
    readonly annotations?: object
    readonly ownerReferences?: readonly { readonly kind: string }[]
  }
  readonly spec?: { readonly taints?: readonly object[]; readonly unschedulable?: boolean; readonly nodeName?: string }
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly nodeInfo?: { readonly kubeletVersion?: string }
  }
  readonly data?: object
}

/** What a cluster holds, without what goes on by itself as heartbeats do: a line each. */
export async function ofServer(
  server: string,
  kinds: 'nodes and pods' | 'secrets' = 'nodes and pods',
): Promise<readonly string[]> {
  if (kinds === 'secrets') return (await items(server, 'secrets')).map(secretLine)
  return [...(await items(server, 'nodes')).map(nodeLine), ...(await items(server, 'pods')).map(podLine)]
}

async function items(server: string, kind: string): Promise<readonly Item[]> {
  const text = await onHost(server, `cat /var/lib/rancher/k3s/server/standin/${kind}.json 2>/dev/null || echo '{}'`)
  return (JSON.parse(text) as { items?: readonly Item[] }).items ?? []
}

function nodeLine({ metadata, spec, status }: Item): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown'
  const more = {
    labels: sorted(metadata.labels),
    annotations: sorted(metadata.annotations),
    taints: spec?.taints ?? [],
    cordoned: spec?.unschedulable === true,
    version: status?.nodeInfo?.kubeletVersion,
  }
  return `node ${metadata.name} Ready=${ready} ${JSON.stringify(more)}`
}

function podLine({ metadata, spec }: Item): string {
  const owner = metadata.ownerReferences?.[0]?.kind ?? 'nobody'
  return `pod ${metadata.namespace}/${metadata.name} of ${owner} on ${spec?.nodeName ?? 'no node'}`
}

function secretLine({ metadata, data }: Item): string {
  return `secret ${metadata.namespace}/${metadata.name} ${JSON.stringify(sorted(data))}`
}

function sorted(map: object = {}): object {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same without the names and places that evicted pods are given anew. */
export function standing(line: string): string {
  return line.replace(/^(pod \S+?)(-[a-z0-9]+)? of (\S+) on (?!n-drain).*/, '$1 of $3, elsewhere')
}
