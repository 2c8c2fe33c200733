import type { Code } from '../core/codes.ts'
import type { Plan } from '../core/module.ts'
import { PatternError } from '../core/pattern.ts'
import type { Vars } from '../core/value.ts'

/** The host is in a state that is an error: nothing is carried. */
export function failed(code: Code, message: string, hint?: string, result: Vars = {}): Plan {
  return { changes: [], result, failed: { code, message, ...(hint === undefined ? {} : { hint }) } }
}

/** A user's pattern that is none ends the task with the place; any other error goes on. */
export function badPattern(error: unknown): Plan {
  if (!(error instanceof PatternError)) throw error
  return failed('wrong-value', error.message, error.hint)
}

/** A host whose accounts nothing can alter: told in a check too. */
export function fixedAccounts(): Plan {
  const message = 'this host has no program that alters accounts'
  return failed(
    'unsupported',
    message,
    "make the account where the host's image is made; useradd comes with the package passwd",
  )
}
