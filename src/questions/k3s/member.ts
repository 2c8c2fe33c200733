import type { Question } from '../../core/question.ts'
import { outText, type Section } from '../../core/section.ts'
import type { Shadow } from '../../core/shadow.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'

/** What a host itself knows of its part in a k3s cluster. */
export interface MemberAnswer {
  readonly role: 'server' | 'agent' | 'none'
  /** Its unit is running, which proves no membership: an agent retries for ever inside. */
  readonly active: boolean
  /** The name of its Node: from its arguments or config.yaml, else the hostname. */
  readonly node: string
  readonly hostname: string
  /** `uname -m`. */
  readonly machine: string
}

const kind = 'k3s.member'
export const agentUnit = 'k3s-agent.service'
export const agentUnitPath = `/etc/systemd/system/${agentUnit}`

export function k3sMember(): Question<MemberAnswer> {
  return { kind, key: '', arg: null }
}

// Only the line of the name is taken out of config.yaml: the others may be secret.
const script = `
role=none unit=
for one in agent server; do
  case $one in agent) file=k3s-agent.service ;; *) file=k3s.service ;; esac
  if [ -f /etc/systemd/system/$file ]; then role=$one unit=$file; fi
done
active=no
if [ -n "$unit" ] && systemctl is-active --quiet "$unit" 2>/dev/null; then active=yes; fi
printf '%s\\n' "$role" "$active" "$(uname -n)" "$(uname -m)"
if [ -n "$unit" ]; then
  for file in /etc/rancher/k3s/config.yaml /etc/rancher/k3s/config.yaml.d/*.yaml; do
    if [ -f "$file" ]; then sed -n 's/^node-name:[[:space:]]*/config /p' "$file"; fi
  done
  sed -n '/^ExecStart=/,/[^\\\\]$/p' "/etc/systemd/system/$unit" | tr '\\\\\\n' '  ' | sed 's/^/exec /'
  echo
fi
`

export const k3sMemberKind: QuestionKind<null, MemberAnswer> = {
  kind,
  // Files and units that other changes make decide it.
  open: true,
  sh: () => script,
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
  predict: (shadow, _, actual) => actual && underShadow(shadow, actual),
}

function read(section: Section): MemberAnswer {
  const [role, active, hostname = '', machine = '', ...lines] = outText(section).trimEnd().split('\n')
  if ((role !== 'server' && role !== 'agent' && role !== 'none') || hostname === '' || machine === '') {
    throw badAnswer('k3s on this host', section)
  }
  const named = nodeName(lines) ?? shortName(hostname)
  return { role, active: active === 'yes', node: named, hostname, machine }
}

/** Arguments win over config.yaml, as in k3s; of several values the last counts. */
function nodeName(lines: readonly string[]): string | undefined {
  const exec = lines.find(line => line.startsWith('exec '))
  const argument = [...(exec ?? '').matchAll(/--node-name['"]?(?:=|\s+)['"]?([A-Za-z0-9.-]+)/g)].at(-1)?.[1]
  const configured = lines
    .filter(line => line.startsWith('config '))
    .at(-1)
    ?.slice('config '.length)
  const name = argument ?? configured?.replace(/\s+#.*$/, '').replace(/^(['"])(.*)\1\s*$/, '$2')
  return name === undefined || name.trim() === '' ? undefined : name.trim().toLowerCase()
}

function shortName(hostname: string): string {
  return hostname.split('.')[0]!.toLowerCase()
}

/** An agent that is only planned has no Node yet. */
function underShadow(shadow: Shadow, actual: MemberAnswer): MemberAnswer | Unknown {
  const joins = shadow.units.has(agentUnit) || shadow.files.has(agentUnitPath)
  if (joins && !actual.active) return new Unknown('the node joins when its agent is started')
  const hostname = shadow.values.get('hostname')
  if (typeof hostname !== 'string' || actual.node !== shortName(actual.hostname)) return actual
  return { ...actual, hostname, node: shortName(hostname) }
}
