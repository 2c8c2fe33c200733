import { dirname } from 'node:path'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import type { Span } from '../../core/span.ts'
import type { Host, Inventory, Settings } from '../model.ts'
import type { Problems } from '../problems.ts'
import type { ProjectFiles } from '../project-files.ts'
import { buildInventory, implicitLocalhost } from './build-inventory.ts'
import { Draft } from './draft.ts'
import { GroupGraph } from './group-graph.ts'
import { InventoryReader } from './read-inventory.ts'
import { VarsFiles } from './vars-files.ts'

export interface Reading {
  readonly files: ProjectFiles
  readonly problems: Problems
  readonly warnings: Diagnostic[]
}

export interface Read {
  readonly inventory: Inventory
  readonly localhost: Host
}

/** Reads all inventory files and the variables beside them and beside the playbooks. */
export function readInventory(settings: Settings, playbookFolders: readonly string[], reading: Reading): Read {
  const { files, problems } = reading
  const draft = new Draft()
  const paths = settings.inventory.flatMap(path => inventoryFiles(path, reading))
  const sources = paths.map(path => files.shown(path))
  for (const path of paths) {
    const node = files.yaml(path)
    if (node) new InventoryReader(draft, problems, files.shown(path)).read(node)
  }
  refuseUnknownChildren(draft, problems)
  const graph = new GroupGraph(draft, problems)
  const besides = settings.inventory.map(path => (files.isFolder(path) ? path : dirname(path)))
  const vars = new VarsFiles(files, problems, [...besides, ...playbookFolders])
  warnOfStrays(draft, vars, reading)
  const parts = { draft, graph, files: vars, sources }
  return { inventory: buildInventory(parts), localhost: implicitLocalhost(parts) }
}

/** The inventory's own files: absolute paths. */
export function inventoryFiles(path: string, { files, problems }: Reading): readonly string[] {
  if (files.isFile(path)) return [path]
  if (files.isFolder(path)) {
    const found = files.yamlFiles(path)
    if (found.length > 0) return found
    const hint = 'put a hosts.yml into it'
    problems.add({ code: 'missing-file', message: `the inventory ${files.shown(path)} holds no .yml file`, hint })
    return []
  }
  const hint = 'give its path with -i, or set `inventory:` in pitool.yml'
  problems.add({ code: 'missing-file', message: `there is no inventory at ${path}`, hint })
  return []
}

/** A child group that is defined nowhere and resembles another is a slip of the pen. */
function refuseUnknownChildren(draft: Draft, problems: Problems): void {
  const defined = [...draft.groups.values()].filter(group => group.defined)
  const names = new Set(defined.map(group => group.name))
  for (const group of draft.groups.values()) {
    for (const [child, span] of group.children) {
      const near = names.has(child) ? undefined : didYouMean(child, names)
      if (near === undefined) continue
      const message = `the group '${child}' is defined nowhere`
      problems.add({ code: 'unknown-group', message, span, hint: `did you mean '${near}'?` })
    }
  }
}

function warnOfStrays(draft: Draft, vars: VarsFiles, { files, warnings }: Reading): void {
  const known = {
    group_vars: new Set([...draft.groups.keys(), 'all', 'ungrouped']),
    host_vars: new Set([...draft.hosts.keys(), 'localhost']),
  }
  for (const kind of ['group_vars', 'host_vars'] as const) {
    for (const [name, path] of vars.names(kind)) {
      if (known[kind].has(name)) continue
      const what = kind === 'group_vars' ? 'group' : 'host'
      const near = didYouMean(name, known[kind])
      const hint = near === undefined ? 'rename it, or take it out' : `did you mean '${near}'?`
      const message = `no ${what} of the inventory is named '${name}': its variables are seen by nobody`
      const span: Span = { source: { file: files.shown(path), text: '' }, start: 0, end: 0 }
      warnings.push({ code: what === 'group' ? 'unknown-group' : 'unknown-host', message, span, hint })
    }
  }
}
