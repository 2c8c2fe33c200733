import type { Section } from '../core/section.ts'
import type { QuestionKind } from '../questions/kind.ts'
import { asAsked, type Open } from './foresight.ts'
import type { HostState } from './host.ts'
import { type Site, withEnvironment } from './site.ts'

export interface Answer {
  readonly one: Open
  readonly answer: unknown
}

/** All questions of one kind, as one script. */
export interface Group {
  readonly script: string
  /** Bytes that it may print. */
  readonly limit: number
  /** Throws a Failure at garbage. */
  read(section: Section): readonly Answer[]
}

/** What is asked of a host, each kind once for all its questions. Throws a Failure at what cannot be asked. */
export function groupsOf(site: Site, state: HostState, open: readonly Open[]): readonly Group[] {
  const kinds = new Map<QuestionKind, Open[]>()
  for (const one of open) {
    const alike = kinds.get(one.kind)
    if (alike) alike.push(one)
    else kinds.set(one.kind, [one])
  }
  const groups = [...kinds].map(([kind, alike]) => groupOf(site, state, kind, alike))
  state.asked += open.length
  return groups
}

function groupOf(site: Site, state: HostState, kind: QuestionKind, alike: readonly Open[]): Group {
  const args = alike.map(one => asAsked(site, state, one).arg)
  return {
    script: withEnvironment(site, kind.sh(args)),
    limit: kind.limit?.(alike.map(one => one.arg)) ?? 0,
    read(section) {
      const answers = kind.parse(section, args)
      return alike.map((one, i) => ({ one, answer: answers[i] }))
    },
  }
}

const usual = 1024 * 1024

/** Of the frame they share. */
export function limitOf(groups: readonly Group[]): number {
  return Math.max(usual, ...groups.map(group => group.limit))
}
