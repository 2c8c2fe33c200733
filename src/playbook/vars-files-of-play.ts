import { join } from 'node:path'
import { renderTree } from '../language/index.ts'
import type { Node } from '../language/node.ts'
import { readTree } from './compile.ts'
import { earlyScope } from './early.ts'
import { findVarsFile, readVarsFile } from './include-vars.ts'
import type { VarLayer } from './model.ts'
import { isNothing, wrongType } from './read.ts'
import type { Scene } from './scene.ts'

/** `vars_files`: each a name, or a list of names of which the first that is there counts. */
export function readVarsFiles(node: Node | undefined, scene: Scene): readonly VarLayer[] {
  if (!node || isNothing(node)) return []
  const items = node.kind === 'list' ? node.items : [node]
  return items.flatMap(item => {
    const path = item.kind === 'list' ? firstFound(item.items, scene) : single(item, scene)
    const layer = path === undefined ? undefined : readVarsFile(path, { rank: 'vars_files', scene })
    return layer ? [layer] : []
  })
}

function single(node: Node, scene: Scene): string | undefined {
  const name = nameOf(node, scene)
  return name === undefined ? undefined : findVarsFile({ name, span: node.span }, scene)
}

function firstFound(nodes: readonly Node[], scene: Scene): string | undefined {
  const { files } = scene.loader
  for (const node of nodes) {
    const name = nameOf(node, scene)
    const path = name === undefined ? undefined : join(scene.play.folder, name)
    if (path !== undefined && files.isFile(path)) return path
  }
  const last = nodes.at(-1)
  return last && single(last, scene)
}

/** The file's name; a template in it may read what -e gives, since no host is known yet. */
function nameOf(node: Node, { loader }: Scene): string | undefined {
  const at = { problems: loader.problems, what: 'vars_files' }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return wrongType(node, at, 'the name of a file')
  const value = loader.problems.attempt(() => {
    const tree = readTree(node, at)
    return tree && renderTree(tree, earlyScope(loader.extra))
  })
  return typeof value === 'string' ? value : undefined
}
