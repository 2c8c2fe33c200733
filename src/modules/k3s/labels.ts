/** Rules of Kubernetes for the names and values of labels (RFC 1123 subdomain as prefix, 63 characters a part). */
const part = '[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?'
const subdomain = '[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*'

export const labelName = `^(${subdomain}/)?${part}$`
export const labelValue = `^(${part})?$`

/** Names that the kubelet may set of itself although they lie in Kubernetes' own domains. */
const selfSet = new Set([
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
])

/** Why a label's name or value is not one; undefined where it is. */
export function labelProblem(name: string, value?: string): string | undefined {
  const prefix = name.includes('/') ? name.slice(0, name.indexOf('/')) : ''
  if (!new RegExp(labelName).test(name) || prefix.length > 253) {
    return `'${name}' is no label name: letters, digits, '-', '_' and '.', at most 63, after an optional 'domain/'`
  }
  if (value !== undefined && !new RegExp(labelValue).test(value)) {
    return `'${value}' is no label value: at most 63 letters, digits, '-', '_' and '.', or nothing`
  }
  return undefined
}

/** Set by an agent of itself, this label ends it: only the server may set it. */
export function isRestricted(name: string): boolean {
  const slash = name.indexOf('/')
  if (slash < 0 || selfSet.has(name)) return false
  const domain = name.slice(0, slash)
  if (!/(^|\.)(kubernetes|k8s)\.io$/.test(domain)) return false
  return !/(^|\.)(kubelet|node)\.kubernetes\.io$/.test(domain)
}

/** Labels that differ from what is wanted: those to set, and those to take away. */
export function labelChanges(
  have: Readonly<Record<string, string>>,
  want: Readonly<Record<string, string>>,
  absent: readonly string[],
): { readonly set: Readonly<Record<string, string>>; readonly remove: readonly string[] } {
  const set = Object.fromEntries(Object.entries(want).filter(([name, value]) => have[name] !== value))
  return { set, remove: absent.filter(name => name in have && !(name in want)) }
}
