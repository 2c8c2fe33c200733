import { asDecided } from './as-decided.ts'
import { asSaid } from './as-said.ts'
import { atRest } from './at-rest.ts'
import { noLeak } from './no-leak.ts'
import type { Rule } from './rule.ts'
import { untouched } from './untouched.ts'

export const rules: readonly Rule[] = [untouched, asDecided, atRest, noLeak, asSaid]
