/** Part of the program that is struck: counts the boundaries of its frames and strikes at one of them. */
import { appendFileSync } from 'node:fs'
import { leaderOf, pause, strikeDown, type Victim } from './victims.ts'

/**
 * Where a frame stands: before any of it is sent, after a part of it is (most have one), after its answer was read.
 */
export type Moment = 'before' | 'sent' | 'answered'

/** What the program is told, in PITOOL_STRIKE. */
export interface Orders {
  /** Where boundaries are written down, a line each. */
  readonly log: string
  /** The lab's list of hosts, with the first process of each. */
  readonly hosts: string
  readonly strike?: undefined | { readonly at: number; readonly victim: Victim; readonly wait: number }
}

export interface Boundary {
  readonly number: number
  readonly moment: Moment
  readonly host: string
  /** Whose shell. */
  readonly user: string
  readonly frame: number
  /** Since the program began. */
  readonly ms: number
  /** Set where it was struck: how many processes died. */
  readonly struck?: number
}

const orders = JSON.parse(process.env.PITOOL_STRIKE ?? 'null') as Orders | null
let boundaries = 0
let frames = 0

export interface Frame {
  readonly number: number
  readonly host: string
  readonly user: string
}

export function newFrame(host: string, user: string): Frame {
  frames += 1
  return { number: frames, host, user }
}

export function come(moment: Moment, { number: frame, host, user }: Frame): void {
  if (!orders) return
  boundaries += 1
  const boundary: Boundary = { number: boundaries, moment, host, user, frame, ms: performance.now() }
  const tell = (more: Partial<Boundary> = {}) =>
    appendFileSync(orders.log, `${JSON.stringify({ ...boundary, ...more })}\n`)
  const { strike } = orders
  if (strike?.at !== boundaries) {
    tell()
    return
  }
  // What was sent has its effect there, while nothing goes on here.
  pause(strike.wait)
  if (strike.victim === 'control') {
    tell({ struck: 1 })
    process.kill(process.pid, 'SIGKILL')
    pause(10_000)
  } else tell({ struck: strikeDown(strike.victim, leaderOf(host, orders.hosts)) })
}
