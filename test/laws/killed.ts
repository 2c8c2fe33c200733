import fc, { type Arbitrary } from 'fast-check'
import type { Looked } from './hold.ts'
import { type Parts, playOf, type Ran } from './play.ts'
import { type Breach, failedRun } from './rules/rule.ts'
import type { FileState, Snapshot } from './snapshot.ts'
import { placed, type TaskText, type Trial } from './trial.ts'
import type { World } from './world.ts'

/** A play that is cut short, and how far in: 0 at its beginning, 1 at its end. */
export interface KilledTrial {
  readonly trial: Trial
  readonly at: number
  /** At which steps the runs after it are cut short as well, one after the other. */
  readonly again: readonly number[]
}

/** How the runs of trials are cut short. */
export interface Cuts {
  /** How many runs after the first, at most. */
  readonly again: number
}

/** What is owed shows on the host: a handler that leaves a file. */
const witness: TaskText = { name: 'witness', copy: { content: 'was here\n', dest: '/law/witness' } }

/** Plays whose second run has nothing to do, with a handler that all of their tasks notify. */
export function killable(trials: Arbitrary<Trial>, cuts: Cuts = { again: 0 }): Arbitrary<KilledTrial> {
  const notifying = (trial: Trial): Trial => ({
    ...trial,
    tasks: trial.tasks.map(witnessed),
    handlers: [...(trial.handlers ?? []), witness],
  })
  // Most doubles between 0 and 1 are next to 0.
  const at = fc.noBias(fc.integer({ min: 0, max: 1000 })).map(thousandth => thousandth / 1000)
  const again = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: cuts.again, size: 'max' })
  return fc.tuple(trials, at, again).map(([trial, at, again]) => ({ trial: notifying(trial), at, again }))
}

/** Whether a whole run leaves a state that any other comes to as well. */
export function endsSomewhere({ fights, mayFail, always }: Trial): boolean {
  return !fights && !mayFail && !always?.length
}

/** A block notifies nobody: its tasks do. */
function witnessed(task: TaskText): TaskText {
  const parts = (['block', 'rescue', 'always'] as const).flatMap(name => {
    const tasks = task[name] as readonly TaskText[] | undefined
    return tasks === undefined ? [] : [[name, tasks.map(witnessed)] as const]
  })
  if (parts.length > 0) return { ...task, ...Object.fromEntries(parts) }
  return { ...task, notify: [...notices(task), 'witness'] }
}

function notices({ notify }: TaskText): readonly string[] {
  return typeof notify === 'string' ? [notify] : []
}

/** A world in which a run can be cut short; `steps`: how many places for that the last whole run had. */
export interface Cutting {
  begin(): void
  steps(): number
  /** From now on at that step; never where undefined. */
  cutAt(step: number | undefined): void
  readonly cut: boolean
}

/** L4: what a whole run comes to is what a killed run and the next one come to together. */
export async function killedAndAgain(
  world: World,
  cutting: Cutting,
  { parts, killed }: { readonly parts: Parts; readonly killed: KilledTrial },
): Promise<Looked> {
  const here = placed(killed.trial, world.root)
  const play = playOf(world, parts, here)
  const look = () => world.lasting?.() ?? world.snapshot()
  try {
    await world.prepare(here.found, here.served)
    cutting.begin()
    const whole = await play.run(false)
    const steps = cutting.steps()
    const wanted = await look()
    // What fails, or does something at every run, has no state that it comes to.
    if (failedRun({ run: whole } as never) || !endsSomewhere(here))
      return { ended: 'failed', vague: false, untried: ['L4'], breaches: [] }
    if (steps === 0) return { ended: 'ok', vague: false, untried: ['L4'], breaches: [], ...sharesOf(here, whole, []) }
    await world.prepare(here.found, here.served)
    cutting.cutAt(1 + Math.min(steps - 1, Math.floor(killed.at * steps)))
    const first = await play.run(false)
    const cut = cutting.cut
    for (const step of killed.again) {
      cutting.cutAt(step)
      await play.run(false)
    }
    cutting.cutAt(undefined)
    const next = await play.run(false)
    const came = await look()
    const rest = await play.run(false)
    const what = [...unlike(wanted, came), ...unfinished(next, 'the next run'), ...restless(rest)]
    const breaches = what.map((what): Breach => ({ law: 'L4', what: `${cut ? 'killed' : 'not killed'}: ${what}` }))
    return {
      ended: first.ends.length > 0 ? 'changed' : 'ok',
      vague: !cut,
      untried: cut ? [] : ['L4'],
      breaches,
      ...(cut ? sharesOf(here, whole, breaches) : {}),
    }
  } finally {
    cutting.cutAt(undefined)
    play.close()
  }
}

/** A part is put to the law where it had something to change, and that went well. */
function sharesOf({ parts }: Trial, { ends }: Ran, breaches: readonly Breach[]): Pick<Looked, 'parts'> {
  if (parts === undefined) return {}
  return {
    parts: parts.map(({ module, prefix, folder }) => {
      const own = ends.filter(({ task }) => String(task.name).startsWith(prefix)).map(({ status }) => status)
      const ended = own.includes('failed') ? 'failed' : own.includes('changed') ? 'changed' : 'ok'
      const mine = breaches.filter(({ what }) => what.includes(prefix) || what.includes(`${folder}/`))
      const untried = ended === 'changed' || mine.length > 0 ? [] : (['L4'] as const)
      return { module, ended, vague: false, untried, broken: mine.map(({ law }) => law) } as const
    }),
  }
}

function unfinished({ ends }: Ran, when: string): readonly string[] {
  const bad = ends.filter(({ status, ignored }) => !ignored && (status === 'failed' || status === 'unreachable'))
  return bad.map(
    ({ task, status, diagnostic }) =>
      `${when}: ${task.name} ${status}: ${diagnostic?.code}: ${diagnostic?.message} ${diagnostic?.cause ?? ''}`,
  )
}

function restless(ran: Ran): readonly string[] {
  const busy = ran.ends.filter(({ status, ignored }) => !ignored && status === 'changed')
  return [
    ...unfinished(ran, 'the run after it'),
    ...busy.map(
      ({ task, changes }) => `${task.name}: changed in the run after it ${JSON.stringify(changes).slice(0, 300)}`,
    ),
  ]
}

/** Times and numbers of files do not count; what a run keeps of its own must be all gone or all there. */
function unlike(wanted: Snapshot, came: Snapshot): readonly string[] {
  const names = [...new Set([...wanted.files.keys(), ...came.files.keys()])]
  const files = names.filter(name => shape(wanted.files.get(name)) !== shape(came.files.get(name)))
  const own = [...new Set([...wanted.all.keys(), ...came.all.keys()])].filter(
    name => /^[^/]|\/own\/.*\/(pending\/|lock)/.test(name) && wanted.all.has(name) !== came.all.has(name),
  )
  return [
    ...files.map(
      name => `${name}: a whole run leaves ${shape(wanted.files.get(name))}, here it is ${shape(came.files.get(name))}`,
    ),
    ...own.map(name => `${name} ${came.all.has(name) ? 'is left' : 'is gone'}`),
  ]
}

function shape(state: FileState | undefined): string {
  if (state === undefined) return 'nothing'
  const { type, mode, uid, gid, target = '', content } = state
  return `${type} ${mode} ${uid}:${gid} ${target} ${content === undefined ? '' : JSON.stringify(content.toString())}`
}
