import type { Carry, ChangeKind, Together } from '../changes/kind.ts'
import type { Change } from '../core/change.ts'
import type { HostState } from './host.ts'
import { type Site, stateOf } from './site.ts'

export interface Step {
  readonly change: Change
  readonly kind: ChangeKind
  readonly carry: Carry
  readonly state: HostState
  /** It is a coming task's. */
  readonly joins?: boolean
  /** Of a coming task whose words `no_log` hides. */
  readonly isHushed?: boolean
}

/** Locks and notes: what a run does for itself. */
export function isLedger({ kind }: Change): boolean {
  return kind.startsWith('lock.') || kind.startsWith('pending.')
}

export function titleOf(batch: readonly Step[]): string {
  return batch
    .filter(({ change }) => !isLedger(change))
    .map(({ kind, change, isHushed }) => (isHushed ? 'what no_log hides' : kind.diff(change).summary))
    .join(', then ')
}

export function stepOf(site: Site, change: Change): Step {
  const kind = site.kinds.changes.get(change.kind)
  if (!kind) throw new Error(`no change kind '${change.kind}' is known to the engine`)
  return { change, kind, carry: kind.carry(change), state: stateOf(site, change.on) }
}

/** Runs of neighbours that may share a frame. */
export function batches(steps: readonly Step[]): readonly (readonly Step[])[] {
  const batches: Step[][] = []
  for (const step of steps) {
    const last = batches.at(-1)
    const other = last?.at(-1)
    if (last && other?.state === step.state && !alone(other) && !alone(step)) last.push(step)
    else batches.push([step])
  }
  return batches
}

export function alone({ carry, kind, change }: Step): boolean {
  return carry.own === true || carry.input !== undefined || kind.confirm !== undefined || change.kind === 'reboot'
}

/** Steps that one script does. */
export interface Run {
  readonly script: string
  readonly steps: readonly Step[]
}

/** Questions may follow it in its channel. */
export function isStill(step: Step): boolean {
  return !alone(step) || (step.carry.still === true && step.kind.confirm === undefined)
}

/** The channel it had for itself may be that of the next such one. */
export function isQuiet(batch: readonly Step[]): boolean {
  return batch.every(step => isLedger(step.change) || (step.carry.still === true && isStill(step)))
}

/** Neighbours of one kind that it can do together ride in one script: a task's own ones, and those that join it. */
export function together(batch: readonly Step[]): readonly Run[] {
  const [first] = batch
  if (!first) return []
  const end = batch.findIndex(step => step.kind !== first.kind || step.joins !== first.joins)
  const alike = end < 0 ? batch : batch.slice(0, end)
  const scripts: readonly Together[] =
    alike.length > 1 && first.kind.together
      ? first.kind.together(alike.map(step => step.change))
      : alike.map(step => ({ script: step.carry.script, of: 1 }))
  const left = [...alike]
  const runs = scripts.map(({ script, of }) => ({ script, steps: left.splice(0, of) }))
  return [...runs, ...together(batch.slice(alike.length))]
}
