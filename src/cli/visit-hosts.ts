import PQueue from 'p-queue'
import type { Connection } from '../core/connection.ts'
import { type Diagnostic, Failure, Mistake, Unreachable } from '../core/diagnostic.ts'
import type { HostAnswer } from '../report/answers.ts'
import { createDialer } from '../transport/dialer.ts'
import { interruption } from './signals.ts'
import { targetOf, type Ways } from './targets.ts'

export interface Round {
  readonly hosts: readonly string[]
  readonly ways: Ways
  /** Does its work over an open connection. */
  visit(connection: Connection, signal: AbortSignal): Promise<Pick<HostAnswer, 'said' | 'note'>>
  show(answer: HostAnswer): void
}

/** Visits hosts side by side, as many at once as `forks` allows; a failure is that host's answer. Gives the exit code of a signal. */
export async function visitAll(round: Round): Promise<number | undefined> {
  const interrupted = interruption(1)
  const dialer = createDialer(host => targetOf(host, round.ways))
  const queue = new PQueue({ concurrency: round.ways.settings.forks })
  const one = async (host: string) => {
    const started = performance.now()
    const answer = await visitOne(round, () => dialer.dial(host, interrupted.signal), interrupted.signal)
    round.show({ host, ms: Math.round(performance.now() - started), ...answer })
  }
  try {
    await Promise.all(round.hosts.map(host => queue.add(() => one(host))))
    return interrupted.exit()
  } finally {
    interrupted.release()
  }
}

async function visitOne(
  round: Round,
  dial: () => Promise<Connection>,
  signal: AbortSignal,
): Promise<Omit<HostAnswer, 'host' | 'ms'>> {
  let connection: Connection | undefined
  try {
    connection = await dial()
    return await round.visit(connection, signal)
  } catch (error) {
    return { diagnostic: diagnosticOf(error), unreachable: error instanceof Unreachable }
  } finally {
    await connection?.close().catch(() => undefined)
  }
}

function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof Failure) return error.diagnostic
  if (error instanceof Mistake && error.diagnostics[0]) return error.diagnostics[0]
  throw error
}
