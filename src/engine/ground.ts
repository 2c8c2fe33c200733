import { readFile } from 'node:fs/promises'
import type { Identity } from '../core/connection.ts'
import { Failure, Mistake } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import type { Text } from '../core/secret.ts'
import { Secret } from '../core/secret.ts'
import { Unknown } from '../core/unknown.ts'
import type { Value } from '../core/value.ts'
import { compileTemplate, renderText, renderTree } from '../language/index.ts'
import type { Reference, Scope, Template } from '../language/scope.ts'
import { becomeMethod, connectionNames } from '../playbook/connection-vars.ts'
import { resolveLookup } from '../playbook/lookup.ts'
import type { Host, Task } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import { keyword } from './decide.ts'
import { gatherReferred } from './facts.ts'
import type { HostState } from './host.ts'
import { mend } from './mend.ts'
import { warnOfRecord } from './recorded-input.ts'
import type { TaskScope } from './scope.ts'
import type { Site } from './site.ts'
import { scopeFor } from './variables.ts'

export interface Standing {
  readonly batch: BatchContext
  readonly task: Task
  readonly state: HostState
  readonly scope: TaskScope
}

/** The host a task acts on: itself, or the one it is delegated to. */
export function actingHost({ batch, task, state, scope }: Standing): HostState {
  const to = task.keywords.delegate_to?.render(scope)
  if (to === undefined) return state
  const host = typeof to === 'string' ? batch.hosts.get(to) : undefined
  if (host) return host
  const span = task.keywords.delegate_to!.span
  const hint = 'name a host of the inventory, or localhost'
  throw new Mistake({ code: 'unknown-host', message: `delegate_to: there is no host '${String(to)}'`, span, hint })
}

/** Whether a task only predicts: everything in a check but `check_mode: false`, nothing in a run but `check_mode: true`. */
export function predicts({ batch, task }: Pick<Standing, 'batch' | 'task'>): boolean {
  return batch.options.check ? task.keywords.check_mode !== false : task.keywords.check_mode === true
}

export function siteOf(standing: Standing): Site {
  const { batch, task, scope } = standing
  const { signal, force } = batch.deps
  const seconds = Number(keyword(task.keywords.timeout, scope) ?? batch.project.settings.timeout)
  const timeout = seconds > 0 ? { timeout: seconds } : {}
  return {
    acting: actingHost(standing),
    hosts: batch.hosts,
    kinds: batch.kinds,
    predicting: predicts(standing),
    environment: environment(task, scope),
    frame: { signal, ...timeout },
    mend: (state, lost) => mend(batch, state, lost),
    beforeSent: (state, as, scripts) => warnOfRecord(batch, state, as, scripts),
    carrying: { signal: force, unlessBegun: signal, ...timeout },
    identity: remembered(state => identity(standing, state)),
    fresh: task.until !== undefined,
    changes: () => batch.carried.count,
    spoil: (state, footprint) => spoil(batch, state, footprint),
    control: question => control(standing, question),
  }
}

/** Two names may be one machine: what changes one makes stale what the other said. */
export function spoil({ hosts, carried }: BatchContext, state: HostState, footprint: readonly string[] | 'all'): void {
  if (footprint.length === 0) return
  carried.count++
  for (const other of hosts.values()) if (other === state || other.sameMachine(state)) other.answers.drop(footprint)
}

function remembered<Of, Is>(compute: (of: Of) => Is): (of: Of) => Is {
  const known = new Map<Of, Is>()
  return of => {
    if (!known.has(of)) known.set(of, compute(of))
    return known.get(of)!
  }
}

