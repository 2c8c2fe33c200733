import { answerTargets } from './answers.ts'
import { frameTargets } from './frames.ts'
import type { Target } from './fuzz.ts'
import { journalTarget } from './journal.ts'
import { knownHostsTargets } from './known-hosts.ts'
import { lockTargets } from './lock.ts'

export const targets: readonly Target[] = [
  ...knownHostsTargets,
  journalTarget,
  ...lockTargets,
  ...answerTargets,
  ...frameTargets,
]
