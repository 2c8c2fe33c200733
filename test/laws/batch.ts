import fc, { type Arbitrary } from 'fast-check'
import { placed, type Trial } from './trial.ts'

/**
 * One trial of each module in one play, each with a folder of its own: on a real host looking at everything takes
 * longer than the trials. Made smaller, a batch loses the modules that have no part in a failure first.
 */
export function batchesOf(put: readonly Put[]): Arbitrary<Trial> {
  const trials = put.map(({ trials }) => fc.option(trials, { nil: undefined, freq: 60 }))
  return fc.tuple(...trials).map(list => together(put.map(({ module }, i) => [module, list[i]] as const)))
}

/** A module, and its trials where they are put. */
export interface Put {
  readonly module: string
  readonly trials: Arbitrary<Trial>
}

function together(list: readonly (readonly [module: string, trial: Trial | undefined])[]): Trial {
  const parts = list.flatMap(([module, trial]) => (trial === undefined ? [] : [named(module, trial)]))
  return {
    found: parts.map(({ folder, found }) => `mkdir ${folder}; ( cd ${folder}; set -e\n${found}\n)`).join('\n'),
    tasks: parts.flatMap(({ tasks }) => tasks),
    files: Object.assign({}, ...parts.map(({ files }) => files)),
    secrets: Object.assign({}, ...parts.map(({ secrets }) => secrets)),
    always: parts.flatMap(({ always = [] }) => always),
    touches: parts.flatMap(({ module, folder }) => (opaque.has(module) ? [folder] : [])),
    ...(parts.some(({ mayFail }) => mayFail) ? { mayFail: true } : {}),
    ...(parts.some(({ served }) => served) ? { served: parts.map(({ served = ':' }) => served).join('\n') } : {}),
    groups: Object.assign({}, ...parts.map(({ groups }) => groups)),
    parts: parts.map(({ module, folder, failing, secrets = {} }) => ({
      module,
      folder,
      prefix: titled(module, ''),
      failing,
      secret: Object.keys(secrets).length > 0,
    })),
  }
}

const opaque = new Set(['command', 'shell'])

interface Named extends Trial {
  readonly module: string
  readonly folder: string
  /** Tasks that fail by the trial's own wish. */
  readonly failing: readonly string[]
}

/** With its own folder, and its tasks named after it; one that fails leaves the others be. */
function named(module: string, trial: Trial): Named {
  const folder = `/law/${module}`
  const own = placed(trial, folder)
  const title = (name: unknown) => titled(module, String(name))
  return {
    ...own,
    module,
    folder,
    tasks: own.tasks.map(task => ({ ...task, name: title(task.name), ignore_errors: true })),
    failing: own.tasks.flatMap(({ name, ignore_errors }) => (ignore_errors ? [title(name)] : [])),
    always: (own.always ?? []).map(title),
  }
}

function titled(module: string, name: string): string {
  return `${module}: ${name}`
}
