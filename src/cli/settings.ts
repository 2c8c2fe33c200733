import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Mistake } from '../core/diagnostic.ts'
import type { Settings } from '../playbook/model.ts'
import { loadSettings } from '../playbook/settings.ts'
import type { Flags } from './flags.ts'

/** The project's settings with what the command line says instead. Throws a Mistake. */
export function settingsFrom(flags: Flags, cwd: string = process.cwd()): Settings {
  const settings = loadSettings(cwd)
  const here = (path: string) => resolve(cwd, path)
  const inventory = flags.list('inventory').map(here)
  for (const path of inventory) if (!existsSync(path)) throw noInventory(path)
  const user = flags.text('user')
  const key = flags.text('private-key')
  const known = flags.text('known-hosts')
  return {
    ...settings,
    ...(inventory.length > 0 ? { inventory } : {}),
    ...(user === undefined ? {} : { remote_user: user }),
    ...(key === undefined ? {} : { private_key_file: here(key) }),
    ...(known === undefined ? {} : { known_hosts_file: here(known) }),
    ...(flags.on('accept-new') ? { host_key_checking: 'accept-new' as const } : {}),
    become: flags.on('become') || settings.become,
    connect_timeout: flags.number('timeout', 1) ?? settings.connect_timeout,
    forks: flags.number('forks', 1) ?? settings.forks,
  }
}

function noInventory(path: string): Mistake {
  const hint = 'a path after -i is relative to the folder you are in'
  return new Mistake({ code: 'missing-file', message: `there is no inventory ${path}`, hint })
}
