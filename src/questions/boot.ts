import type { Question } from '../core/question.ts'
import { outText, type Section } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

/** Which boot a host is in, since when, and with which kernel command line. */
export interface BootAnswer {
  readonly bootId: string
  /** The host's clock, seconds since 1970. */
  readonly clock: number
  /** When this boot began, by the same clock. */
  readonly bootedAt: number
  /** What the kernel was started with. */
  readonly cmdline: string
}

const kind = 'host.boot'

export function boot(): Question<BootAnswer> {
  return { kind, key: '', arg: null }
}

// The first process's start, not the uptime: in a container the uptime is the machine's.
const script = `
read -r id < /proc/sys/kernel/random/boot_id
read -r up rest < /proc/uptime
IFS= read -r first < /proc/1/stat
IFS= read -r line < /proc/cmdline || :
printf '%s\\n' "$id" "$(date +%s)" "$up" "$first" "$line"
`

export const bootKind: QuestionKind<null, BootAnswer> = {
  kind,
  sh: () => script,
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
}

function read(section: Section): BootAnswer {
  const [bootId = '', clock, uptime, first = '', cmdline = ''] = outText(section).split('\n')
  const ticks = Number(first.slice(first.lastIndexOf(')') + 2).split(' ')[19])
  const now = Number(clock)
  const age = Number(uptime) - ticks / 100
  if (!/^[0-9a-f-]{36}$/.test(bootId) || !Number.isInteger(now) || !Number.isFinite(age)) {
    throw badAnswer('its boot', section)
  }
  return { bootId, clock: now, bootedAt: now - age, cmdline }
}
