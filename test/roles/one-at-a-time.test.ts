import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modules } from '../../src/modules/index.ts'
import { loadProject } from '../../src/playbook/index.ts'
import type { Item, Play } from '../../src/playbook/model.ts'

const root = join(import.meta.dirname, '..', '..')
const { plays, inventory } = loadProject({ cwd: root, playbooks: ['playbooks/site.yml'], modules, extraVars: [] })

function tasks(items: readonly Item[]): readonly string[] {
  return items.flatMap(item =>
    item.kind === 'task'
      ? [item.module]
      : item.kind === 'block'
        ? tasks([...item.block, ...item.rescue, ...item.always])
        : [],
  )
}
const mayReboot = (play: Play) => play.sections.some(section => tasks(section).includes('reboot'))
const servers = inventory.groups.get('server')!

describe('site.yml', () => {
  it('reboots', () => expect(plays.filter(mayReboot).length).toBeGreaterThan(0))
  it.each(plays.filter(mayReboot).map(play => [play.name, play] as const))(
    '%s never takes the server down beside a worker',
    (_, play) => {
      const both = play.hosts.some(host => servers.includes(host)) && play.hosts.length > 1
      if (both) expect(play.serial).toEqual([1])
    },
  )
  it.each(plays.filter(mayReboot).map(play => [play.name, play] as const))(
    '%s never takes all that share the DNS address down at once',
    (_, play) => {
      const shared = inventory.groups.get('dns')!
      expect(shared.length).toBeGreaterThan(1)
      if (play.hosts.filter(host => shared.includes(host)).length > 1) expect(play.serial).toEqual([1])
    },
  )
})
