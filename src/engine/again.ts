import { setTimeout as sleep } from 'node:timers/promises'
import type { Change } from '../core/change.ts'
import type { Identity, ShellProcess } from '../core/connection.ts'
import { type Diagnostic, Failure, Unreachable } from '../core/diagnostic.ts'
import type { ShownChange } from '../core/event.ts'
import type { HostState } from './host.ts'
import { mend, mended, patience } from './mend.ts'
import type { TaskOutcome } from './outcome.ts'
import type { Attempt } from './show.ts'
import type { Site } from './site.ts'

/** Where changes were being carried when the way to them was lost. */
interface Scene {
  readonly state: HostState
  readonly identity: Identity
  /** The shell that carried them; it may be at it still. */
  readonly process: ShellProcess | undefined
  readonly changes: readonly Change[]
  /** In words. */
  readonly title: string
  readonly lost: Failure
}

/** The connection or the shell was lost during a change: whether it was done, only the next look can tell. */
export class OutcomeUnknown extends Failure {
  readonly scene: Scene
  /** What the whole task set out to change. */
  shown: readonly ShownChange[] = []
  constructor(scene: Scene) {
    super(diagnosticOf(scene))
    this.scene = scene
  }
}

function diagnosticOf({ state, title, lost }: Scene): Diagnostic {
  const what = lost instanceof Unreachable ? 'connection' : 'shell'
  return {
    ...lost.diagnostic,
    code: 'outcome-unknown',
    host: state.name,
    message: `the ${what} was lost during: ${title}; whether it was done is unknown`,
    hint: 'run it again: the next look finds what is left to do',
    cause: lost.diagnostic.cause ?? lost.diagnostic.message,
  }
}

/**
 * Looks again at what was cut off: over a new connection, once what was running has come to its end, the task is planned
 * anew. Nothing left to do: it was done. Else what is left is carried.
 */
export async function untilKnown(
  at: Attempt,
  site: Site,
  act: (at: Attempt) => Promise<TaskOutcome>,
): Promise<TaskOutcome> {
  let before: OutcomeUnknown | undefined
  for (let losses = 1; ; losses++) {
    try {
      const outcome = await act({ ...at, before })
      return before ? doneAll(before, outcome) : outcome
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error
      if (losses > patience.losses) throw new Unreachable(error.diagnostic)
      await lookAgain(at, site, error)
      before = error
    }
  }
}

/** What a plan made anew finds done was done by this task. */
export function doneAll({ shown }: Pick<OutcomeUnknown, 'shown'>, outcome: TaskOutcome): TaskOutcome {
  if (outcome.status !== 'ok' && outcome.status !== 'changed') return outcome
  return { ...outcome, status: 'changed', result: { ...outcome.result, changed: true }, changes: shown }
}

async function lookAgain(at: Attempt, site: Site, unknown: OutcomeUnknown): Promise<void> {
  const { state, lost } = unknown.scene
  try {
    await mend(at.batch, state, lost)
    await untilEnded(at, site, unknown)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    throw new Unreachable({ ...unknown.diagnostic, cause: `${unknown.diagnostic.cause}; ${error.diagnostic.message}` })
  }
}

/** Seconds. */
const longest = 600

/** What was running when the way to it was lost goes on to its end, and is not joined by a second one. */
async function untilEnded(at: Attempt, site: Site, unknown: OutcomeUnknown): Promise<void> {
  const { state, identity, process, title } = unknown.scene
  if (!process) return
  const started = performance.now()
  const look = async () => {
    const age = Math.floor((performance.now() - process.since) / 1000)
    const shell = await state.shell(identity)
    const [section] = await shell.frame([leftText(process.target, age)], { ...site.frame, timeout: 30 })
    return section!.stdout.length > 0
  }
  while (await mended(site, state, look)) {
    const elapsed = (performance.now() - started) / 1000
    if (elapsed > (site.carrying.timeout ?? longest)) {
      const cause = `it still runs there, as process group ${Math.abs(process.target)}`
      throw new Failure({ ...unknown.diagnostic, cause, hint: 'see on the host what it waits for, then run again' })
    }
    at.onWait(`the end of what the lost connection left running: ${title}`, elapsed)
    await sleep(1000, undefined, { signal: at.batch.deps.signal }).catch(() => undefined)
  }
}

/**
 * Prints something while a process group (a negative number) or a process runs anything; a shell of ours that is left
 * there idle is ended. A host that has been up for a shorter time than that shell has no more of it.
 */
export function leftText(target: number, age: number): string {
  const [field, of] = target < 0 ? ['$3', -target] : ['$2', target]
  return `read -r up rest < /proc/uptime || exit 0
[ "\${up%%.*}" -ge ${age} ] || exit 0
busy= idle=
for f in /proc/[0-9]*/stat; do
  read -r s < "$f" || continue
  p=\${s%% *}
  set -- \${s##*) }
  if [ "$1" = Z ]; then continue; fi
  if [ "$p" = ${of} ]; then idle=1; elif [ "${field}" = ${of} ]; then busy=1; fi
done 2>/dev/null
if [ -n "$busy" ]; then echo busy; elif [ -n "$idle" ]; then kill -TERM ${target} 2>/dev/null || :; fi`
}

/** A change that may have been made, is wanted still, and must not be made twice. */
export function refuseTwice(before: OutcomeUnknown): Failure {
  const { diagnostic, scene } = before
  const again = scene.lost instanceof Unreachable ? 'the connection is there again' : 'there is another shell'
  return new Failure({
    ...diagnostic,
    cause: `${diagnostic.cause}; ${again}, and it no longer runs there`,
    hint: 'see on the host whether it did its work, then run again; with `creates` or `removes` the task can tell by itself',
  })
}
