import type { Change, Outcome } from '../core/change.ts'
import type { Plan } from '../core/module.ts'
import type { Task } from '../playbook/model.ts'
import type { Deps, JournalChange, JournalTask } from './deps.ts'
import type { Told } from './joining.ts'
import { noteLedger } from './ledger.ts'
import { type Site, stateOf } from './site.ts'

/** A task whose plan is about to be carried. */
export interface Entry {
  readonly task: Task
  readonly ref: JournalTask
  readonly plan: Plan
}

/** What is written down while plans are carried: in the journal, in the host's ledger, and for those that asked to be told. */
export interface Record extends Told {
  onCarried(change: Change, outcome: Outcome): void
  onDoubt(change: Change): void
}

/** Begins with what is planned. */
export function recordOf(deps: Deps, site: Site, entries: readonly Entry[]): Record {
  const host = site.acting.name
  const carried = new Map<Change, Outcome>()
  const doubtful = new Set<Change>()
  const owners = new Map(entries.flatMap(entry => entry.plan.changes.map(change => [change, entry] as const)))
  for (const { task, ref, plan } of entries) {
    if (plan.changes.length === 0) continue
    deps.journal({ type: 'planned', host, task: ref, changes: plan.changes.map(change => lineOf(task, site, change)) })
  }
  return {
    carried,
    doubtful,
    onCarried(change, outcome) {
      carried.set(change, outcome)
      noteLedger(site, change)
      const owner = owners.get(change)
      if (owner) deps.journal({ type: 'carried', host, task: owner.ref, change: lineOf(owner.task, site, change) })
    },
    onDoubt(change) {
      doubtful.add(change)
      noteLedger(site, change, true)
    },
  }
}

function lineOf({ keywords }: Task, site: Site, change: Change): JournalChange {
  const shown = site.kinds.changes.get(change.kind)!.diff(change)
  const summary = keywords.no_log ? 'hidden by no_log' : shown.summary
  return { kind: change.kind, host: stateOf(site, change.on).name, summary }
}
