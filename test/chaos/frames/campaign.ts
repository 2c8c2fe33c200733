import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { lab } from '../../lab/lab.ts'
import { type Played, type Running, startPlay, story } from '../stage.ts'
import { bugs, wrongWith } from '../trial.ts'
import type { Ground } from './ground.ts'
import { type Course, type Point, pointsOf, type Wanted, wordsOf } from './points.ts'
import type { Boundary, Orders } from './strike.ts'
import { struckProgram } from './struck-program.ts'
import { leaderOf, strikeDown, type Victim } from './victims.ts'

export interface Plan extends Wanted {
  /** Only these. */
  readonly points?: readonly Point[] | undefined
  /** No new strike is begun after so many. */
  readonly seconds: number
  say(line: string): void
}

/** How it went with one victim. */
export interface Tally {
  tried: number
  /** The run never came there, or nobody was there to be killed. */
  missed: number
  readonly broken: string[]
}

export interface Outcome {
  readonly boundaries: number
  readonly points: number
  readonly tallies: ReadonlyMap<Victim, Tally>
}

const hostsFile = join(lab.state, 'hosts.json')

/** Strikes at every boundary of every frame of a play, and after random bytes; on several hosts that are alike, side by side. */
export async function strikeEverywhere(grounds: readonly Ground[], program: string, plan: Plan): Promise<Outcome> {
  const ground = grounds[0]!
  const course = await followed(ground)
  const end = performance.now() + plan.seconds * 1000
  const points = plan.points ?? pointsOf(course, plan)
  const { boundaries, bytes } = course
  plan.say(
    `${ground.name}: ${boundaries.length} boundaries, ${bytes.up} bytes up, ${bytes.down} down; ${points.length} strikes`,
  )
  const tallies = new Map(plan.victims.map(victim => [victim, { tried: 0, missed: 0, broken: [] } as Tally]))
  const queue = points.values()
  const lane = async (ground: Ground) => {
    for (const point of queue) {
      if (performance.now() > end) break
      await strike(ground, point)
    }
  }
  const strike = async (ground: Ground, point: Point) => {
    const { text, missed, broken } = await struckOnce(ground, program, point)
    const tally = tallies.get(point.victim)!
    if (missed) tally.missed += 1
    else tally.tried += 1
    const word = broken.length > 0 ? 'BROKEN' : missed ? 'missed' : 'ok    '
    plan.say(`${word}  ${ground.name} ${wordsOf(point)}: ${text}`)
    if (broken.length === 0) return
    tally.broken.push([`npm run chaos -- --frames ${ground.name} --at ${wordsOf(point)}`, ...broken].join('\n'))
    plan.say(tally.broken.at(-1)!)
  }
  await Promise.all(grounds.map(lane))
  return { boundaries: boundaries.length, points: points.length, tallies }
}

/** A run that nobody strikes, by the program that could be: it ends as the twin did. */
async function followed(ground: Ground): Promise<Course> {
  const { proxy } = ground.scene
  await ground.fresh()
  const before = { ...proxy.bytes }
  const played = await struckRun(ground).running.done
  const bytes = { up: proxy.bytes.up - before.up, down: proxy.bytes.down - before.down }
  const broken = [...wrongWith(played, 'run that nobody struck'), ...(await ground.wrong())]
  if (broken.length > 0) throw new Error(broken.join('\n'))
  return { boundaries: boundariesOf(ground), bytes }
}

async function struckOnce(ground: Ground, program: string, point: Point) {
  await ground.fresh()
  const watching = ground.watch()
  const { disturbed, where, missed } = await disturb(ground, point)
  const last = await startPlay({ program, cwd: ground.stage.path }, ground.args).done
  const seen = await watching.end()
  const broken = [
    ...bugs(disturbed),
    ...wrongWith(last, 'run after it'),
    ...seen.broken.map(what => `half a file: ${what}`),
    ...(await ground.wrong()),
  ]
  const tale = broken.length > 0 ? [`disturbed run: ${story(disturbed)}`, `run after it: ${story(last)}`] : []
  const text = `${where}; exit ${disturbed.code} after ${Math.round(disturbed.ms)} ms, then ${Math.round(last.ms)} ms`
  return { text, missed, broken: [...broken, ...tale] }
}

async function disturb(ground: Ground, point: Point) {
  if ('bytes' in point) {
    const killed = { processes: undefined as number | undefined }
    const disturbed = await atBytes(ground, point, count => {
      killed.processes = count
    })
    const where = killed.processes === undefined ? 'never came there' : `${killed.processes} killed`
    return { disturbed, where, missed: !killed.processes }
  }
  const { victim, boundary: at, wait } = point
  const disturbed = await struckRun(ground, { at, victim, wait }).running.done
  const found = boundariesOf(ground).find(({ struck }) => struck !== undefined)
  const where = found
    ? `frame ${found.frame} of ${found.user} on ${found.host}, ${found.struck} killed`
    : 'never came there'
  return { disturbed, where, missed: !found?.struck }
}

function struckRun(ground: Ground, strike?: Orders['strike']): { readonly running: Running } {
  const log = logOf(ground)
  rmSync(log, { force: true })
  const orders: Orders = { log, hosts: hostsFile, strike }
  const env = { PITOOL_STRIKE: JSON.stringify(orders) }
  return { running: startPlay({ program: struckProgram, cwd: ground.stage.path, env }, ground.args) }
}

async function atBytes(
  ground: Ground,
  { victim, direction, bytes }: Extract<Point, { readonly bytes: number }>,
  struck: (processes: number) => void,
): Promise<Played> {
  const { proxy, host } = ground.scene
  const { running } = struckRun(ground)
  proxy.atBytes(direction, bytes, () => {
    if (victim !== 'control') struck(strikeDown(victim, leaderOf(host.name, hostsFile)))
    else struck(running.child.kill('SIGKILL') ? 1 : 0)
  })
  try {
    return await running.done
  } finally {
    proxy.atBytes(direction, 0)
  }
}

const logOf = ({ stage }: Ground) => join(stage.path, '.boundaries')

function boundariesOf(ground: Ground): readonly Boundary[] {
  try {
    const lines = readFileSync(logOf(ground), 'utf8').split('\n').slice(0, -1)
    return lines.map(line => JSON.parse(line) as Boundary)
  } catch {
    return []
  }
}
