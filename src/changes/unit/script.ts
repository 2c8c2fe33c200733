import { outText, type Section } from '../../core/section.ts'
import { quote } from '../../core/sh.ts'
import type { Together } from '../kind.ts'
import type { UnitSet } from '../unit-set.ts'

export const verbs = { started: 'start', stopped: 'stop', restarted: 'restart', reloaded: 'reload-or-restart' } as const

/** Nothing starts or stops: links, and what systemd reads of them. */
function isForBoot({ name, state }: UnitSet): boolean {
  return name !== '' && state === undefined
}

/** systemd reads its files once for neighbours that only come and go at boot: a second or more on a small machine. */
export function bootTogether(changes: readonly UnitSet[]): readonly Together[] {
  const groups: UnitSet[][] = []
  for (const change of changes) {
    const last = groups.at(-1)
    if (last && isForBoot(last[0]!) && isForBoot(change)) last.push(change)
    else groups.push([change])
  }
  return groups.map(group => ({ script: bootScript(group), of: group.length }))
}

function bootScript(group: readonly UnitSet[]): string {
  const [first] = group as [UnitSet, ...UnitSet[]]
  if (group.length === 1) return unitScript(first)
  const reload = 'systemctl daemon-reload'
  const each = group.map(change => `name=${quote(change.name)}\n${atBoot(change, '--no-reload ').join('\n')}`)
  const failed = `code=$?; if [ $code -ne 0 ]; then printf "\\nfailed=%s" "$name"; fi; ${reload} || :; exit $code`
  return [`trap '${failed}' EXIT`, ...each, 'trap - EXIT', reload].join('\n')
}

function atBoot({ name, enabled, masked, daemonReload }: UnitSet, quickly = ''): readonly string[] {
  const one = (verb: string) => `systemctl ${quickly}${verb} -- ${quote(name)}`
  return [
    ...(masked === false ? [one('unmask')] : []),
    ...(daemonReload ? ['systemctl daemon-reload'] : []),
    ...(enabled === undefined ? [] : [one(enabled ? 'enable' : 'disable')]),
    ...(masked === true ? [one('mask')] : []),
  ]
}

export function unitScript(change: UnitSet): string {
  const { name, enabled, masked, state, daemonReload, noBlock } = change
  const boot = atBoot(change)
  if (state === undefined) return boot.join('\n')
  const unit = quote(name)
  // A unit whose file was rewritten would be started as systemd remembers it; those before let it read all files again.
  const isRead = daemonReload || enabled !== undefined || masked !== undefined
  const fresh = `if [ "$(systemctl show -p NeedDaemonReload --value -- ${unit} 2>/dev/null)" = yes ]; then systemctl daemon-reload; fi`
  const verb = `systemctl ${noBlock ? '--no-block ' : ''}${verbs[state]} -- ${unit}`
  return [
    ...boot,
    ...(state === 'stopped' || isRead ? [] : [fresh]),
    `if ! ${verb}; then
 systemctl --no-pager --full -n 0 status -- ${unit} >&2 || :
 journalctl --no-pager -o cat -n 20 -u ${unit} >&2 || :
 exit 1; fi`,
  ].join('\n')
}

/** Which of several it was. */
export function failedIn(section: Section): string | undefined {
  return /(?:^|\n)failed=(.+)$/.exec(outText(section))?.[1]
}
