/** What the process ends with; the table stands in docs/cli.md. */
export const exits = {
  well: 0,
  /** The user's mistake, found before anything was touched. */
  mistake: 1,
  failed: 2,
  /** `--check --detailed-exitcode` only. */
  pending: 3,
  unreachable: 4,
  /** Our own bug. */
  bug: 70,
} as const

/** Ended by a signal, as shells count it. */
export function signalExit(signal: NodeJS.Signals): number {
  return 128 + ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal as string] ?? 2)
}
