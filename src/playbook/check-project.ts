import { didYouMean } from '../core/did-you-mean.ts'
import { checkItems, type Surroundings } from './check-play.ts'
import { definitionsOf } from './definitions.ts'
import type { Host, Inventory, VarLayer } from './model.ts'
import type { ReadPlay } from './play.ts'
import type { Problems } from './problems.ts'
import { visit } from './references.ts'
import type { Loader } from './scene.ts'
import { isSpecialTag, type Selection } from './tags.ts'

export function hostsIn(read: readonly ReadPlay[], { hosts }: Inventory): readonly Host[] {
  const names = new Set(read.flatMap(({ play }) => play.hosts))
  return [...hosts.values()].filter(({ name }) => names.has(name))
}

export interface Whole {
  readonly loader: Loader
  readonly inventory: Inventory
  readonly extra: VarLayer
}

/** Checks plays in their order: what one registers, later ones see. */
export function checkPlays(read: readonly ReadPlay[], { loader, inventory, extra }: Whole): void {
  const defined = new Set<string>()
  let open = false
  for (const { play, state } of read) {
    const items = play.sections.flat()
    const definitions = definitionsOf([...items, ...play.handlers])
    for (const name of definitions.names) defined.add(name)
    open ||= definitions.open
    const hosts = play.hosts.map(name => inventory.hosts.get(name)!)
    const ground = { hosts, layers: [...play.layers, extra], defined: new Set(defined), problems: loader.problems }
    const around: Surroundings = { loader, inventory, handlers: handlersIn(items, play.handlers), open, ground }
    checkItems([...items, ...play.handlers], around)
    state.late = (more, handlers, problems) => {
      const late = definitionsOf(more)
      const seen = new Set([...defined, ...late.names])
      const lateLoader = { ...loader, problems }
      const known = [...around.handlers, ...handlers]
      checkItems(more, {
        ...around,
        loader: lateLoader,
        handlers: known,
        ground: { ...ground, defined: seen, problems },
      })
    }
  }
}

function handlersIn(items: ReadPlay['items'], own: Surroundings['handlers']): Surroundings['handlers'] {
  const brought = [...visit(items)].flatMap(({ item }) =>
    item.kind === 'include' && item.constant !== undefined ? item.load(item.constant).handlers : [],
  )
  return [...own, ...brought]
}

/** A tag nobody has is a slip of the pen: without this, a play would do nothing, or what it should have skipped. */
export function checkTags(read: readonly ReadPlay[], { tags, skip }: Selection, problems: Problems): void {
  const known = new Set(read.flatMap(({ play }) => play.tags))
  const open = read.some(({ items }) => definitionsOf(items).open)
  if (open || read.length === 0) return
  for (const tag of [...tags, ...skip]) {
    if (known.has(tag) || isSpecialTag(tag)) continue
    const near = didYouMean(tag, known)
    const there = known.size > 0 ? `tags are ${[...known].sort().join(', ')}` : 'the playbook has no tags'
    const hint = near === undefined ? there : `did you mean '${near}'?`
    problems.add({ code: 'unknown-tag', message: `no task has the tag '${tag}'`, hint })
  }
}
