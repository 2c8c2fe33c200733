import type { Value } from '../../core/value.ts'

/** Hash arguments as given: `{{json x indent=2}}`. */
export type Options = { readonly [name: string]: Value }

/** A pure function of templates. It never sees an Unknown or a Secret where it reads. */
export interface Helper {
  readonly name: string
  readonly summary: string
  /** As it is written: `{{default x "y"}}`. */
  readonly usage: string
  /** Fewest and most arguments. */
  readonly takes: readonly [number, number]
  readonly options?: readonly string[]
  /**
   * `deep`: it looks at the arguments with all their parts. `shallow`: it looks at the arguments themselves; parts may
   * be Unknown or Secret and are only handed on.
   */
  readonly reads: 'deep' | 'shallow'
  /** undefined: there is no such thing, which `default` can mend. Throws BadArgument. */
  run(args: readonly Value[], options: Options): Value | undefined
}

/** A helper that cannot work with what it was given. The offending value is told apart: it may be secret. */
export class BadArgument extends Error {
  readonly code: 'wrong-type' | 'wrong-value'
  readonly hint: string | undefined
  /** Shown only where no argument is a secret. */
  readonly detail: string | undefined
  constructor(
    code: 'wrong-type' | 'wrong-value',
    message: string,
    more: { hint?: string | undefined; detail?: string | undefined } = {},
  ) {
    super(message)
    this.code = code
    this.hint = more.hint
    this.detail = more.detail
  }
}
