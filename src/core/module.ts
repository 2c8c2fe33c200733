import type { Change, Outcome } from './change.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Asking } from './question.ts'
import type { From, Schema } from './schema.ts'
import type { Unknown } from './unknown.ts'
import type { Value, Vars } from './value.ts'

/** What a module may know beside its arguments. */
export interface Ctx {
  /** The inventory name of the host the task is about. */
  readonly host: string
  /** Group name → inventory names of its hosts, in inventory order. */
  readonly groups: { readonly [group: string]: readonly string[] }
}

/** What a module decided. Plain data but for `later` and `settle`, which are pure. */
export interface Plan {
  /** Carried in this order, in one frame where their kinds allow it, stopping at the first failure. */
  readonly changes: readonly Change[]
  /** Registered values known already, by Ansible's names. */
  readonly result: Vars
  /** Values only a run can tell: their names (Unknown in a check), and how to read them from the outcomes, in the order of `changes`. */
  readonly later?: { readonly names: readonly string[]; from(outcomes: readonly Outcome[]): Vars }
  /** What must come true after the changes. Run even when there are none, never in a check that plans some. */
  readonly settle?: Settle
  /** One line for people: why nothing or what will be done. */
  readonly message?: string
  /** In a check: with an argument that is Unknown (schema `unknown`) it cannot tell what is to be done. */
  readonly unknown?: Unknown
  /** The module finds the host in a state that is an error; nothing is carried. */
  readonly failed?: Diagnostic
}

export interface Settle {
  /** What is waited for: `Node pi5-worker-1 to be Ready`. */
  readonly what: string
  /** Seconds until it has failed. */
  readonly within: number
  /** Seconds between looks; 2 when absent. */
  readonly every?: number
  /** The connection may be lost meanwhile; the engine dials again until the deadline. */
  readonly reconnects?: boolean
  /** One look. On the last one it should throw a Failure that names cause and cure. */
  look(seen: Seen): Asking<Settled>
}

export interface Seen {
  readonly outcomes: readonly Outcome[]
  /** Seconds since the changes were carried. */
  readonly elapsed: number
  readonly last: boolean
}

export type Settled = { readonly done: true; readonly result?: Vars } | { readonly waiting: string }

/** Where a task whose content is Unknown would have acted; a task with no targets may have acted anywhere. */
export interface Target {
  readonly facet: 'file' | 'unit' | 'user' | 'group' | 'package' | 'value'
  readonly name: string
}

export interface Module<Args = unknown> {
  /** The YAML name. */
  readonly name: string
  readonly summary: string
  readonly args: Schema
  /** The argument that a plain string stands for (`command: uptime`). */
  readonly freeForm?: string
  /** The registered values, for `pitool doc`: name → what it is. */
  readonly returns?: { readonly [name: string]: string }
  /** Answered and decided by the engine itself (set_fact, debug, assert, fail): no host is asked. */
  readonly local?: boolean
  /** Whether this task is free of barriers: `readonly: true` commands, stat and the like. Absent: decided by its changes. */
  opaque?(args: Args): boolean
  targets?(args: Args): readonly Target[]
  plan(args: Args, ctx: Ctx): Asking<Plan>
}

/** Declares a module: one schema gives validation, the type of the arguments and the page in the docs. */
export function defineModule<const S extends Schema>(
  module: Omit<Module<From<S>>, 'args'> & { readonly args: S },
): Module<From<S>> {
  return module
}

export function unchanged(result: Vars = {}, more: Partial<Plan> = {}): Plan {
  return { changes: [], result: { changed: false, ...result }, ...more }
}

export function changed(changes: readonly Change[], result: Vars = {}, more: Partial<Plan> = {}): Plan {
  return { changes, result: { changed: changes.length > 0, ...result }, ...more }
}

export type { Value }
