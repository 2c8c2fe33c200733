/** What the shadow keeps of a cluster's node as planned, by these names; and the note that pitool leaves on it. */
export const nodeValue = {
  /** PlannedCordon */
  cordon: (node: string) => `node:${node}:cordon`,
  /** true: its pods were moved elsewhere. */
  drained: (node: string) => `node:${node}:drained`,
  /** All its taints: `key=value:Effect`. */
  taints: (node: string) => `node:${node}:taints`,
}

export interface PlannedCordon {
  readonly cordoned: boolean
  readonly by: string | undefined
}

/** The annotation of a node that pitool cordoned. */
export const cordonedByNote = 'pitool/cordoned-by'
