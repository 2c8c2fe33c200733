import { inherit } from './keywords.ts'
import type { Item, Meta } from './model.ts'
import { readOneOf } from './read.ts'
import { type Scene, seeingRoles } from './scene.ts'
import { readBeside, type Statement } from './statement.ts'

const readAction = readOneOf('flush_handlers', 'end_play', 'end_host', 'clear_host_errors', 'noop')

export function loadMeta(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const { values } = readBeside(statement, {}, scene)
  const action = readAction(entry.value, { problems: scene.loader.problems, what: 'meta' })
  if (!action) return []
  const meta: Meta = {
    kind: 'meta',
    span: node.span,
    action,
    keywords: seeingRoles(inherit(scene.keywords, values), scene.play),
  }
  return [meta]
}
