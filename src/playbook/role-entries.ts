import { place } from '../core/span.ts'
import type { MapNode, Node } from '../language/node.ts'
import { readVars, type Variables } from './compile.ts'
import { inherit, innerKeywords, varsLayer } from './keywords.ts'
import { isNothing, readWord } from './read.ts'
import { asMap, readKeys } from './read-keys.ts'
import { type OpenRole, openRole } from './role.ts'
import type { Scene } from './scene.ts'
import { keep, suggestion } from './statement.ts'

const entryKeys = { ...innerKeywords, name: readWord, role: readWord, version: keep, src: keep, scm: keep } as const

/** The roles of a play, or those a role depends on: names, or maps with keywords and parameters. */
export function readRoleEntries(node: Node | undefined, scene: Scene): readonly OpenRole[] {
  if (!node || isNothing(node)) return []
  if (node.kind === 'list') return node.items.map(item => readEntry(item, scene)).filter(role => role !== undefined)
  const hint = 'begin each role with a dash'
  scene.loader.problems.add({ code: 'wrong-type', message: 'roles are a list', span: node.span, hint })
  return []
}

function readEntry(node: Node, scene: Scene): OpenRole | undefined {
  const { problems } = scene.loader
  if (node.kind === 'scalar') {
    const name = readWord(node, { problems, what: 'roles' })
    return name === undefined ? undefined : openRole({ name, span: node.span }, scene)
  }
  const map = asMap(node, { problems, where: 'a role' })
  if (!map) return undefined
  const { values, spans, rest } = readKeys(map, entryKeys, problems)
  const { role, name: named, version: _, src: __, scm: ___, ...own } = values
  const name = role ?? named
  if (name === undefined) {
    if (spans.role || spans.name) return undefined
    return problems.add({
      code: 'missing-key',
      message: "a role entry needs 'role'",
      span: node.span,
      hint: 'write `- role: NAME`',
    })
  }
  const params = readParams({ ...map, entries: rest }, scene)
  const origin = `parameters of the role at ${place(node.span)}`
  const layers = [...varsLayer(own.vars, 'role params', origin), ...varsLayer(params, 'role params', origin)]
  const inside = { ...scene, keywords: inherit(scene.keywords, own, layers) }
  return openRole({ name, span: spans.role ?? spans.name ?? node.span }, inside)
}

/** Keys that are no keywords are the role's parameters; one that resembles a keyword is a slip of the pen. */
function readParams(rest: MapNode, { loader }: Scene): Variables | undefined {
  const { problems } = loader
  const entries = rest.entries.filter(entry => {
    const near = suggestion(entry.key, Object.keys(entryKeys))
    if (near === undefined) return true
    const hint = `${near} A parameter of that name goes below \`vars:\``
    problems.add({ code: 'unknown-key', message: `a role entry has no key '${entry.key}'`, span: entry.keySpan, hint })
    return false
  })
  return readVars({ ...rest, entries }, { problems, what: 'parameters' })
}
