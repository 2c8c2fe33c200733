import type { Diagnostic } from '../core/diagnostic.ts'
import type { Schema } from '../core/schema.ts'
import type { Secret } from '../core/secret.ts'
import type { Span } from '../core/span.ts'
import type { Value } from '../core/value.ts'
import type { Expression, Template, Tree } from '../language/scope.ts'

/** What the playbook room must know of a module; handed in by the command line. */
export interface ModuleSpec {
  readonly name: string
  readonly args: Schema
  readonly freeForm?: string
}

/** Variables of one source, e.g. `group_vars/workers.yml`, unrendered. */
export interface VarLayer {
  /** As `--origins` tells it. */
  readonly origin: string
  readonly rank: Rank
  readonly vars: ReadonlyMap<string, Tree>
}

/** Weakest first: the table of precedence. */
export const ranks = [
  'role defaults',
  'inventory all',
  'inventory group',
  'group_vars all',
  'group_vars',
  'inventory host',
  'host_vars',
  'play vars',
  'vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'registered',
  'role params',
  'extra vars',
] as const
export type Rank = (typeof ranks)[number]

/** How to reach one host and become another user there; unrendered values are templates over the host's variables. */
export interface Host {
  readonly name: string
  readonly span: Span
  /** Every group it is in, parents included, without `all`; nearest last. */
  readonly groups: readonly string[]
  /** Inventory and group_vars/host_vars layers, weakest first. */
  readonly layers: readonly VarLayer[]
}

export interface Inventory {
  /** In inventory order. */
  readonly hosts: ReadonlyMap<string, Host>
  /** Group → hosts (descendants included, inventory order); `all` and `ungrouped` are there. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** Group → its child groups, for --graph. */
  readonly children: ReadonlyMap<string, readonly string[]>
  readonly sources: readonly string[]
}

/** Keywords that play, role, block and task share; each level overrides or extends the one around. */
export interface Keywords {
  readonly become?: Template | boolean
  readonly become_user?: Template | string
  readonly become_method?: 'sudo' | 'su' | 'doas'
  /** Outermost first. */
  readonly environment: readonly Tree[]
  readonly check_mode?: boolean
  readonly diff?: boolean
  readonly no_log?: boolean
  readonly ignore_errors?: Expression | boolean
  readonly ignore_unreachable?: boolean
  readonly any_errors_fatal?: boolean
  readonly throttle?: number
  /** Seconds. */
  readonly timeout?: Template | number
  readonly run_once?: boolean
  readonly delegate_to?: Template
  readonly tags: readonly string[]
  /** All must hold; outermost first. */
  readonly when: readonly Expression[]
  /** Block and task vars and what the role brings, weakest first, without play and inventory. */
  readonly layers: readonly VarLayer[]
}

export interface Loop {
  readonly items: Tree
  readonly loop_var: string
  readonly index_var?: string
  readonly label?: Template
  /** Seconds between items. */
  readonly pause?: number
}

export interface Until {
  readonly until?: readonly Expression[]
  readonly retries: Template | number
  readonly delay: Template | number
}

export interface Task {
  readonly kind: 'task'
  readonly span: Span
  readonly name?: Template
  /** As written, for people, when there is no name. */
  readonly module: string
  readonly args: Extract<Tree, { kind: 'map' }>
  /** Arguments that are CEL (`assert: that`, `debug: var`), compiled; in `args` they stand as plain text. */
  readonly expressions: ReadonlyMap<string, readonly Expression[]>
  readonly keywords: Keywords
  readonly loop?: Loop
  readonly until?: Until
  readonly register?: string
  readonly notify: readonly Template[]
  readonly changed_when?: readonly Expression[]
  readonly failed_when?: readonly Expression[]
  readonly role?: RoleRef
  /** Where `src` is looked up and `include_tasks` is relative to: folders, nearest first. */
  readonly lookup: Lookup
}

export interface Handler extends Task {
  /** `role : name` or `name`: what makes it the same handler in the next run. */
  readonly address: string
  readonly listen: readonly string[]
}

export interface Block {
  readonly kind: 'block'
  readonly span: Span
  readonly name?: Template
  readonly keywords: Keywords
  readonly block: readonly Item[]
  readonly rescue: readonly Item[]
  readonly always: readonly Item[]
}

/** `include_tasks`, `include_role`, `include_vars` by a name that only a run can tell, or with a loop. */
export interface Include {
  readonly kind: 'include'
  readonly span: Span
  readonly name?: Template
  readonly what: 'tasks' | 'role' | 'vars'
  readonly target: Template
  /** The name, where no template is in it: it has been loaded and checked already. */
  readonly constant?: string
  readonly keywords: Keywords
  readonly loop?: Loop
  readonly role?: RoleRef
  /** Loads and validates what the rendered name means. Throws a Mistake. Handlers it brings join the play's. */
  load(name: string): Included
}

export interface Included {
  readonly items: readonly Item[]
  readonly handlers: readonly Handler[]
  /** For include_vars. */
  readonly vars?: VarLayer
}

/** `meta: flush_handlers | end_play | end_host | clear_host_errors | noop` */
export interface Meta {
  readonly kind: 'meta'
  readonly span: Span
  readonly action: 'flush_handlers' | 'end_play' | 'end_host' | 'clear_host_errors' | 'noop'
  readonly keywords: Keywords
}

export type Item = Task | Block | Include | Meta

export interface RoleRef {
  readonly name: string
  /** Absolute path. */
  readonly folder: string
}

/** Folders that relative files of a task are looked up in, nearest first, absolute. */
export interface Lookup {
  readonly files: readonly string[]
  readonly templates: readonly string[]
}

export interface Play {
  readonly span: Span
  readonly name: string
  /** The pattern's hosts within --limit, in inventory order. */
  readonly hosts: readonly string[]
  readonly pattern: string
  /** Batches as sizes: numbers or percentages, the last repeats; empty: all at once. */
  readonly serial: readonly (number | `${number}%`)[]
  readonly strategy: 'linear' | 'free'
  readonly max_fail_percentage?: number
  readonly any_errors_fatal: boolean
  readonly force_handlers: boolean
  /** What is said before a yes is asked for on a terminal. */
  readonly confirm?: string
  /** Play vars and vars_files, weakest first. */
  readonly layers: readonly VarLayer[]
  /** pre_tasks, roles and tasks, post_tasks: handlers are flushed after each. */
  readonly sections: readonly (readonly Item[])[]
  readonly handlers: readonly Handler[]
  readonly tags: readonly string[]
}

/** `pitool.yml`, with its defaults filled in. Paths are absolute. */
export interface Settings {
  readonly root: string
  readonly inventory: readonly string[]
  readonly playbook: string
  readonly forks: number
  readonly become: boolean
  readonly remote_user?: string
  readonly private_key_file?: string
  readonly known_hosts_file?: string
  readonly host_key_checking: 'strict' | 'accept-new'
  /** Seconds. */
  readonly connect_timeout: number
  readonly timeout: number
  readonly roles_path: readonly string[]
}

/** A whole project, validated: nothing in it can still be a mistake of the text. */
export interface Project {
  readonly settings: Settings
  readonly inventory: Inventory
  readonly plays: readonly Play[]
  readonly extra: VarLayer
  readonly warnings: readonly Diagnostic[]
}

export type { Secret, Value }
