import { existsSync } from 'node:fs'

/** The shells a host's `sh` may be, as far as they are installed here. */
export const shells = (
  [
    ['dash', ['/usr/bin/dash']],
    ['bash', ['/usr/bin/bash', '--posix']],
    ['busybox ash', ['/usr/bin/busybox', 'sh']],
  ] as const
).filter(([, [program]]) => existsSync(program)) as readonly (readonly [string, readonly string[]])[]
