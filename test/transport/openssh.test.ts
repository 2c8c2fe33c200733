import { describe } from 'vitest'
import { testLogins } from './over-ssh.ts'
import { sshdIsThere, starter } from './sshd.ts'

describe.skipIf(!sshdIsThere)('over SSH by the program ssh', () => testLogins(starter('openssh')))
