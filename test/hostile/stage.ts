import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { canary } from './strings.ts'

/** Whatever alters a system, tells of it, or leaves the machine: here it only notes how it was called. */
const recorded =
  'systemctl journalctl useradd usermod userdel adduser deluser groupadd groupmod groupdel addgroup delgroup chpasswd ' +
  'apt-get apt-cache dpkg-query nmcli busctl k3s hostnamectl hostname reboot logger systemd-run swapoff curl wget nc ' +
  'bash sh getent timedatectl ip sleep chown probe'

/** What some of them say, so that scripts go on. */
const said: { readonly [program: string]: string } = {
  nmcli: `case "$*" in *RUNNING*) echo running;; *GENERAL.STATE*) echo '100 (connected)';; esac`,
  busctl: `echo 'o "/checkpoint/1"'`,
  curl: `while [ $# -gt 1 ]; do if [ "$1" = -o ]; then : > "$2"; fi; shift; done`,
}

/** These read what is kept from arguments. */
const listening = 'chpasswd sh k3s'

export interface Told {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
  /** Each call: the program and its arguments. */
  readonly calls: readonly (readonly string[])[]
  /** What programs were given on their standard input. */
  readonly heard: string
}

/** A folder that stands for a host: its system's files, and a folder `work` in which scripts run. */
export class Stage {
  readonly root = mkdtempSync(join(tmpdir(), 'pitool-hostile-'))
  readonly work = join(this.root, 'work')
  readonly #bin = join(this.root, 'bin')
  readonly #log = join(this.root, 'log')
  readonly #heard = join(this.root, 'heard')

  constructor() {
    mkdirSync(this.#bin)
    for (const program of recorded.split(' ')) {
      const hear = listening.split(' ').includes(program) ? `cat >> ${this.#heard}\n` : ''
      const note = `{ printf '%s\\000' ${program} "$@"; printf '\\001\\000'; } >> ${this.#log}\n`
      writeFileSync(join(this.#bin, program), `#!/bin/dash\n${note}${hear}${said[program] ?? ''}\nexit 0\n`)
      chmodSync(join(this.#bin, program), 0o755)
    }
  }

  /** As it is found by each script. */
  reset(): void {
    for (const name of readdirSync(this.root)) {
      if (name !== 'bin') rmSync(join(this.root, name), { recursive: true, force: true })
    }
    for (const folder of [
      'work',
      'run/systemd/system',
      'run/pitool',
      'etc',
      'proc/sys/kernel/random',
      'var/lib/apt/lists',
    ])
      mkdirSync(join(this.root, folder), { recursive: true })
    writeFileSync(join(this.root, 'proc/sys/kernel/random/boot_id'), '0b5a4f3e-0000-4000-8000-000000000001\n')
    writeFileSync(join(this.root, 'proc/sys/kernel/hostname'), 'host\n')
    writeFileSync(join(this.root, 'proc/swaps'), 'Filename Type Size Used Priority\n')
    writeFileSync(join(this.root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  }

  /** The same text with the folders of the system replaced by those of the stage. */
  confined(text: string): string {
    return text.replace(
      /(?<![\w/.-])\/(?=(?:run|etc|proc\/sys|proc\/swaps|var\/lib|var\/cache)(?:[/'"\s;)]|$))/g,
      `${this.root}/`,
    )
  }

  /** As the transport runs it: in a subshell under `set -e`, with input from nowhere, or from a file. */
  run(shell: readonly string[], script: string, input = '/dev/null'): Told {
    const [command, ...rest] = shell
    const text = `( eval '{ set -e\n${this.confined(script).replaceAll("'", "'\\''")}\n}' ) <${input}\n`
    const env = { PATH: `${this.#bin}:/usr/bin:/bin`, HOME: this.work, LC_ALL: 'C' }
    // Not by the path of the scripts, on which `bash` only notes.
    const done = spawnSync(`/usr/bin/${command}`, rest, { input: text, env, cwd: this.work, timeout: 20_000 })
    return {
      code: done.status ?? 255,
      stdout: done.stdout,
      stderr: done.stderr.toString(),
      calls: readNoted(this.#log),
      heard: textOf(this.#heard),
    }
  }

  /** Where an injected command has been at work. */
  canaries(): readonly string[] {
    const all = readdirSync(this.root, { recursive: true, encoding: 'utf8' })
    return all.filter(path => basename(path) === canary)
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function readNoted(log: string): readonly (readonly string[])[] {
  const calls = textOf(log).split('\x01\0').slice(0, -1)
  return calls.map(call => call.split('\0').slice(0, -1))
}
