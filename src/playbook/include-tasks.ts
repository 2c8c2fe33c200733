import { makeInclude } from './include.ts'
import { loopKeys } from './loop.ts'
import type { Included, Item } from './model.ts'
import type { Scene } from './scene.ts'
import { keep, readArguments, readBeside, type Statement } from './statement.ts'
import { findTaskFile, loadTaskFile } from './task-file.ts'

export function loadIncludeTasks(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const keys = readBeside(statement, loopKeys, scene)
  const { file, apply } = readArguments(statement, { file: keep, apply: keep }, { first: 'file', scene }).values
  if (!file) return []
  const load = (name: string, inside: Scene): Included => {
    const wanted = { name, span: entry.value.span, what: 'include_tasks' }
    const path = findTaskFile(wanted, inside)
    if (path === undefined) return { items: [], handlers: [] }
    // A file that includes itself under a condition ends when the condition does: it is loaded when its turn comes.
    const again = inside.chain.includes(path) && keys.values.when !== undefined
    return { items: again ? [] : loadTaskFile(path, wanted, inside), handlers: [] }
  }
  return makeInclude({ node, what: 'tasks', target: file, keys, apply, load }, scene)
}