/** Variables of a host are stronger than keywords, keywords than the project's settings: as Ansible has it. */
function identity({ batch, task, state, scope }: Standing, acting: HostState): Identity {
  const own = acting === state ? scope : scopeFor(batch, acting, task)
  const host = batch.project.inventory.hosts.get(acting.name)
  const { become, become_user, become_method } = task.keywords
  const said = (names: readonly string[]) => settingOf(names, own, host)
  const wanted = said(connectionNames.become) ?? keyword(become, scope) ?? batch.project.settings.become
  if (wanted !== true) return {}
  const method = said(connectionNames.become_method) ?? become_method
  return {
    become: String(said(connectionNames.become_user) ?? keyword(become_user, scope) ?? 'root'),
    ...(method === undefined ? {} : { method: becomeMethod(method, 'become_method') }),
  }
}

/** Plain names (`become`) count only where the inventory gives them: a play may have a variable that is called so. */
function settingOf(names: readonly string[], scope: TaskScope, host: Host | undefined): Value | undefined {
  for (const name of names) {
    const plain = !name.startsWith('ansible_')
    const value = !plain || host?.layers.some(layer => layer.vars.has(name)) ? scope.get(name) : undefined
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

function environment(task: Task, scope: Scope): readonly (readonly [string, Text])[] {
  const merged = new Map<string, Text>()
  for (const tree of task.keywords.environment) {
    const value = renderTree(tree, scope)
    if (value instanceof Unknown) throw new UnknownEnvironment(value)
    for (const [name, text] of Object.entries((value ?? {}) as { readonly [k: string]: unknown })) {
      if (text instanceof Unknown) throw new UnknownEnvironment(text)
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        const hint = 'letters, digits and _ only, not starting with a digit'
        throw new Mistake({
          code: 'wrong-value',
          message: `'${name}' is no name of an environment variable`,
          span: tree.span,
          hint,
        })
      }
      merged.set(name, text instanceof Secret ? text : String(text))
    }
  }
  return [...merged]
}

/** The task's environment can only be told by a run. */
export class UnknownEnvironment extends Error {
  readonly unknown: Unknown
  constructor(unknown: Unknown) {
    super(unknown.reason)
    this.unknown = unknown
  }
}

/** Files are looked up as the task's place in the project says; templates are rendered here, in the task's own scope. */
async function control(standing: Standing, question: Question): Promise<unknown> {
  const { task, batch, state, scope } = standing
  const arg = question.arg as { readonly path?: string }
  const path = readHere(standing, question)
  if (path === undefined) return batch.deps.control(question)
  if (question.kind !== 'local.template') return batch.deps.control({ ...question, arg: { ...arg, path } })
  const template = await loadTemplate(path)
  const referring = { state, scope, task, more: template.references }
  return renderText(template, await gatherReferred(siteOf(standing), batch.deps.facts, referring))
}

/** The file or folder of the control side that a question is about. */
export function readHere({ task }: Standing, { kind, arg }: Question): string | undefined {
  const { path } = arg as { readonly path?: string }
  return path === undefined ? undefined : lookedUp(task, kind === 'local.template' ? 'templates' : 'files', path)
}

/** What a question to the control side reads beside the task's own words. */
export async function templateReferences(standing: Standing, question: Question): Promise<readonly Reference[]> {
  const path = question.kind === 'local.template' ? readHere(standing, question) : undefined
  return path === undefined ? [] : (await loadTemplate(path)).references
}

function lookedUp(task: Task, folder: 'files' | 'templates', name: string): string {
  const path = resolveLookup(task.lookup, folder, name)
  if (path === undefined) throw new Failure(missing(task, folder, name))
  return path
}

function missing(task: Task, folder: 'files' | 'templates', name: string) {
  const hint = `looked in ${task.lookup[folder].join(', ')}`
  return { code: 'missing-file', message: `there is no file '${name}'`, span: task.span, hint } as const
}

const templates = new Map<string, { readonly text: string; readonly template: Template }>()

/** Compiled once as long as its text stays the same. */
async function loadTemplate(path: string): Promise<Template> {
  const text = await readFile(path, 'utf8')
  const known = templates.get(path)
  if (known?.text === text) return known.template
  const template = compileTemplate(text, { source: { file: path, text }, start: 0, end: text.length })
  templates.set(path, { text, template })
  return template
}
