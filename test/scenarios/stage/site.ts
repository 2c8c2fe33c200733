import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type LabHost, lab } from '../../lab/lab.ts'

const root = resolve(import.meta.dirname, '../../..')

/** A project in a folder of its own, as a user has it. */
export interface Site {
  readonly path: string
  write(name: string, text: string, mode?: number): string
  read(name: string): string
  remove(): void
}

export type HostVars = Readonly<Record<string, unknown>>

/** An empty project; JSON is YAML, so playbooks and inventories may be given as values. */
export function makeSite(files: Readonly<Record<string, unknown>> = {}): Site {
  const path = mkdtempSync(join(tmpdir(), 'pitool-scenario-'))
  const site: Site = {
    path,
    write(name, text, mode = 0o644) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text, { mode })
      return file
    },
    read: name => readFileSync(join(path, name), 'utf8'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
  site.write('pitool.yml', '{}\n')
  for (const [name, content] of Object.entries(files)) {
    site.write(name, typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 1)}\n`)
  }
  return site
}

/** How the lab's hosts are reached. */
export const reach = () => ({
  user: 'pi',
  private_key_file: lab.keyFile,
  known_hosts_file: lab.knownHostsFile,
})

/** An inventory of lab hosts, with more variables a host and groups where wanted. */
export function inventoryOf(
  hosts: readonly LabHost[],
  more: {
    readonly vars?: HostVars
    readonly hosts?: Readonly<Record<string, HostVars>>
    readonly groups?: Readonly<Record<string, readonly string[]>>
  } = {},
): object {
  const own = hosts.map(({ name, address }) => [name, { host: address, ...more.hosts?.[name] }])
  const groups = Object.entries(more.groups ?? {}).map(([group, names]) => [
    group,
    { hosts: Object.fromEntries(names.map(name => [name, {}])) },
  ])
  return {
    all: { vars: { ...reach(), ...more.vars }, hosts: Object.fromEntries(own), children: Object.fromEntries(groups) },
  }
}

/** The addresses of the example inventory, by name. */
const example = {
  'pi-k3s': '192.168.1.55',
  'pi5-worker-1': '192.168.1.54',
  'pi3-worker-1': '192.168.1.53',
  'pi3-worker-2': '192.168.1.51',
} as const
export const exampleNames = Object.keys(example) as (keyof typeof example)[]

/** The project as it ships, with the lab's hosts in the places of the real ones. */
export function exampleSite(hosts: readonly LabHost[], vars: HostVars = {}): Site {
  const site = makeSite()
  for (const folder of ['playbooks', 'inventory'])
    cpSync(join(root, folder), join(site.path, folder), { recursive: true })
  let inventory = site.read('inventory/hosts.yml')
  for (const [name, address] of Object.entries(example)) {
    const host = hosts.find(one => one.name === name)
    if (!inventory.includes(`${name}: { host: ${address} }`)) throw new Error(`the example inventory lost ${name}`)
    inventory = host
      ? inventory.replace(`{ host: ${address} }`, `{ host: ${host.address} }`)
      : inventory.replace(new RegExp(`^ *${name}:.*\\n`, 'gm'), '')
  }
  site.write('inventory/hosts.yml', inventory)
  const { user: _, ...ways } = reach()
  const lines = Object.entries({ ...ways, ...vars }).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
  site.write('inventory/group_vars/all.yml', site.read('inventory/group_vars/all.yml') + lines.join(''))
  return site
}
