import { exits } from '../../src/cli/exit.ts'
import { snapshotDiff } from '../lab/lab.ts'
import { type Fault, type FaultKind, faultKinds, type Scene, type Usual } from './faults.ts'
import { leftovers, prepare, roots, stateOf } from './host.ts'
import { type RandomPlay, randomPlay } from './plays.ts'
import { randomFrom } from './random.ts'
import { changedTasks, type Played, type Stage, startPlay, story, writePlay } from './stage.ts'
import { watch } from './watch.ts'

/** How an undisturbed host ends up, and what that took. */
export interface Twin {
  readonly play: RandomPlay
  readonly usual: Usual
  readonly state: ReadonlyMap<string, string>
}

/** Two hosts: one that is left in peace, one that is not. */
export interface Arena {
  readonly program: string
  readonly stage: Stage
  readonly calm: Scene
  readonly harmed: Scene
}

export interface Trial {
  readonly seed: number
  readonly playSeed: number
  readonly kind: FaultKind
}

export interface Told {
  readonly fault: string
  /** How the disturbed run ended: its exit code, null where it was killed. */
  readonly exit: number | null
  readonly ms: number
  readonly looks: number
  /** What must not be, a line each. */
  readonly broken: readonly string[]
}

export function trialOf(seed: number, playSeed: number, kind?: string): Trial {
  const found = kind === undefined ? faultKinds[seed % faultKinds.length] : faultKinds.find(one => one.kind === kind)
  if (!found) throw new Error(`no fault '${kind}'; there are: ${faultKinds.map(one => one.kind).join(', ')}`)
  return { seed, playSeed, kind: found }
}

export function playOf({ playSeed, kind }: Trial): RandomPlay {
  return randomPlay(randomFrom(playSeed).branch('play'), kind.small ? roots.small : roots.disk)
}

/** Runs a play in peace, twice: the second run must find nothing to do. */
export async function raiseTwin({ program, stage, calm }: Arena, play: RandomPlay): Promise<Twin> {
  const { host, proxy } = calm
  writePlay(stage, play)
  await prepare(host.name, play)
  const before = { ...proxy.bytes }
  const first = await run({ program, stage, scene: calm })
  const usual = {
    ms: first.ms,
    events: first.events.length,
    up: proxy.bytes.up - before.up,
    down: proxy.bytes.down - before.down,
  }
  const again = await run({ program, stage, scene: calm })
  const broken = [...wrongWith(first, 'undisturbed run'), ...restless(again), ...(await leftovers(host.name))]
  if (broken.length > 0) throw new Error(`the undisturbed run of play ${play.seed}:\n${broken.join('\n')}`)
  return { play, usual, state: await stateOf(host.name) }
}

/** One disturbed run, then one in peace: all must be as on the twin. */
export async function tryFault(arena: Arena, twin: Twin, trial: Trial): Promise<Told> {
  const { program, stage, harmed } = arena
  const fault = trial.kind.make(randomFrom(trial.seed).branch('fault'), twin.usual)
  writePlay(stage, twin.play)
  await prepare(harmed.host.name, twin.play)
  const watching = watch({ root: harmed.host.root, files: trial.kind.small ? [] : twin.play.watched })
  let disturbed: Played
  try {
    disturbed = await disturbedRun(arena, fault)
  } finally {
    await fault.undo?.(harmed)
  }
  const last = await run({ program, stage, scene: harmed })
  const seen = await watching.end()
  const again = last.code === 0 ? await run({ program, stage, scene: harmed }) : undefined
  const state = await stateOf(harmed.host.name)
  const broken = [
    ...bugs(disturbed),
    ...wrongWith(last, 'run after it'),
    ...(again ? restless(again) : []),
    ...seen.broken.map(what => `half a file: ${what}`),
    ...(await leftovers(harmed.host.name)).map(path => `left behind: ${path}`),
    ...snapshotDiff(twin.state, state).map(line => `not as the twin: ${line}`),
  ]
  const tale = broken.length > 0 ? [`disturbed run: ${story(disturbed)}`, `run after it: ${story(last)}`] : []
  return { fault: fault.text, exit: disturbed.code, ms: disturbed.ms, looks: seen.looks, broken: [...broken, ...tale] }
}

async function disturbedRun({ program, stage, harmed }: Arena, fault: Fault): Promise<Played> {
  await fault.before?.(harmed)
  const running = startPlay({ program, cwd: stage.path }, ['site.yml', '--limit', harmed.host.name])
  const striking = fault.during?.(harmed, running)
  striking?.catch(() => undefined)
  const played = await running.done
  await striking
  return played
}

interface Calm {
  readonly program: string
  readonly stage: Stage
  readonly scene: Scene
}

function run({ program, stage, scene }: Calm): Promise<Played> {
  return startPlay({ program, cwd: stage.path }, ['site.yml', '--limit', scene.host.name]).done
}

export function wrongWith(played: Played, what: string): readonly string[] {
  return played.code === 0 ? [] : [`the ${what} failed: ${story(played)}`]
}

export function restless(again: Played): readonly string[] {
  return [...wrongWith(again, 'run in peace'), ...changedTasks(again).map(name => `changed once more: ${name}`)]
}

/** A fault ends a run as a host's failure: never as our bug, never after minutes without a word. */
export function bugs(played: Played): readonly string[] {
  const { code, stderr, events, ms } = played
  const wrong =
    code === exits.mistake || code === exits.bug || (code !== null && !events.some(({ type }) => type === 'run.end'))
  return [
    ...(wrong ? [`the disturbed run ended as a bug: exit ${code} ${stderr}`] : []),
    ...(ms > 90_000 ? [`the disturbed run took ${Math.round(ms / 1000)} s to give up`] : []),
  ]
}
