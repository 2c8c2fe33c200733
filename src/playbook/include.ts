import { place } from '../core/span.ts'
import type { MapNode, Node } from '../language/node.ts'
import { constantText, readTemplate } from './compile.ts'
import { inherit, innerKeywords, varsLayer } from './keywords.ts'
import { type loopKeys, readLoop } from './loop.ts'
import type { Include, Included } from './model.ts'
import { Problems } from './problems.ts'
import { ProjectFiles } from './project-files.ts'
import { asMap, type Keys, readExactly } from './read-keys.ts'
import { type Scene, seeingRoles } from './scene.ts'
import { select } from './tags.ts'
import { given } from './task.ts'

/** What the three kinds of includes have in common. */
export interface IncludeDraft {
  readonly node: MapNode
  readonly what: Include['what']
  /** The value that names the file or role. */
  readonly target: Node
  readonly keys: Keys<typeof innerKeywords & typeof loopKeys>
  /** Keywords for what it brings. */
  readonly apply?: Node | undefined
  load(name: string, scene: Scene): Included
}

/**
 * An include. What it names outright is loaded now, so that its mistakes are found before anything runs; what a
 * template names is loaded and checked when its name is known.
 */
export function makeInclude(draft: IncludeDraft, scene: Scene): readonly Include[] {
  const { problems } = scene.loader
  const { values } = draft.keys
  const target = readTemplate(draft.target, { problems, what: `include_${draft.what}` })
  const loop = readLoop(draft.keys, problems)
  if (!target) return []
  const inside = insideOf(draft, scene)
  const loaded = new Map<string, Included>()
  const name = constantText(draft.target)
  if (name !== undefined) loaded.set(name, draft.load(name, inside))
  const origin = `vars of the include at ${place(draft.node.span)}`
  const keywords = inherit(scene.keywords, values, varsLayer(values.vars, 'task vars', origin))
  const include: Include = {
    kind: 'include',
    span: draft.node.span,
    what: draft.what,
    target,
    keywords: seeingRoles(keywords, scene.play),
    ...given({ name: values.name, loop, role: scene.role, constant: name }),
    load: wanted => selected(loaded.get(wanted) ?? remember(loaded, wanted, late(draft, wanted, inside)), scene),
  }
  return [include]
}

/** An include hands its variables and what it applies to what it brings; its other keywords are its own. */
function insideOf({ node, keys, apply }: IncludeDraft, scene: Scene): Scene {
  const { problems } = scene.loader
  const map = apply && asMap(apply, { problems, where: "'apply'" })
  const applied = map ? readExactly(map, innerKeywords, { problems, where: "'apply'" }).values : {}
  const origin = `vars of the include at ${place(node.span)}`
  const layers = [
    ...varsLayer(keys.values.vars, 'block vars', origin),
    ...varsLayer(applied.vars, 'block vars', origin),
  ]
  return { ...scene, keywords: inherit(scene.keywords, applied, layers) }
}

/** Loads while the play runs: all mistakes of what comes in are thrown together. */
function late(draft: IncludeDraft, name: string, scene: Scene): Included {
  const problems = new Problems()
  const { root, disk } = scene.loader.files
  const loader = { ...scene.loader, problems, files: new ProjectFiles(root, disk, problems) }
  const included = draft.load(name, { ...scene, loader })
  scene.play.late?.(included.items, included.handlers, problems)
  problems.throwIfAny()
  return included
}

function remember(loaded: Map<string, Included>, name: string, included: Included): Included {
  loaded.set(name, included)
  return included
}

function selected(included: Included, { loader }: Scene): Included {
  return { ...included, items: select(included.items, loader.selection) }
}
