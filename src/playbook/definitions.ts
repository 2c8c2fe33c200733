import type { Item } from './model.ts'
import { visit } from './references.ts'

/** Names that tasks of a play give a value while it runs. */
export interface Definitions {
  readonly names: ReadonlySet<string>
  /** Something is brought in by a name that only a run can tell: it may define anything, and bring any handler. */
  readonly open: boolean
}

export function definitionsOf(items: readonly Item[]): Definitions {
  const names = new Set<string>()
  let open = false
  for (const { item } of visit(items)) {
    if (item.kind === 'include') {
      if (item.constant === undefined) open = true
      else if (item.what === 'vars')
        for (const name of item.load(item.constant).vars?.vars.keys() ?? []) names.add(name)
      continue
    }
    if (item.register !== undefined) names.add(item.register)
    if (item.module === 'set_fact') for (const name of item.args.keys.keys()) names.add(name)
  }
  return { names, open }
}

/** Names that exist on every host, whatever the project says. */
export const magicNames: readonly string[] = [
  'inventory_hostname',
  'inventory_hostname_short',
  'groups',
  'group_names',
  'hostvars',
  'play_hosts',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'ansible_play_batch',
  'ansible_play_name',
  'ansible_check_mode',
  'check_mode',
  'playbook_dir',
  'inventory_dir',
  'ansible_facts',
  'omit',
  'run_id',
]

/** Names that exist in the tasks of a role. */
export const roleNames: readonly string[] = ['role_name', 'role_path']

/** Names that exist in the rescue of a block. */
export const rescueNames: readonly string[] = ['ansible_failed_task', 'ansible_failed_result']
