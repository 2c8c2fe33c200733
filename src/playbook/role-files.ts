import { join } from 'node:path'
import type { Span } from '../core/span.ts'
import { readVarsFile } from './include-vars.ts'
import type { Rank, RoleRef, VarLayer } from './model.ts'
import type { ProjectFiles } from './project-files.ts'
import type { Scene } from './scene.ts'
import { suggestion } from './statement.ts'

export type RolePart = 'tasks' | 'handlers' | 'defaults' | 'vars' | 'meta'

/** `main.yml` of one of a role's folders, or another file of it by name; undefined where there is none. */
export function mainFile(role: RoleRef, part: RolePart, files: ProjectFiles, name = 'main'): string | undefined {
  const base = join(role.folder, part, name)
  return [base, `${base}.yml`, `${base}.yaml`].find(path => files.isFile(path))
}

export interface PartWanted {
  readonly part: RolePart
  /** As `tasks_from` and its like name it. */
  readonly from: string | undefined
  readonly span: Span
}

/** The same, where a file named outright must be there. */
export function partFile(role: RoleRef, { part, from, span }: PartWanted, { loader }: Scene): string | undefined {
  const { files, problems } = loader
  const path = mainFile(role, part, files, from)
  if (path !== undefined || from === undefined) return path
  const folder = join(role.folder, part)
  const message = `the role '${role.name}' has no ${files.shown(folder)}/${from}`
  problems.add({ code: 'missing-file', message, span, hint: suggestion(from, files.disk.list(folder)) })
  return undefined
}

const layers = new WeakMap<ProjectFiles, Map<string, VarLayer | undefined>>()

/** A role's defaults or vars; the same object for every use of the role. */
export function roleLayer(path: string | undefined, rank: Rank, scene: Scene): readonly VarLayer[] {
  if (path === undefined) return []
  const known = layers.get(scene.loader.files) ?? new Map<string, VarLayer | undefined>()
  layers.set(scene.loader.files, known)
  const key = `${rank} ${path}`
  if (!known.has(key)) known.set(key, readVarsFile(path, { rank, scene }))
  const layer = known.get(key)
  return layer && layer.vars.size > 0 ? [layer] : []
}
