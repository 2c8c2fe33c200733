import { describe } from 'vitest'
import { testLogins } from './over-ssh.ts'
import { sshdIsThere, starter } from './sshd.ts'

if (!sshdIsThere) console.log('skipped: the tests over SSH, since there is no /usr/sbin/sshd (package openssh-server)')

describe.skipIf(!sshdIsThere)('over SSH by the library', () => testLogins(starter('ssh')))
