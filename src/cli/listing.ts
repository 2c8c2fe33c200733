import { place } from '../core/span.ts'
import { Unknown } from '../core/unknown.ts'
import type { Scope, Template } from '../language/scope.ts'
import type { Block, Item, Play, Project } from '../playbook/model.ts'
import { tagsOf } from '../playbook/tags.ts'
import type { PlayListing, TaskListing } from '../report/listing.ts'
import { sum } from '../report/words.ts'

export interface Wanted {
  readonly hosts: boolean
  readonly tasks: boolean
  readonly tags: boolean
}

/** What is shown of the plays; nothing is rendered that only a host knows. */
export function listPlays(project: Project, wanted: Wanted): readonly PlayListing[] {
  return project.plays.map(play => ({
    play: play.name,
    place: place(play.span),
    ...(wanted.hosts ? { hosts: play.hosts } : {}),
    ...(wanted.tasks ? { tasks: play.sections.flatMap(section => tasksOf(section)) } : {}),
    ...(wanted.tags ? { tags: tagsIn(play) } : {}),
  }))
}

function tagsIn(play: Play): readonly string[] {
  return [...new Set([...play.tags, ...play.sections.flatMap(tagsOf)])].sort()
}

/** Blocks and their tasks, in order. */
export function tasksOf(items: readonly Item[], depth = 0): readonly TaskListing[] {
  return items.flatMap(item => {
    const { tags } = item.keywords
    if (item.kind === 'block') return blockOf(item, depth)
    return [{ name: nameOf(item), depth, tags }]
  })
}

export function countTasks(items: readonly Item[]): number {
  return sum(
    items.map(item => (item.kind === 'block' ? countTasks([...item.block, ...item.rescue, ...item.always]) : 1)),
  )
}

function blockOf({ name, keywords, block, rescue, always }: Block, depth: number): readonly TaskListing[] {
  const inner = [...block, ...rescue, ...always]
  if (name === undefined) return tasksOf(inner, depth)
  return [{ name: written(name), depth, tags: keywords.tags }, ...tasksOf(inner, depth + 1)]
}

function nameOf(item: Exclude<Item, Block>): string {
  if (item.kind === 'meta') return `meta: ${item.action}`
  if (item.kind === 'include') return `include ${item.what}: ${written(item.target)}`
  const name = item.name === undefined ? item.module : written(item.name)
  return item.role ? `${item.role.name} : ${name}` : name
}

const nothing: Scope = { has: () => false, get: name => new Unknown(name), names: () => [] }

/** A text without variables as it is, else as it stands in the file. */
function written(template: Template): string {
  if (template.references.length === 0) return String(template.render(nothing))
  const { source, start, end } = template.span
  return source.text.slice(start, end).replace(/^(['"])(.*)\1$/s, '$2')
}
