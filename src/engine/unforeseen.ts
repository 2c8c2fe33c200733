import { Failure } from '../core/diagnostic.ts'
import type { Module } from '../core/module.ts'
import { findUnknown, type Unknown } from '../core/unknown.ts'
import type { Value, Vars } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import { coerceArgs } from '../playbook/args.ts'
import { builtins } from './builtins.ts'
import { predicts, type Standing, siteOf } from './ground.ts'
import { type TaskOutcome, undecided } from './outcome.ts'
import type { Attempt } from './show.ts'
import { taint } from './taint.ts'

/** What a check cannot tell: the task's targets, or everything after it, are in doubt from here on. */
export function unforeseen(at: Attempt, unknown: Unknown): TaskOutcome {
  const { task, batch, state, scope } = at
  if (!predicts(at))
    throw new Failure({ code: 'evaluation-failed', message: `not known: ${unknown.reason}`, span: task.span })
  if (task.module === 'set_fact') for (const name of task.args.entries.keys()) state.register(name, unknown)
  const module = batch.modules.get(task.module)
  if (module && !builtins.has(module.name)) {
    const what = `${task.module} at ${task.span.source.file}`
    taint(siteOf(at).acting.shadow, targetsOf(module, renderTree(task.args, scope), task), what)
  }
  return undecided(unknown)
}

function targetsOf(
  module: Module,
  rendered: Value,
  task: Standing['task'],
): ReturnType<NonNullable<Module['targets']>> {
  const known = Object.fromEntries(Object.entries((rendered ?? {}) as Vars).filter(([, value]) => !findUnknown(value)))
  const coerced = coerceArgs(module, known as Value, task.args)
  if ('problems' in coerced) return []
  return module.targets?.(coerced.args) ?? []
}
