import type { Node } from '../language/node.ts'
import { loadItems } from './items.ts'
import type { Handler, Item } from './model.ts'
import type { Scene } from './scene.ts'

/** The handlers of a play or role. */
export function loadHandlers(node: Node | null | undefined, scene: Scene): readonly Handler[] {
  const items = loadItems(node, { ...scene, handlers: true })
  return items.flatMap(item => (isHandler(item) ? [item] : refuse(item, scene)))
}

/** Adds handlers to a play's; of two with one address the later counts, as in Ansible. */
export function addHandlers(all: Handler[], more: readonly Handler[]): void {
  for (const handler of more) {
    const at = all.findIndex(({ address }) => address === handler.address)
    if (at >= 0) all[at] = handler
    else all.push(handler)
  }
}

function isHandler(item: Item): item is Handler {
  return item.kind === 'task' && 'address' in item
}

function refuse(item: Item, { loader }: Scene): readonly Handler[] {
  const what = item.kind === 'include' ? `include_${item.what}` : item.kind
  const hint =
    item.kind === 'include' ? 'use `import_tasks`' : 'write its tasks as handlers of their own, with a common `listen`'
  loader.problems.add({ code: 'not-supported', message: `a handler is one task, not '${what}'`, span: item.span, hint })
  return []
}
