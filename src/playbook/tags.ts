import type { Item, Project } from './model.ts'

/** What `--tags` and `--skip-tags` ask for. */
export interface Selection {
  readonly tags: readonly string[]
  readonly skip: readonly string[]
}

export const everything: Selection = { tags: [], skip: [] }

/** Ansible's rules: `always` runs unless skipped, `never` only when one of its tags is asked for. */
export function isSelected(tags: readonly string[], { tags: wanted, skip }: Selection): boolean {
  return isWanted(tags, wanted) && !isSkipped(tags, skip)
}

function isWanted(tags: readonly string[], wanted: readonly string[]): boolean {
  const named = wanted.some(tag => tags.includes(tag))
  if (named) return true
  if (tags.includes('never')) return false
  if (wanted.length === 0 || wanted.includes('all') || tags.includes('always')) return true
  return wanted.includes(isTagged(tags) ? 'tagged' : 'untagged')
}

function isSkipped(tags: readonly string[], skip: readonly string[]): boolean {
  if (skip.some(tag => tags.includes(tag))) return true
  if (skip.includes('all')) return !tags.includes('always')
  return skip.includes(isTagged(tags) ? 'tagged' : 'untagged')
}

function isTagged(tags: readonly string[]): boolean {
  return tags.some(tag => tag !== 'always' && tag !== 'never')
}

/** The items that the selection leaves; a block goes when nothing in it stays. */
export function select(items: readonly Item[], selection: Selection): readonly Item[] {
  return items.flatMap((item): readonly Item[] => {
    if (item.kind !== 'block') return isSelected(item.keywords.tags, selection) ? [item] : []
    const block = select(item.block, selection)
    if (block.length === 0) return []
    return [{ ...item, block, rescue: select(item.rescue, selection), always: select(item.always, selection) }]
  })
}

export function tagsOf(items: readonly Item[]): readonly string[] {
  const tags = items.flatMap(item =>
    item.kind === 'block'
      ? [...tagsOf(item.block), ...tagsOf(item.rescue), ...tagsOf(item.always)]
      : [...item.keywords.tags],
  )
  return [...new Set(tags)].sort()
}

export function isSpecialTag(tag: string): boolean {
  return ['all', 'tagged', 'untagged', 'always', 'never'].includes(tag)
}

/** Every tag of a project, whatever was selected. */
export function listTags({ plays }: Project): readonly string[] {
  return [...new Set(plays.flatMap(play => play.tags))].sort()
}
