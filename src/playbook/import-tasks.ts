import { place } from '../core/span.ts'
import { inherit, varsLayer } from './keywords.ts'
import type { Item } from './model.ts'
import { readText } from './read.ts'
import type { Scene } from './scene.ts'
import { readArguments, readBeside, type Statement } from './statement.ts'
import { findTaskFile, loadTaskFile } from './task-file.ts'

/** The tasks of another file as if they stood here, each with the import's keywords. */
export function loadImportTasks(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const { values: own } = readBeside(statement, {}, scene)
  const { file } = readArguments(statement, { file: readText }, { first: 'file', scene }).values
  if (file === undefined) return []
  const wanted = { name: file, span: entry.value.span, what: 'import_tasks' }
  const path = findTaskFile(wanted, scene)
  if (path === undefined) return []
  const layers = varsLayer(own.vars, 'block vars', `vars of the import at ${place(node.span)}`)
  return loadTaskFile(path, wanted, { ...scene, keywords: inherit(scene.keywords, own, layers) })
}
