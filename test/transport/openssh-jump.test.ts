import { describe } from 'vitest'
import { testWays } from './over-jumps.ts'
import { sshdIsThere, starter } from './sshd.ts'

describe.skipIf(!sshdIsThere)('by the program ssh', () => testWays(starter('openssh')))
