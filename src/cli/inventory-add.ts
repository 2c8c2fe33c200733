import { accessSync, constants, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { Mistake } from '../core/diagnostic.ts'
import { type Addition, addHost, type NewHost } from '../playbook/index.ts'
import type { Settings } from '../playbook/model.ts'
import { toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import { type Flags, usage } from './flags.ts'
import { hostScope } from './host-scope.ts'
import { openDisk } from './secret-keys.ts'
import { settingsFrom } from './settings.ts'

const example = 'pitool inventory add HOST --address ADDRESS --group GROUP [--label k=v]'

/** `pitool inventory add HOST --address A --group G`: one line more in the inventory's file. Gives the exit code. */
export async function addToInventory([, name]: readonly string[], flags: Flags): Promise<number> {
  const settings = settingsFrom(flags)
  const host = newHost(name, flags)
  const disk = await openDisk(flags)
  const bare = addHost(settings, { ...host, labels: {} }, disk)
  const inherited = Object.keys(host.labels).length === 0 ? {} : labelsOf(bare, host.name)
  const added = Object.keys(host.labels).length === 0 ? bare : addHost(settings, withLabels(host, inherited), disk)
  write(added.path, added.text)
  tell(added, { host, inherited, settings })
  return exits.well
}

function newHost(name: string | undefined, flags: Flags): NewHost {
  if (name === undefined) throw usage('which host is to be added?', example)
  if (!/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name)) {
    throw usage(`'${name}' is no name of a host`, "letters, digits, '-', '.' and '_'")
  }
  const address = flags.text('address')
  if (address === undefined) throw usage(`how is ${name} reached?`, `--address ADDRESS: ${example}`)
  if (!/^[A-Za-z0-9:][A-Za-z0-9.:_%-]*$/.test(address))
    throw usage(`'${address}' is no address`, 'an IP address or a name')
  const group = flags.text('group')
  if (group === undefined) throw usage(`which group does ${name} go into?`, '`pitool inventory --graph` shows them')
  return { name, address, group, labels: Object.fromEntries(flags.list('label').map(label)) }
}

function label(text: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z0-9][A-Za-z0-9._/-]*)=([A-Za-z0-9._-]*)$/.exec(text) ?? []
  if (name === undefined || value === undefined) throw usage(`'${text}' is no label`, '--label hardware=pi5')
  return [name, value]
}

type Labels = NewHost['labels']

/** Those that its groups give it: a host's own `node_labels` would replace them. */
function labelsOf({ inventory }: Addition, name: string): Labels {
  const found = hostScope({ inventory }, name).get('node_labels')
  const entries = typeof found === 'object' && found !== null ? Object.entries(found) : []
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function withLabels(host: NewHost, inherited: Labels): NewHost {
  return { ...host, labels: { ...inherited, ...host.labels } }
}

function write(path: string, text: string): void {
  try {
    accessSync(path, constants.W_OK)
    writeFileSync(path, text)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new Mistake({
      code: 'missing-file',
      message: `${path} cannot be written`,
      cause,
      hint: 'look at its mode and owner',
    })
  }
}

interface Told {
  readonly host: NewHost
  readonly inherited: Labels
  readonly settings: Settings
}

function tell(added: Addition, { host, inherited, settings }: Told): void {
  const groups = added.inventory.hosts.get(host.name)?.groups ?? []
  const kept = Object.keys(inherited).filter(name => !(name in host.labels))
  const playbook = relative(process.cwd(), settings.playbook)
  const lines = [
    `${added.place}: ${added.written}`,
    `groups: ${groups.join(', ')}`,
    ...(kept.length === 0
      ? []
      : [`labels of its groups stand beside, since the host's own replace them: ${kept.join(', ')}`]),
    `next: pitool play ${playbook} --limit ${host.name} --check`,
  ]
  toStdout(lines.map(line => `${line}\n`).join(''))
}
