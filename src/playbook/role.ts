import { join } from 'node:path'
import type { Span } from '../core/span.ts'
import { findRole } from './find-role.ts'
import { loadHandlers } from './handlers.ts'
import { byRank } from './layers.ts'
import { lookupIn } from './lookup.ts'
import type { Handler, Item, RoleRef, VarLayer } from './model.ts'
import { readRoleEntries } from './role-entries.ts'
import { partFile, roleLayer } from './role-files.ts'
import { readRoleMeta } from './role-meta.ts'
import { expose, type Scene } from './scene.ts'
import { loadTaskFile } from './task-file.ts'

/** Other files than `main.yml`, by `tasks_from` and its like. */
export interface RoleFiles {
  readonly tasks_from?: string
  readonly handlers_from?: string
  readonly defaults_from?: string
  readonly vars_from?: string
}

export interface RoleUse {
  readonly name: string
  readonly span: Span
  readonly from?: RoleFiles
}

export interface LoadedRole {
  /** With those of the roles it depends on before them. */
  readonly tasks: readonly Item[]
  readonly handlers: readonly Handler[]
  /** Its defaults and vars. */
  readonly layers: readonly VarLayer[]
}

/** A role found and its variables read: what must be known of all roles before the tasks of any are read. */
export interface OpenRole {
  readonly use: RoleUse
  readonly ref: RoleRef
  readonly layers: readonly VarLayer[]
  readonly dependencies: readonly OpenRole[]
  readonly scene: Scene
  readonly allowDuplicates: boolean
}

export function loadRole(use: RoleUse, scene: Scene): LoadedRole | undefined {
  const role = openRole(use, scene)
  return role && readRole(role)
}

/** Finds a role and those it depends on, and reads their variables. */
export function openRole(use: RoleUse, outer: Scene): OpenRole | undefined {
  const { files, problems } = outer.loader
  const ref = findRole(use, outer)
  if (!ref) return undefined
  const { span, from = {} } = use
  if (!use.from && outer.chain.includes(ref.folder)) {
    const message = `the role '${ref.name}' depends on itself`
    return problems.add({ code: 'include-loop', message, span, hint: 'take it out of the dependencies' })
  }
  const layers = [
    ...roleLayer(partFile(ref, { part: 'defaults', from: from.defaults_from, span }, outer), 'role defaults', outer),
    ...roleLayer(partFile(ref, { part: 'vars', from: from.vars_from, span }, outer), 'role vars', outer),
  ]
  const bases = [ref.folder, outer.play.folder, outer.loader.settings.root]
  const scene: Scene = {
    ...outer,
    role: ref,
    folder: join(ref.folder, 'tasks'),
    chain: [...outer.chain, ref.folder],
    lookup: lookupIn(bases),
    keywords: { ...outer.keywords, layers: byRank([...outer.keywords.layers.filter(isNotRoleFile), ...layers]) },
  }
  const meta = readRoleMeta(ref, scene)
  const inherited: Scene = { ...scene, folder: files.root, keywords: { ...outer.keywords } }
  const dependencies = readRoleEntries(meta.dependencies, inherited)
  return { use, ref, layers, dependencies, scene, allowDuplicates: meta.allow_duplicates }
}

/** A role inside another has its own files; the outer one's parameters stay visible. */
function isNotRoleFile({ rank }: VarLayer): boolean {
  return rank !== 'role defaults' && rank !== 'role vars'
}

/** Reads the tasks and handlers of an opened role, those it depends on first: once a play, unless it allows more. */
export function readRole({ use, ref, layers, dependencies, scene }: OpenRole): LoadedRole {
  const { files } = scene.loader
  const { span, from = {} } = use
  const before = dependencies.filter(role => isItsTurn(role)).map(role => readRole(role))
  for (const role of before) expose(scene.play, role.layers)
  const tasks = partFile(ref, { part: 'tasks', from: from.tasks_from, span }, scene)
  const handlers = partFile(ref, { part: 'handlers', from: from.handlers_from, span }, scene)
  const inHandlers: Scene = { ...scene, folder: join(ref.folder, 'handlers') }
  return {
    tasks: [
      ...before.flatMap(role => role.tasks),
      ...(tasks === undefined ? [] : loadTaskFile(tasks, { name: ref.name, span, what: `role ${ref.name}` }, scene)),
    ],
    handlers: [
      ...before.flatMap(role => role.handlers),
      ...(handlers === undefined
        ? []
        : loadHandlers(files.yaml(handlers), { ...inHandlers, chain: [...scene.chain, handlers] })),
    ],
    layers,
  }
}

/** Whether a role of `roles:` or of dependencies still has to run in this play; the same with other parameters has. */
export function isItsTurn({ ref, scene, allowDuplicates }: OpenRole): boolean {
  const params = scene.keywords.layers.filter(({ rank }) => rank === 'role params')
  const texts = params.flatMap(({ vars }) =>
    [...vars].map(([name, { span }]) => `${name}=${span.source.text.slice(span.start, span.end)}`),
  )
  const key = `${ref.folder} ${texts.join(' ')}`
  if (scene.play.ran.has(key) && !allowDuplicates) return false
  scene.play.ran.add(key)
  return true
}
