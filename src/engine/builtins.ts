import type { Diagnostic } from '../core/diagnostic.ts'
import { Unknown } from '../core/unknown.ts'
import type { Value, Vars } from '../core/value.ts'
import type { Expression, Scope } from '../language/scope.ts'
import type { Task } from '../playbook/model.ts'
import { truth } from './decide.ts'
import type { HostState } from './host.ts'
import { failure, skipped, type TaskOutcome, undecided } from './outcome.ts'

/** A task that the engine does itself: no host is asked. */
export interface Builtin {
  readonly task: Task
  readonly args: Vars
  readonly scope: Scope
  readonly state: HostState
  readonly verbosity: number
}

/** The modules that are declared like all others but done here, since they are about the run and not about a host. */
export const builtins: ReadonlyMap<string, (call: Builtin) => TaskOutcome> = new Map([
  ['set_fact', setFact],
  ['debug', debug],
  ['assert', assert],
  ['fail', fail],
])

function setFact({ args, state }: Builtin): TaskOutcome {
  const { cacheable: _, ...facts } = args
  for (const [name, value] of Object.entries(facts)) state.register(name, value)
  return { status: 'ok', result: { changed: false, ansible_facts: facts }, changes: [] }
}

function debug({ task, args, scope, verbosity }: Builtin): TaskOutcome {
  const from = Number(args.verbosity ?? 0)
  if (from > verbosity) return skipped(`shown with -${'v'.repeat(from)}`)
  const [named] = task.expressions.get('var') ?? []
  const value = named ? named.evaluate(scope) : (args.msg ?? 'Hello world!')
  const name = named === undefined ? 'msg' : String(args.var)
  return {
    status: 'ok',
    result: { changed: false, [name]: value },
    changes: [],
    message: shown(named === undefined ? '' : `${name}: `, value),
  }
}

function shown(label: string, value: Value): string {
  return (
    label +
    (typeof value === 'string' || value instanceof Unknown ? String(value) : JSON.stringify(value, undefined, 1))
  )
}

function assert({ task, args, scope }: Builtin): TaskOutcome {
  for (const condition of task.expressions.get('that') ?? []) {
    const holds = truth(condition, scope)
    if (holds instanceof Unknown) return undecided(holds)
    if (!holds) return failure(broken(condition, args), { assertion: condition.text, evaluated_to: false })
  }
  const said = args.success_msg ?? 'All assertions passed'
  return { status: 'ok', result: { changed: false, msg: said }, changes: [] }
}

function broken({ text: said, span }: Expression, args: Vars): Diagnostic {
  const wanted = args.fail_msg ?? args.msg
  if (wanted === undefined || wanted === null)
    return { code: 'assertion-failed', message: `assertion failed: ${said}`, span }
  return { code: 'assertion-failed', message: String(wanted), span, hint: `${said} is false` }
}

function fail({ args, task }: Builtin): TaskOutcome {
  const said = args.msg === undefined ? 'Failed as requested from task' : String(args.msg)
  return failure({ code: 'task-failed', message: said, span: task.span })
}
