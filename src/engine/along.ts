import { Failure } from '../core/diagnostic.ts'
import type { Section } from '../core/section.ts'
import { type Heard, type Open, recalled } from './foresight.ts'
import { type Group, groupsOf } from './groups.ts'
import { everything, type HostState } from './host.ts'
import type { Site } from './site.ts'

/** The coming tasks' questions, each once, without what is asked anyway. */
export async function comingAlong(site: Site, state: HostState, now: readonly Open[]): Promise<readonly Open[]> {
  if (!site.ahead || site.fresh) return []
  const asked = new Set(now.map(nameOf))
  const coming = await site.ahead(now)
  state.window = Math.min(everything, state.window * 4)
  return coming.filter(one => {
    const isNew = !asked.has(nameOf(one)) && !recalled(site, state, one)
    asked.add(nameOf(one))
    return isNew
  })
}

function nameOf({ kind, key }: Open): string {
  return `${kind.kind} ${key}`
}

/** What is asked in the frame of a change, behind it: the host has made the change when it answers. */
export interface Along {
  readonly groups: readonly Group[]
  /** What may be remembered of the answers; to be told before anything more is dropped. */
  heard(sections: readonly Section[]): readonly Heard[]
}

export const nothing: Along = { groups: [], heard: () => [] }

/**
 * The coming tasks' questions, once the change's footprint is dropped. Open ones stay behind: other hosts may be
 * changing still.
 */
export async function alongBehind(site: Site, state: HostState): Promise<Along> {
  if (state !== site.acting) return nothing
  const { drops } = state.answers
  const groups = await closedGroups(site, state)
  return {
    groups,
    heard: sections =>
      // Something else was changed there meanwhile: before or after it was answered, nobody knows.
      state.answers.drops === drops ? sections.flatMap((section, i) => read(site, groups[i]!, section)) : [],
  }
}

// What a coming task cannot ask, and garbage to its question, is that task's failure, at its turn.
async function closedGroups(site: Site, state: HostState): Promise<readonly Group[]> {
  const open = await comingAlong(site, state, [])
  return unlessFailed(() =>
    groupsOf(
      site,
      state,
      open.filter(one => !one.kind.open && !one.kind.own),
    ),
  )
}

function read(site: Site, group: Group, section: Section): readonly Heard[] {
  const changes = site.changes()
  return unlessFailed(() => group.read(section)).map(answer => ({ ...answer, changes }))
}

function unlessFailed<Item>(work: () => readonly Item[]): readonly Item[] {
  try {
    return work()
  } catch (error) {
    if (error instanceof Failure) return []
    throw error
  }
}
