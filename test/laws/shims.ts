import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The programs that scripts of ours call here. */
const programs =
  'awk base64 basename busybox cat chgrp chmod chown cmp cp cut date dd dirname env expr find getent grep head id install ln ls mkdir mktemp mv od openssl printf readlink rm rmdir sed sh sha256sum sleep sort stat sync tail test touch tr true wc xargs'

/** Programs in front of the real ones: they note what they were called with, and can end the shell that calls them. */
export interface Shims {
  /** What a script has to begin with so that it calls them. */
  readonly question: string
  readonly change: string
  /** Arguments and environment of every program called since. */
  noted(): string
  /** At how many places changes could have been killed since: before each program they call, and after it. */
  places(): number
  forget(): void
  /** At the n-th place from now the shell of a change and all that it runs are killed. */
  killAt(n: number | undefined): void
  /** It has happened. */
  readonly killed: boolean
}

export function makeShims(folder: string): Shims {
  const [log, fuse] = [join(folder, 'log'), join(folder, 'fuse')]
  for (const side of ['question', 'change']) {
    const bin = join(folder, side)
    mkdirSync(bin, { recursive: true })
    for (const program of programs.split(' ')) {
      const real = realOf(program)
      if (real === undefined) continue
      writeFileSync(join(bin, program), shimText({ program, real, log, fuse: side === 'change' ? fuse : undefined }))
      chmodSync(join(bin, program), 0o755)
    }
  }
  const read = (path: string) => (existsSync(path) ? readFileSync(path, 'latin1') : '')
  const path = (side: string) => `PATH=${join(folder, side)}:$PATH; export PATH\n`
  return {
    question: path('question'),
    change: path('change'),
    noted: () => read(log),
    places: () => 2 * (read(log).split('\u0001change ').length - 1),
    forget: () => rmSync(log, { force: true }),
    killAt: n => (n === undefined ? rmSync(fuse, { force: true }) : writeFileSync(fuse, `${n}\n`)),
    get killed() {
      return read(fuse).trim() === '0'
    },
  }
}

function realOf(program: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/sbin', '/sbin'].map(folder => join(folder, program)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

interface Shim {
  readonly program: string
  readonly real: string
  readonly log: string
  readonly fuse: string | undefined
}

/** Builtins alone, so that it is fast; the process group is the one that the shell of the connection leads. */
function shimText({ program, real, log, fuse }: Shim): string {
  const note = `{ printf '\\001${fuse === undefined ? 'question' : 'change'} ${program}'; printf ' %s' "$@"; echo; export -p; } >>${log}`
  if (fuse === undefined) return `#!/bin/sh\n${note}\nexec ${real} "$@"\n`
  return `#!/bin/sh
n=0; if [ -e ${fuse} ]; then read n <${fuse}; fi
burn() { echo 0 >${fuse}; read s </proc/$$/stat; set -- \${s##*) }; kill -9 -$3; }
if [ "$n" = 1 ]; then burn; fi
${note}
if [ "$n" = 2 ]; then ${real} "$@"; burn; fi
if [ "$n" -gt 2 ]; then echo $((n-2)) >${fuse}; fi
exec ${real} "$@"
`
}
