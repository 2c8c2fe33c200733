import { isAbsolute, resolve } from 'node:path'
import { type Diagnostic, Mistake } from '../core/diagnostic.ts'
import { checkConnections } from './check-connections.ts'
import { checkPlays, checkTags, hostsIn } from './check-project.ts'
import { type Disk, disk } from './disk.ts'
import { constantOf } from './early.ts'
import { readExtraVars } from './extra-vars.ts'
import { type Hosts, namesLocalhost, withLocalhost } from './hosts-of-play.ts'
import { readInventory } from './inventory/load-inventory.ts'
import type { Inventory, ModuleSpec, Project, Settings, VarLayer } from './model.ts'
import { matchPattern } from './pattern.ts'
import type { ReadPlay } from './play.ts'
import { noOuter, playbookFolders, readPlaybook } from './playbook-file.ts'
import { Problems } from './problems.ts'
import { ProjectFiles } from './project-files.ts'
import { visit } from './references.ts'
import type { Loader } from './scene.ts'
import { loadSettings } from './settings.ts'

export interface ProjectOptions {
  readonly cwd: string
  /** What the command line says instead of pitool.yml. */
  readonly settings?: Partial<Settings>
  /** Relative to cwd, or to the project's root; empty: the settings' playbook. */
  readonly playbooks?: readonly string[]
  readonly limit?: string
  readonly tags?: readonly string[]
  readonly skipTags?: readonly string[]
  /** As given to -e. */
  readonly extraVars?: readonly string[]
  readonly modules: readonly ModuleSpec[]
  /** The folder of the roles that ship with the package. */
  readonly builtinRoles?: string
  readonly disk?: Disk
}

/** A whole project, read and checked. Throws one Mistake with everything that is wrong. */
export function loadProject(options: ProjectOptions): Project {
  const on = options.disk ?? disk
  const settings: Settings = { ...loadSettings(options.cwd, on), ...options.settings }
  const problems = new Problems()
  const warnings: Diagnostic[] = []
  const extra = problems.attempt(() => readExtraVars(options.extraVars ?? [], options.cwd, on)) ?? noExtra
  const loader = loaderOf(options, { settings, problems, warnings, extra, on })
  const paths = findPlaybooks(options, loader)
  const reading = { files: loader.files, problems, warnings }
  const { inventory, localhost } = readInventory(settings, playbookFolders(paths, loader.files), reading)
  const hosts: Hosts = { inventory, localhost, limit: limited(options, { inventory, localhost }, problems) }
  const read = paths.flatMap(path => readPlaybook({ path, loader, hosts, outer: noOuter }))
  const seen = usesLocalhost(read) ? withLocalhost(hosts) : inventory
  checkPlays(read, { loader, inventory: seen, extra })
  checkConnections(hostsIn(read, seen), extra, problems)
  checkTags(read, loader.selection, problems)
  problems.throwIfAny()
  return { settings, inventory: seen, plays: read.map(({ play }) => play), extra, warnings }
}

const noExtra: VarLayer = { origin: '-e', rank: 'extra vars', vars: new Map() }

interface Begun {
  readonly settings: Settings
  readonly problems: Problems
  readonly warnings: Diagnostic[]
  readonly extra: VarLayer
  readonly on: Disk
}

function loaderOf(
  { modules, builtinRoles, tags = [], skipTags = [] }: ProjectOptions,
  { settings, problems, warnings, extra, on }: Begun,
): Loader {
  return {
    settings,
    files: new ProjectFiles(settings.root, on, problems),
    problems,
    warnings,
    modules: new Map(modules.map(module => [module.name, module])),
    rolesPath: [...settings.roles_path, ...(builtinRoles === undefined ? [] : [builtinRoles])],
    selection: { tags, skip: skipTags },
    extra: extra.vars,
  }
}

/** Absolute paths of the playbooks asked for. */
function findPlaybooks(
  { cwd, playbooks = [] }: ProjectOptions,
  { settings, files, problems }: Loader,
): readonly string[] {
  const names = playbooks.length > 0 ? playbooks : [settings.playbook]
  return names.flatMap(name => {
    const tried = isAbsolute(name) ? [name] : [...new Set([resolve(cwd, name), resolve(settings.root, name)])]
    const path = tried.find(candidate => files.isFile(candidate))
    if (path !== undefined) return [path]
    const message = `there is no playbook ${tried.map(candidate => files.shown(candidate)).join(' or ')}`
    const hint =
      playbooks.length > 0 ? 'a path is relative to the folder you are in' : 'name one: `pitool play PLAYBOOK`'
    problems.add({ code: 'missing-file', message, hint })
    return []
  })
}

/** The hosts of --limit: a pattern, or `@FILE` with a pattern a line. */
function limited(
  { cwd, limit, disk: on = disk }: ProjectOptions,
  hosts: Hosts,
  problems: Problems,
): ReadonlySet<string> | undefined {
  if (limit === undefined || limit === '') return undefined
  const pattern = limit.startsWith('@') ? problems.attempt(() => patternIn(resolve(cwd, limit.slice(1)), on)) : limit
  if (pattern === undefined) return undefined
  const { hosts: names, mistakes } = matchPattern(
    pattern,
    namesLocalhost(pattern) ? withLocalhost(hosts) : hosts.inventory,
  )
  for (const mistake of mistakes) problems.add({ ...mistake, message: `--limit: ${mistake.message}` })
  return new Set(names)
}

function patternIn(path: string, on: Disk): string {
  const text = on.read(path)
  if (text === undefined) throw new Mistake({ code: 'missing-file', message: `--limit: there is no file ${path}` })
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .join(',')
}

/** Whether the host that needs no inventory takes part. */
function usesLocalhost(read: readonly ReadPlay[]): boolean {
  return read.some(({ play, items }) => {
    if (play.hosts.includes('localhost')) return true
    return [...visit([...items, ...play.handlers])].some(({ item }) => {
      const to = item.keywords.delegate_to
      return to !== undefined && [undefined, 'localhost'].includes(constantOf(to))
    })
  })
}

/** The inventory alone, for commands without a playbook. Throws a Mistake. */
export function loadInventory(settings: Settings, on: Disk = disk): Inventory {
  const problems = new Problems()
  const files = new ProjectFiles(settings.root, on, problems)
  const { inventory } = readInventory(settings, [], { files, problems, warnings: [] })
  problems.throwIfAny()
  return inventory
}
