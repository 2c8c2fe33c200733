import type { MapEntry, Node } from '../../language/node.ts'
import { readVars } from '../compile.ts'
import type { Problems } from '../problems.ts'
import { isNothing } from '../read.ts'
import { asMap, unknownKey } from '../read-keys.ts'
import type { Draft, GroupDraft } from './draft.ts'
import { expandHosts } from './host-range.ts'

/** Gathers what one inventory file says, in Ansible's shape: groups with `hosts`, `vars` and `children`. */
export class InventoryReader {
  readonly #draft: Draft
  readonly #problems: Problems
  readonly #origin: string

  constructor(draft: Draft, problems: Problems, origin: string) {
    this.#draft = draft
    this.#problems = problems
    this.#origin = origin
  }

  read(node: Node): void {
    for (const entry of this.#entries(node, 'an inventory')) {
      const inner = ['hosts', 'children', 'vars'].includes(entry.key)
      if (inner) this.#topLevelKey(entry)
      else this.#group(entry)
    }
  }

  #topLevelKey(entry: MapEntry): void {
    const hint = `put it below a group: \`all:\`, and \`${entry.key}:\` inside it`
    const message = `'${entry.key}' stands at the top, where the names of groups are expected`
    this.#problems.add({ code: 'unknown-key', message, span: entry.keySpan, hint })
  }

  #group({ key: name, keySpan, value }: MapEntry): GroupDraft {
    const group = this.#draft.group(name, keySpan)
    if (isNothing(value)) return group
    for (const entry of this.#entries(value, `the group '${name}'`)) this.#groupKey(group, entry)
    return group
  }

  #groupKey(group: GroupDraft, entry: MapEntry): void {
    const { key, value } = entry
    group.defined = true
    if (key === 'hosts') this.#hosts(group, value)
    else if (key === 'vars') this.#vars(group, value)
    else if (key === 'children') this.#children(group, value)
    else
      unknownKey(entry, ['hosts', 'vars', 'children'], { problems: this.#problems, where: `the group '${group.name}'` })
  }

  #vars(group: GroupDraft, value: Node): void {
    const vars = readVars(value, { problems: this.#problems, what: 'vars' })
    if (vars) group.vars.push({ origin: this.#origin, vars })
  }

  #children(group: GroupDraft, value: Node): void {
    if (isNothing(value)) return
    for (const entry of this.#entries(value, "'children'")) {
      group.children.set(entry.key, entry.keySpan)
      this.#group(entry)
    }
  }

  #hosts(group: GroupDraft, value: Node): void {
    if (isNothing(value)) return
    for (const entry of this.#entries(value, "'hosts'")) {
      const names = expandHosts(entry.key)
      if (names) this.#host(group, entry, names)
      else {
        const hint = 'a range is [01:10], [a:f] or [1:9:2]'
        const message = `'${entry.key}' holds a range that cannot be read`
        this.#problems.add({ code: 'wrong-value', message, span: entry.keySpan, hint })
      }
    }
  }

  #host(group: GroupDraft, { key, keySpan, value }: MapEntry, names: readonly string[]): void {
    const vars = readVars(value, { problems: this.#problems, what: key })
    for (const name of names) {
      group.hosts.add(name)
      const host = this.#draft.host(name, keySpan)
      if (vars && vars.size > 0) host.vars.push({ origin: this.#origin, vars })
    }
  }

  #entries(node: Node, where: string): readonly MapEntry[] {
    if (node.kind === 'list' && where.endsWith("hosts'")) {
      const hint = 'write each host as a key with a colon: `pi1:`'
      this.#problems.add({ code: 'wrong-type', message: "'hosts' must be a map, not a list", span: node.span, hint })
      return []
    }
    return asMap(node, { problems: this.#problems, where })?.entries ?? []
  }
}
