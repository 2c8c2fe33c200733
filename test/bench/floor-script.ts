import { quote } from '../../src/core/sh.ts'
import type { Step, StepOf } from './step.ts'

/**
 * The workload as somebody would write it by hand for sh: looks first, many things at once where a program allows it.
 * `$1` is the host's name, `$2` is `check` to change nothing. Its last line is how much differs.
 */
export function floorScript(steps: readonly Step[]): string {
  return [
    head,
    ...steps.filter(step => step.kind === 'directory').map(step => `dir ${quote(step.path)}`),
    ...steps.flatMap(oneByOne),
    services(of(steps, 'service').map(step => step.name)),
    packages(of(steps, 'package').map(step => step.name)),
    'echo "$n"\n',
  ].join('\n')
}

function of<Kind extends Step['kind']>(steps: readonly Step[], kind: Kind): readonly StepOf<Kind>[] {
  return steps.filter((step): step is StepOf<Kind> => step.kind === kind)
}

const head = `set -eu
umask 022
export DEBIAN_FRONTEND=noninteractive
host=$1 check=\${2-} n=0
change() { n=$((n + 1)); [ -z "$check" ]; }
dir() { if [ ! -d "$1" ] && change; then mkdir -p "$1"; fi; }
put() {
  if [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; then return; fi
  if change; then printf '%s\\n' "$2" >"$1"; fi
}
line() { if ! grep -qsxF -e "$2" "$1" && change; then printf '%s\\n' "$2" >>"$1"; fi; }
link() { if [ "$(readlink "$1" || true)" != "$2" ] && change; then ln -sfn "$2" "$1"; fi; }`

function oneByOne(step: Step): readonly string[] {
  switch (step.kind) {
    case 'file':
      return [put(step.path, quote(trimmed(step.text)))]
    case 'template':
      return [put(step.path, quote(trimmed(step.text)).replace('{{ inventory_hostname }}', `'"$host"'`))]
    case 'line':
      return [`line ${quote(step.path)} ${quote(step.line)}`]
    case 'group':
      return [`if ! getent group ${step.name} >/dev/null && change; then groupadd -r ${step.name}; fi`]
    case 'user':
      return [
        `if ! getent passwd ${step.name} >/dev/null && change; then useradd -r -M -g ${step.group} ${step.name}; fi`,
      ]
    case 'mask':
      return [`link ${quote(`/etc/systemd/system/${step.unit}`)} /dev/null`]
    case 'link':
      return [`link ${quote(step.path)} ${quote(step.target)}`]
    case 'answer':
      return [put(step.path, `"$(${step.command})"`)]
    case 'command':
      return [`if [ ! -e ${quote(step.creates)} ] && change; then ${step.command}; fi`]
    // Sent beforehand; here it is only looked at.
    case 'tree':
      return [`if [ "$(find ${quote(step.path)} -type f | wc -l)" != ${step.count} ]; then n=$((n + 1)); fi`]
    case 'blob':
      return [`if [ "$(stat -c %s ${quote(step.path)})" != ${step.megabytes * 1_000_000} ]; then n=$((n + 1)); fi`]
    default:
      return []
  }
}

const trimmed = (text: string) => text.replace(/\n$/, '')
const put = (path: string, value: string) => `put ${quote(path)} ${value}`

function services(names: readonly string[]): string {
  if (names.length === 0) return ''
  const units = names.join(' ')
  return `active=$(systemctl is-active ${units} | sort -u)
enabled=$(systemctl is-enabled ${units} 2>/dev/null | sort -u)
if [ "$active/$enabled" != active/enabled ] && change; then systemctl daemon-reload && systemctl -q enable --now ${units}; fi`
}

function packages(names: readonly string[]): string {
  if (names.length === 0) return ''
  const all = names.join(' ')
  const count = `dpkg-query -W -f '\${db:Status-Status}\\n' ${all} 2>/dev/null | grep -cx installed || true`
  return `if [ "$(${count})" != ${names.length} ] && change; then apt-get install -qq -y ${all} >/dev/null; fi`
}
