import { isAbsolute, join } from 'node:path'
import type { Span } from '../core/span.ts'
import { readVars } from './compile.ts'
import { makeInclude } from './include.ts'
import { loopKeys } from './loop.ts'
import type { Included, Item, VarLayer } from './model.ts'
import { readVariableName } from './read.ts'
import type { Scene } from './scene.ts'
import { keep, readArguments, readBeside, type Statement, suggestion } from './statement.ts'

const argumentKeys = { file: keep, name: readVariableName } as const

export function loadIncludeVars(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const keys = readBeside(statement, loopKeys, scene)
  const { file, name: into } = readArguments(statement, argumentKeys, { first: 'file', scene }).values
  if (!file) return []
  const load = (name: string, inside: Scene): Included => {
    const path = findVarsFile({ name, span: entry.value.span }, inside)
    const vars = path === undefined ? undefined : readVarsFile(path, { rank: 'include_vars', into, scene: inside })
    return { items: [], handlers: [], ...(vars ? { vars } : {}) }
  }
  return makeInclude({ node, what: 'vars', target: file, keys, load }, scene)
}

/** Looked for in the role's vars, beside the current file, beside the playbook and at the project's root. */
export function findVarsFile({ name, span }: { name: string; span: Span }, scene: Scene): string | undefined {
  const { files, problems, settings } = scene.loader
  const role = scene.role ? [join(scene.role.folder, 'vars'), scene.role.folder] : []
  const bases = [...role, scene.folder, join(scene.play.folder, 'vars'), scene.play.folder, settings.root]
  const folders = isAbsolute(name) ? ['/'] : [...new Set(bases)]
  const path = folders.map(folder => join(folder, name)).find(candidate => files.isFile(candidate))
  if (path !== undefined) return path
  const near = suggestion(
    name,
    folders.flatMap(folder => files.disk.list(folder)),
  )
  const shown = folders.map(folder => files.shown(folder)).join(', ')
  const message = `there is no file of variables '${name}'; looked in ${shown}`
  problems.add({ code: 'missing-file', message, span, hint: near })
  return undefined
}

export interface AsLayer {
  readonly rank: VarLayer['rank']
  /** All of the file becomes one variable of this name. */
  readonly into?: string | undefined
  readonly scene: Scene
}

export function readVarsFile(path: string, { rank, into, scene }: AsLayer): VarLayer | undefined {
  const { files, problems } = scene.loader
  const node = files.yaml(path)
  if (!node) return undefined
  const origin = files.shown(path)
  const vars = readVars(node, { problems, what: origin })
  if (!vars) return undefined
  if (into === undefined) return { origin, rank, vars }
  const keys =
    node.kind === 'map' ? new Map(node.entries.map(entry => [entry.key, entry.keySpan])) : new Map<string, Span>()
  return { origin, rank, vars: new Map([[into, { kind: 'map', entries: vars, keys, span: node.span }]]) }
}
