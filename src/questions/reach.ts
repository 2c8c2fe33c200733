import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { quote } from '../core/sh.ts'
import type { QuestionKind } from './kind.ts'
import { nulParts } from './lines.ts'

export interface ReachArg {
  readonly host: string
  readonly port: number
  /** Seconds. */
  readonly timeout: number
}

/** Whether the host can make a TCP connection there. */
export function reach(host: string, port: number, timeout = 5): Question<boolean> {
  return { kind: 'reach', key: `${host}\0${port}`, arg: { host, port, timeout } satisfies ReachArg }
}

/** By whichever of bash, nc and curl the host has; sh itself cannot. busybox' nc knows no -z: it runs a program instead. */
export const reachKind: QuestionKind<ReachArg, boolean> = {
  kind: 'reach',
  open: true,
  own: true,
  sh: args => `set +e
bound() { if command -v timeout >/dev/null 2>&1; then timeout "$@"; else shift; "$@"; fi; }
try() {
 if command -v bash >/dev/null 2>&1; then bound "$3" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2"
 elif command -v nc >/dev/null 2>&1 && ! nc --help 2>&1 | grep -q BusyBox; then bound "$3" nc -z -w "$3" -- "$1" "$2"
 elif command -v curl >/dev/null 2>&1; then
  case $(curl -s -o /dev/null -w '%{time_connect}' --connect-timeout "$3" -m "$3" "telnet://$1:$2") in *[1-9]*) ;; *) return 1 ;; esac
 elif command -v nc >/dev/null 2>&1; then case $1 in -*) return 1 ;; esac; bound "$3" nc -w "$3" "$1" "$2" -e true
 else return 99; fi; }
${args.map(({ host, port, timeout }) => `try ${quote(host)} ${port} ${timeout} >/dev/null 2>&1; printf '%s\\000' $?`).join('\n')}`,
  parse: (section, args) =>
    nulParts(section, args.length, 'what it reaches').map(code => {
      if (code === '99') throw noTool()
      return code === '0'
    }),
}

function noTool(): Failure {
  return new Failure({
    code: 'unsupported',
    message: 'this host has neither bash, nc nor curl to try a connection with',
    hint: 'install one of them, or wait on another host by delegate_to',
  })
}
