import { isOwnTaint } from '../../questions/k3s/read-nodes.ts'
import { labelName, labelValue } from './labels.ts'

const key = labelName.slice(1, -1)
const effect = '(NoSchedule|PreferNoSchedule|NoExecute)'

export const taintPattern = `^${key}(=(${labelValue.slice(1, -1)}))?:${effect}$`
export const absentPattern = `^${key}(:${effect})?$`

export interface TaintChanges {
  readonly set: readonly string[]
  /** `key:Effect` */
  readonly remove: readonly string[]
  readonly after: readonly string[]
}

/** Taints that differ from what is wanted; a key may have one taint for each effect. */
export function taintChanges(
  have: readonly string[],
  want: readonly string[],
  absent: readonly string[],
): TaintChanges {
  const wanted = new Map(want.map(plain).map(taint => [identity(taint), taint] as const))
  const unwanted = (taint: string) =>
    !wanted.has(identity(taint)) && absent.some(one => one === identity(taint) || one === keyOf(taint))
  const set = [...wanted.values()].filter(taint => !have.includes(taint))
  const gone = have.filter(unwanted)
  const kept = have.filter(taint => !gone.includes(taint) && !wanted.has(identity(taint)))
  return { set, remove: gone.map(identity), after: [...kept, ...wanted.values()].toSorted() }
}

/** Why a taint is not for us to set; undefined where it is. */
export function taintProblem(taint: string): string | undefined {
  const name = keyOf(taint)
  return isOwnTaint(name) ? `the cluster sets and takes ${name} by itself` : undefined
}

/** `key=:Effect` is what others write for `key:Effect`. */
function plain(taint: string): string {
  return taint.replace(/=:/, ':')
}

function keyOf(taint: string): string {
  return taint.replace(/[=:].*$/, '')
}

/** `key:Effect` */
function identity(taint: string): string {
  return `${keyOf(taint)}${taint.slice(taint.lastIndexOf(':'))}`
}
