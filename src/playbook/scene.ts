import { dirname } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.ts'
import type { Variables } from './compile.ts'
import { byRank } from './layers.ts'
import type { Handler, Item, Keywords, Lookup, ModuleSpec, RoleRef, Settings, VarLayer } from './model.ts'
import type { Problems } from './problems.ts'
import type { ProjectFiles } from './project-files.ts'
import type { Selection } from './tags.ts'

/** What loading anything of a project works with. */
export interface Loader {
  readonly settings: Settings
  readonly files: ProjectFiles
  readonly problems: Problems
  /** What is odd but no mistake. */
  readonly warnings: Diagnostic[]
  readonly modules: ReadonlyMap<string, ModuleSpec>
  /** Folders of roles, in the order they are searched, after those beside the playbook. */
  readonly rolesPath: readonly string[]
  readonly selection: Selection
  /** Variables given by -e, known before anything is read. */
  readonly extra: Variables
}

/** What grows while one play is read. */
export interface PlayState {
  /** The playbook's. */
  readonly folder: string
  /** Defaults and vars of the roles read so far: later tasks see them too. */
  readonly exposed: VarLayer[]
  /** Layers of tasks joined with the exposed ones: many tasks share them. */
  readonly merged: Map<readonly VarLayer[], readonly VarLayer[]>
  /** Roles that have had their turn: once a play, unless they allow duplicates. */
  readonly ran: Set<string>
  readonly handlers: Handler[]
  /** Checks what an include brings while the play runs; there once the play is read. */
  late?: (items: readonly Item[], handlers: readonly Handler[], problems: Problems) => void
}

/** Where in the project a task is being read: what it inherits and what its names are relative to. */
export interface Scene {
  readonly loader: Loader
  readonly play: PlayState
  readonly keywords: Keywords
  readonly role?: RoleRef
  /** Folder of the file being read. */
  readonly folder: string
  /** Files being read, outermost first. */
  readonly chain: readonly string[]
  readonly lookup: Lookup
  readonly handlers: boolean
}

/** The keywords of a finished task: with the layers of the roles read before it, its own role's being stronger. */
export function seeingRoles(keywords: Keywords, { exposed, merged }: PlayState): Keywords {
  if (exposed.length === 0) return keywords
  let layers = merged.get(keywords.layers)
  if (!layers) {
    const others = exposed.filter(layer => !keywords.layers.includes(layer))
    layers = byRank([...others, ...keywords.layers])
    merged.set(keywords.layers, layers)
  }
  return { ...keywords, layers }
}

/** Makes a role's variables visible to what is read after it. */
export function expose({ exposed, merged }: PlayState, layers: readonly VarLayer[]): void {
  merged.clear()
  for (const layer of layers) {
    const at = exposed.indexOf(layer)
    if (at >= 0) exposed.splice(at, 1)
    exposed.push(layer)
  }
}

export function folderOf(path: string): string {
  return dirname(path)
}
