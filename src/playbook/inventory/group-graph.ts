import type { Problems } from '../problems.ts'
import type { Draft, GroupDraft } from './draft.ts'

/** How groups stand to each other: `all` is above every group that has no other parent. */
export class GroupGraph {
  readonly #draft: Draft
  readonly #depths = new Map<string, number>()

  constructor(draft: Draft, problems: Problems) {
    this.#draft = draft
    this.#refuseLoops(problems)
    this.#refuseTwins(problems)
  }

  /** Hosts of the group and of all below it. */
  members(name: string): ReadonlySet<string> {
    const members = new Set<string>()
    for (const group of this.#below(name)) for (const host of group.hosts) members.add(host)
    return members
  }

  /** Steps from the top: parents are weaker than their children. */
  depth(name: string): number {
    const known = this.#depths.get(name)
    if (known !== undefined) return known
    this.#depths.set(name, 0)
    const parents = [...this.#draft.groups.values()].filter(group => group.name !== 'all' && group.children.has(name))
    const depth = name === 'all' ? 0 : 1 + Math.max(0, ...parents.map(parent => this.depth(parent.name)))
    this.#depths.set(name, depth)
    return depth
  }

  *#below(name: string, seen = new Set<string>()): Iterable<GroupDraft> {
    const group = this.#draft.groups.get(name)
    if (!group || seen.has(name)) return
    seen.add(name)
    yield group
    for (const child of group.children.keys()) yield* this.#below(child, seen)
  }

  #refuseLoops(problems: Problems): void {
    const done = new Set<string>()
    const visit = (group: GroupDraft, chain: readonly string[]): void => {
      for (const [child, span] of group.children) {
        const at = [...chain, group.name]
        if (at.includes(child)) {
          const loop = [...at.slice(at.indexOf(child)), child].join(' → ')
          const hint = 'take one of the groups out of the other'
          problems.add({ code: 'include-loop', message: `the group '${child}' contains itself: ${loop}`, span, hint })
          group.children.delete(child)
        } else if (!done.has(child)) visit(this.#draft.groups.get(child)!, at)
      }
      done.add(group.name)
    }
    for (const group of this.#draft.groups.values()) if (!done.has(group.name)) visit(group, [])
  }

  #refuseTwins(problems: Problems): void {
    for (const host of this.#draft.hosts.values()) {
      if (!this.#draft.groups.has(host.name)) continue
      const message = `'${host.name}' is the name of a host and of a group`
      problems.add({ code: 'conflicting', message, span: host.span, hint: 'give one of them another name' })
    }
  }
}
