import { signalExit } from './exit.ts'

/** The way to end a run early. */
export interface Interruption {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal
  /** Aborts at the second. */
  readonly force: AbortSignal
  /** The exit code of the signal that came first; undefined when none did. */
  readonly exit: () => number | undefined
  /** Signals do what they did before again. */
  release(): void
}

const watched: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Milliseconds: npx passes on what the terminal has sent to the whole group already, so that one Ctrl-C comes twice. */
const echo = 200

/**
 * Each signal goes a step further: the first lets a run stop in order, the second ends what runs on the hosts, the next
 * ends this process at once. With one `stages` the first ends what runs, and the second this process.
 */
export function interruption(stages: 1 | 2 = 2): Interruption {
  const [first, second] = [new AbortController(), new AbortController()]
  const steps = [first, second].slice(0, stages)
  let exit: number | undefined
  let last = Number.NEGATIVE_INFINITY
  const listen = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (now - last < echo) return
    last = now
    exit ??= signalExit(signal)
    const step = steps.shift()
    if (!step) process.exit(exit)
    step.abort(signal)
  }
  for (const signal of watched) process.on(signal, listen)
  return {
    signal: first.signal,
    force: second.signal,
    exit: () => exit,
    release() {
      for (const signal of watched) process.off(signal, listen)
    },
  }
}
