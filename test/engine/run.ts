import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Event } from '../../src/core/event.ts'
import type { Deps, JournalLine } from '../../src/engine/deps.ts'
import { type RunResult, runPlays } from '../../src/engine/run-plays.ts'
import { loadProject } from '../../src/playbook/index.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { bootKind, changes, facts, modules, questions, type World } from './memory.ts'

export interface Ran {
  readonly events: readonly Event[]
  readonly lines: readonly JournalLine[]
  readonly result: RunResult
  /** `task host status`, in the order they ended. */
  readonly ends: readonly string[]
}

export interface RunInput {
  readonly files: { readonly [path: string]: string }
  readonly check?: boolean
  readonly forks?: number
  readonly extra?: readonly string[]
  readonly signal?: AbortSignal
  readonly force?: AbortSignal
  /** Told of each event as it comes. */
  readonly heed?: (event: Event) => void
  readonly waitLock?: number
  readonly lookAhead?: boolean
  readonly verbosity?: number
  readonly skipTags?: readonly string[]
  /** Beside those of a world. */
  readonly more?: Partial<Pick<Deps, 'modules' | 'questions' | 'changes'>>
  readonly control?: Deps['control']
}

/** Runs `site.yml` of a project made of these files on the hosts of a world. */
export async function run(
  world: World,
  {
    files,
    check = false,
    forks = 10,
    extra = [],
    signal,
    force,
    heed,
    waitLock = 0,
    lookAhead = true,
    verbosity = 0,
    skipTags = [],
    more = {},
    control = async () => undefined,
  }: RunInput,
): Promise<Ran> {
  const temp = mkdtempSync(join(tmpdir(), 'pitool-engine-'))
  // Its name is the project's: the same in each run.
  const root = join(temp, 'home')
  try {
    for (const [path, text] of Object.entries({
      'inventory/hosts.yml': threeHosts,
      'pitool.yml': 'forks: 10\n',
      ...files,
    })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const kinds = world.boots.size > 0 ? [...questions, bootKind as QuestionKind] : questions
    const known = [...modules, ...(more.modules ?? [])]
    const project = loadProject({ cwd: root, playbooks: ['site.yml'], extraVars: [...extra], modules: known, skipTags })
    const events: Event[] = []
    const lines: JournalLine[] = []
    const result = await runPlays(
      project,
      {
        dialer: world.dialer,
        modules: known,
        questions: [...kinds, ...(more.questions ?? [])],
        changes: [...changes, ...(more.changes ?? [])],
        explain: () => undefined,
        facts,
        control,
        emit: event => {
          events.push(event)
          heed?.(event)
        },
        journal: line => lines.push(line),
        signal: signal ?? new AbortController().signal,
        ...(force ? { force } : {}),
      },
      {
        check,
        diff: true,
        forks,
        version: '0',
        run: 'test',
        playbooks: ['site.yml'],
        holder: 'a test',
        waitLock,
        lookAhead,
        verbosity,
      },
    )
    return { events, lines, result, ends: events.flatMap(endOf) }
  } finally {
    rmSync(temp, { recursive: true })
  }
}

const threeHosts = `all:\n  hosts:\n    a: {}\n    b: {}\n    c: {}\n`

function endOf(event: Event): readonly string[] {
  if (event.type !== 'host.end') return []
  const item = event.item === undefined ? '' : `[${event.item}]`
  return [`${event.task.name}${item} ${event.host} ${event.status}${event.ignored ? ' ignored' : ''}`]
}

/** The last register of a name that a debug task showed. */
export function said(ran: Ran, host: string): readonly string[] {
  return ran.events.flatMap(event =>
    event.type === 'host.end' && event.host === host && event.task.module === 'debug' ? [event.message ?? ''] : [],
  )
}
