import { place } from '../core/span.ts'
import { loadItems } from './items.ts'
import { inherit, varsLayer } from './keywords.ts'
import type { Block, Item } from './model.ts'
import { type Scene, seeingRoles } from './scene.ts'
import { keep, readBeside, type Statement } from './statement.ts'

const blockKeys = { rescue: keep, always: keep } as const

export function loadBlock(statement: Statement, scene: Scene): readonly Item[] {
  const { node, entry } = statement
  const { values } = readBeside(statement, blockKeys, scene)
  const { rescue, always, ...own } = values
  const layers = varsLayer(own.vars, 'block vars', `vars of the block at ${place(node.span)}`)
  const keywords = inherit(scene.keywords, own, layers)
  const inside: Scene = { ...scene, keywords }
  const block: Block = {
    kind: 'block',
    span: node.span,
    ...(own.name ? { name: own.name } : {}),
    keywords: seeingRoles(keywords, scene.play),
    block: loadItems(entry.value, inside),
    rescue: loadItems(rescue, inside),
    always: loadItems(always, inside),
  }
  return [block]
}
