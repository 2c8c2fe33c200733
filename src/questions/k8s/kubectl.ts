import type { ClusterObject } from '../../core/cluster-object.ts'
import { isFields } from '../../core/cluster-object.ts'
import { outText, type Section } from '../../core/section.ts'
import { badAnswer } from '../bad-answer.ts'
import { noServer } from '../k3s/nodes.ts'

/** One call of kubectl: what it printed, how it ended, what it said. */
export interface Said {
  readonly printed: string
  readonly code: number
  readonly complaint: string
}

/** Several calls in one script, each with its code and its words beside what it prints, parted by NUL. */
export function calls(commands: readonly string[]): string {
  const each = commands.map(
    command => `code=0
said=$({ ${command}; } 2>&1 >&3 3>&-) || code=$?
printf '\\000%s\\000%s\\000' "$code" "$said"`,
  )
  return `PATH=$PATH:/usr/local/bin
command -v k3s >/dev/null 2>&1 || { echo no-k3s >&2; exit 3; }
[ -e /etc/systemd/system/k3s-agent.service ] && ! [ -e /etc/systemd/system/k3s.service ] && { echo agent-only >&2; exit 3; }
exec 3>&1
${each.join('\n')}`
}

/** What so many calls gave. */
export function readCalls(section: Section, count: number, about: string): readonly Said[] {
  if (section.code !== 0) throw noServer(section)
  const parts = outText(section).split('\0')
  const whole = !section.truncated && parts.length === count * 3 + 1 && parts.at(-1) === ''
  const said = Array.from({ length: whole ? count : 0 }, (_, i) => ({
    printed: parts[i * 3]!,
    code: /^\d{1,3}$/.test(parts[i * 3 + 1]!) ? Number(parts[i * 3 + 1]) : -1,
    complaint: parts[i * 3 + 2]!,
  }))
  if (said.length !== count || said.some(({ code }) => code < 0)) throw badAnswer(about, section)
  return said
}

/** The server itself does not answer, which says nothing of the object; a webhook of it that does not is another matter. */
export function isNoAnswer({ complaint }: Said): boolean {
  if (/webhook/.test(complaint)) return false
  return /connection .*refused|Unable to connect|error loading config file|i\/o timeout|deadline exceeded|net\/http|Unauthorized|ServiceUnavailable|the server is currently unable/i.test(
    complaint,
  )
}

export function noAnswer(section: Section, { complaint }: Said) {
  return noServer({ ...section, stderr: Buffer.from(complaint), code: 4 })
}

/** An object as kubectl prints it; undefined on anything else. */
export function readObject(json: string): ClusterObject | undefined {
  try {
    const found: unknown = JSON.parse(json)
    const named = isFields(found) && typeof found.kind === 'string' && isFields(found.metadata)
    return named ? found : undefined
  } catch {
    return undefined
  }
}
