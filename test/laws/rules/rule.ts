import type { Evidence } from '../evidence.ts'

export const laws = {
  L1: 'a check leaves the host as it was',
  L2: 'what a check decides is what a run does',
  L3: 'a second run changes nothing',
  L4: 'killed anywhere, the next run finishes the work, and no notified handler is lost',
  L5: 'a secret is found nowhere but at its destination',
  L6: 'a mistake is told before the first connection, with its place, and with all others',
  L7: 'a bad answer fails the host with a clear message, and never passes for one',
  said: 'a change does what its diff says, and nothing else',
} as const

export type Law = keyof typeof laws

/** The laws that check, run, second run and last check of one play can break. */
export const lawsOfRuns: readonly Law[] = ['L1', 'L2', 'L3', 'L5', 'said']

/** One law over what was seen: what breaks it, as lines. */
export interface Rule {
  readonly law: Law
  breaches(seen: Evidence): readonly string[]
}

/** What breaks a law. */
export interface Breach {
  readonly law: Law
  readonly what: string
}

/** It failed, so that what comes after it is promised by no law. */
export function failedRun({ run }: Evidence): boolean {
  return run.ends.some(end => !end.ignored && (end.status === 'failed' || end.status === 'unreachable'))
}
