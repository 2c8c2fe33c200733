import type { Question } from '../core/question.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'
import { nulParts } from './lines.ts'

export interface HostnameAnswer {
  /** What /etc/hostname says, so what the next boot will take; '' where there is none. */
  readonly static: string
  /** What the kernel says now. */
  readonly running: string
  /** cloud-init is there and would set the name again at the next boot. */
  readonly cloudInit: boolean
  /** cloud-init writes /etc/hosts anew at each boot. */
  readonly managedHosts: boolean
}

export function hostnameState(): Question<HostnameAnswer> {
  return { kind: 'hostname', key: '', arg: null }
}

export const hostname: QuestionKind<null, HostnameAnswer> = {
  kind: 'hostname',
  sh: () => `n=
if [ -r /etc/hostname ]; then while IFS= read -r l || [ -n "$l" ]; do case $l in ''|'#'*) ;; *) n=$l; break;; esac; done </etc/hostname; fi
IFS= read -r r </proc/sys/kernel/hostname
c=; m=
if [ -f /etc/cloud/cloud.cfg ] && [ ! -e /etc/cloud/cloud-init.disabled ]; then
 c=resets
 set -- /etc/cloud/cloud.cfg /etc/cloud/cloud.cfg.d/*.cfg; if [ ! -e "$2" ]; then set -- "$1"; fi
 last() { k=$1; shift; grep -hE "^$k:" "$@" 2>/dev/null | tail -n 1; }
 case $(last preserve_hostname "$@") in *[Tt]rue*) c=keeps;; esac
 case $(last manage_etc_hosts "$@") in *[Tt]rue*|*template*) m=1;; esac
fi
printf '%s\\000%s\\000%s\\000%s\\000' "$n" "$r" "$c" "$m"`,
  parse(section, args) {
    const [name, running, cloud, hosts] = nulParts(section, 4, 'the hostname')
    if (running === '') throw badAnswer('the hostname', section)
    return args.map(() => ({
      static: name!.trim(),
      running: running!,
      cloudInit: cloud === 'resets',
      managedHosts: hosts === '1',
    }))
  },
  predict(shadow, _arg, actual) {
    if (actual === undefined) return undefined
    const planned = shadow.values.get('hostname')
    const kept = shadow.values.get('hostname:preserved') === true
    const named = typeof planned === 'string' ? { static: planned, running: planned } : {}
    return { ...actual, ...named, ...(kept ? { cloudInit: false } : {}) }
  },
}
