import type { Question } from '../core/question.ts'
import { outText, type Section } from '../core/section.ts'
import type { Unknown } from '../core/unknown.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

/** What the running kernel offers to containers. */
export interface CgroupAnswer {
  readonly version: 1 | 2
  readonly controllers: readonly string[]
}

const kind = 'host.cgroup'

export function cgroup(): Question<CgroupAnswer> {
  return { kind, key: '', arg: null }
}

// Under version 2 /proc/cgroups says nothing: without CONFIG_MEMCG_V1 it has no memory row even when all works.
const script = `
if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
  IFS= read -r all < /sys/fs/cgroup/cgroup.controllers || :
  printf '2 %s\\n' "$all"
else
  mounted=
  while read -r from at type how rest; do [ "$type" = cgroup ] && mounted="$mounted,$how"; done < /proc/mounts
  on=
  while read -r name hierarchy groups enabled; do
    [ "$enabled" = 1 ] || continue
    case "$mounted," in *",$name,"*) on="$on $name" ;; esac
  done < /proc/cgroups
  printf '1%s\\n' "$on"
fi
`

export const cgroupKind: QuestionKind<null, CgroupAnswer> = {
  kind,
  sh: () => script,
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
  // A planned reboot starts the kernel anew.
  predict: shadow => shadow.values.get('kernel') as Unknown | undefined,
}

function read(section: Section): CgroupAnswer {
  const [version, ...controllers] = outText(section).trim().split(/\s+/)
  if (version !== '1' && version !== '2') {
    throw badAnswer('its control groups', section)
  }
  return { version: version === '1' ? 1 : 2, controllers }
}
