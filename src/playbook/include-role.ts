import { place } from '../core/span.ts'
import type { Node } from '../language/node.ts'
import { addHandlers } from './handlers.ts'
import { makeInclude } from './include.ts'
import { inherit, varsLayer } from './keywords.ts'
import { loopKeys } from './loop.ts'
import type { Included, Item } from './model.ts'
import { readBoolean, readText, readWord } from './read.ts'
import { loadRole, type RoleFiles } from './role.ts'
import { expose, type Scene } from './scene.ts'
import { keep, readArguments, readBeside, type Statement } from './statement.ts'

const fileKeys = {
  tasks_from: readText,
  vars_from: readText,
  defaults_from: readText,
  handlers_from: readText,
  allow_duplicates: readBoolean,
  public: readBoolean,
} as const

/** A role's tasks as if they stood here; its variables are visible to what follows, too. */
export function loadImportRole(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const { values: own } = readBeside(statement, {}, scene)
  const { name, ...from } = readArguments(statement, { ...fileKeys, name: readWord }, { first: 'name', scene }).values
  if (name === undefined) return []
  const layers = varsLayer(own.vars, 'role params', `vars of the import at ${place(node.span)}`)
  const inside = { ...scene, keywords: inherit(scene.keywords, own, layers) }
  const role = loadRole({ name, span: nameSpan(entry.value), from }, inside)
  if (!role) return []
  addHandlers(scene.play.handlers, role.handlers)
  expose(scene.play, role.layers)
  return role.tasks
}

export function loadIncludeRole(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const keys = readBeside(statement, loopKeys, scene)
  const table = { ...fileKeys, name: keep, apply: keep }
  const { name: target, apply, ...from } = readArguments(statement, table, { first: 'name', scene }).values
  if (!target) return []
  const load = (name: string, inside: Scene): Included => {
    const files: RoleFiles = from
    const role = loadRole({ name, span: nameSpan(entry.value), from: files }, inside)
    return { items: role?.tasks ?? [], handlers: role?.handlers ?? [] }
  }
  return makeInclude({ node, what: 'role', target, keys, apply, load }, scene)
}

function nameSpan(value: Node) {
  const entry = value.kind === 'map' ? value.entries.find(({ key }) => key === 'name') : undefined
  return (entry?.value ?? value).span
}
