import { differences } from '../snapshot.ts'
import { failedRun, type Rule } from './rule.ts'

/** L3: neither a second run nor a check after it finds anything to do, and the second run touches nothing. */
export const atRest: Rule = {
  law: 'L3',
  breaches(seen) {
    if (failedRun(seen) || seen.trial.fights) return []
    const { second, last, afterRun, afterSecond, trial } = seen
    const failing = seen.run.ends.filter(end => end.status === 'failed').map(end => end.task.name)
    // What failed, and was ignored, is tried again each time.
    const always = [...(trial.always ?? []), ...failing]
    const busy = [
      ...second.ends.map(end => ({ end, when: 'the second run' })),
      ...last.ends.map(end => ({ end, when: 'the last check' })),
    ].filter(({ end }) => !['ok', 'skipped'].includes(end.status) && !end.ignored && !always.includes(end.task.name))
    const owed = second.ends.some(end => end.status === 'changed' && trial.always?.includes(String(end.task.name)))
    const touched = owed ? [] : differences(afterRun.all, afterSecond.all).filter(line => !isLock(line))
    return [
      ...busy.map(({ end, when }) => `${end.task.name}: ${end.status} in ${when}${because(end)}`),
      ...touched.map(line => `the second run: ${line}`),
    ]
  },
}

function because({
  changes,
  diagnostic,
  unknown,
}: {
  changes: readonly unknown[]
  diagnostic?: unknown
  unknown?: string | undefined
}): string {
  return ` ${JSON.stringify(diagnostic ?? unknown ?? changes).slice(0, 600)}`
}

/** The folder of pitool's own notes, in which a run that carries anything takes its lock and gives it back. */
function isLock(line: string): boolean {
  return /^\S*\/own\S*: directory .* => directory /.test(line)
}
