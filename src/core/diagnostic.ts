import type { Code } from './codes.ts'
import type { Span } from './span.ts'

/** What went wrong, where, why, and what mends it. */
export interface Diagnostic {
  readonly code: Code
  readonly message: string
  readonly span?: Span | undefined
  readonly host?: string | undefined
  readonly task?: string | undefined
  /** The cure: what to type or change. */
  readonly hint?: string | undefined
  /** What the host or library said, bounded and masked. */
  readonly cause?: string | undefined
}

/** The user's mistakes: collected, shown together, before anything is touched. */
export class Mistake extends Error {
  override readonly name = 'Mistake'
  readonly diagnostics: readonly Diagnostic[]
  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(d => d.message).join('\n'))
    this.diagnostics = diagnostics
  }
}

/** A host's failure: it fails that host's task, never the run. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly diagnostic: Diagnostic
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message)
    this.diagnostic = diagnostic
  }
}

/** The connection to a host is gone or could not be made: no later task can run there. */
export class Unreachable extends Failure {}

/** A shell on a host ended in the middle of its work (a `kill`, too little memory); the connection is still there. */
export class ShellLost extends Failure {}
