import { differences } from '../snapshot.ts'
import type { Rule } from './rule.ts'

/** L1, for a check before the run and one after it. */
export const untouched: Rule = {
  law: 'L1',
  breaches: ({ before, afterCheck }) => differences(before.all, afterCheck.all),
}
