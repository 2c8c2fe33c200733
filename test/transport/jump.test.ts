import { describe } from 'vitest'
import { testWays } from './over-jumps.ts'
import { sshdIsThere, starter } from './sshd.ts'

describe.skipIf(!sshdIsThere)('by the library', () => testWays(starter('ssh')))
