import type { Palette } from './palette.ts'
import { oneLine } from './sanitise.ts'
import { count } from './words.ts'

/** What `--list-hosts`, `--list-tasks` and `--list-tags` show of a play. */
export interface PlayListing {
  readonly play: string
  readonly place: string
  readonly hosts?: readonly string[]
  readonly tasks?: readonly TaskListing[]
  readonly tags?: readonly string[]
}

export interface TaskListing {
  readonly name: string
  /** How deep in blocks. */
  readonly depth: number
  readonly tags: readonly string[]
}

export function renderListing(plays: readonly PlayListing[], paint: Palette): readonly string[] {
  return plays.flatMap(({ play, place, hosts, tasks, tags }) => [
    `${paint.bold(`PLAY ${oneLine(play)}`)} ${paint.dim(`· ${oneLine(place)}`)}`,
    ...(hosts ? [`  hosts (${hosts.length}):`, ...hosts.map(host => `    ${oneLine(host)}`)] : []),
    ...(tasks ? [`  ${count(tasks.length, 'task')}:`, ...tasks.map(task => renderTask(task, paint))] : []),
    ...(tags ? [`  tags: ${tags.length === 0 ? '(none)' : tags.map(oneLine).join(', ')}`] : []),
  ])
}

function renderTask({ name, depth, tags }: TaskListing, paint: Palette): string {
  const tagged = tags.length === 0 ? '' : paint.dim(`  [${tags.map(oneLine).join(', ')}]`)
  return `    ${'  '.repeat(depth)}${oneLine(name)}${tagged}`
}
