import type { Secret } from '../../core/secret.ts'
import { conceal } from '../../language/conceal.ts'
import type { Node } from '../../language/node.ts'

/** A node whose texts and numbers are secrets; truth values stay, so that a condition can be decided by them. */
export function concealNode(node: Node): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map(concealNode) }
  if (node.kind === 'map') {
    return { ...node, entries: node.entries.map(entry => ({ ...entry, value: concealNode(entry.value) })) }
  }
  return { ...node, value: concealed(node.value), plain: undefined, offsets: undefined }
}

export type ScalarValue = null | boolean | number | string | Secret

/** An empty text holds nothing to hide. */
export function concealed(value: ScalarValue): ScalarValue {
  return value === '' ? value : (conceal(value) as ScalarValue)
}
