import type { Node } from '../language/node.ts'
import { loadBlock } from './block.ts'
import { loadImportTasks } from './import-tasks.ts'
import { loadImportRole, loadIncludeRole } from './include-role.ts'
import { loadIncludeTasks } from './include-tasks.ts'
import { loadIncludeVars } from './include-vars.ts'
import { loadMeta } from './meta.ts'
import type { Item } from './model.ts'
import { isNothing } from './read.ts'
import { asMap } from './read-keys.ts'
import type { Scene } from './scene.ts'
import { type LoadStatement, plainName, type Statement } from './statement.ts'
import { loadTask } from './task.ts'

/** What stands in a list of tasks beside modules. */
const statements: { readonly [key: string]: LoadStatement } = {
  block: loadBlock,
  meta: loadMeta,
  import_tasks: loadImportTasks,
  include_tasks: loadIncludeTasks,
  import_role: loadImportRole,
  include_role: loadIncludeRole,
  include_vars: loadIncludeVars,
}

/** Everything in a list of tasks; imports stand there with what they bring. */
export function loadItems(node: Node | null | undefined, scene: Scene): readonly Item[] {
  if (!node || isNothing(node)) return []
  if (node.kind === 'list') return node.items.flatMap(item => loadItem(item, scene))
  const hint = 'begin each task with a dash: `- name: …`'
  scene.loader.problems.add({ code: 'wrong-type', message: 'tasks are a list', span: node.span, hint })
  return []
}

function loadItem(node: Node, scene: Scene): readonly Item[] {
  const map = asMap(node, { problems: scene.loader.problems, where: 'a task' })
  if (!map) return []
  for (const entry of map.entries) {
    const name = plainName(entry.key)
    const load = Object.hasOwn(statements, name) ? statements[name] : undefined
    const statement: Statement = { node: map, entry, name }
    if (load) return load(statement, scene)
  }
  return loadTask(map, scene)
}
