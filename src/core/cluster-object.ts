/** An object of a cluster, as kubectl names it. */
export interface ObjectRef {
  /** `v1`, `apps/v1` */
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  /** Absent: `default`, where its kind has namespaces at all. */
  readonly namespace?: string | undefined
}

/** Any object, as JSON has it. */
export interface ClusterObject {
  readonly [field: string]: unknown
}

/** What the shadow keeps of an object as planned. */
export interface PlannedObject {
  /** null: it is deleted. undefined: it is altered in a way that only the server can tell. */
  readonly object: ClusterObject | null | undefined
  /** It was not there before. */
  readonly fresh: boolean
  /** Digest of the manifest that makes it so. */
  readonly digest?: string | undefined
}

/** Under this name the shadow keeps an object as planned. */
export function objectValue({ apiVersion, kind, name, namespace }: ObjectRef): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  return `k8s:${kind}.${group}/${namespace ?? 'default'}/${name}`
}

/** `PersistentVolumeClaim media/photos`, for people. */
export function shownObject({ kind, name, namespace }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

/** A part of it; undefined where it has none. */
export function fieldOf(object: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isFields(at) ? at[key] : undefined), object)
}

export function isFields(value: unknown): value is { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
