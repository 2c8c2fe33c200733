import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { explainSection } from '../../src/changes/explain.ts'
import { changeKinds } from '../../src/changes/index.ts'
import type { ChangeKind } from '../../src/changes/kind.ts'
import { answerLocally } from '../../src/cli/control.ts'
import { type Diagnostic, Mistake } from '../../src/core/diagnostic.ts'
import type { Event } from '../../src/core/event.ts'
import type { Module } from '../../src/core/module.ts'
import { Secret } from '../../src/core/secret.ts'
import { type RunResult, runPlays } from '../../src/engine/run-plays.ts'
import type { Tree } from '../../src/language/scope.ts'
import { modules } from '../../src/modules/index.ts'
import { loadProject } from '../../src/playbook/index.ts'
import type { Project } from '../../src/playbook/model.ts'
import { factNames, facts } from '../../src/questions/facts.ts'
import { questionKinds } from '../../src/questions/index.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import type { Trial } from './trial.ts'
import type { World } from './world.ts'

/** What the engine is handed: the real ones, or some with a fault planted. */
export interface Parts {
  readonly modules: readonly Module[]
  readonly questions: readonly QuestionKind[]
  readonly changes: readonly ChangeKind[]
}

export const realParts: Parts = { modules, questions: questionKinds, changes: changeKinds }

export type End = Extract<Event, { readonly type: 'host.end' }>

export interface Ran {
  readonly events: readonly Event[]
  readonly ends: readonly End[]
  /** What the control side keeps of the run. */
  readonly journal: readonly unknown[]
  readonly result: RunResult
}

export interface OpenPlay {
  run(check: boolean, lookAhead?: boolean): Promise<Ran>
  /** The user's mistakes that loading it tells, before any host is thought of; none where it loads. */
  mistakes(): readonly Diagnostic[]
  close(): void
}

/** Its playbook, as it is written. */
export const playbook = 'site.yml'

/** The trial's play as a project on disk, loaded and carried out as the command line does it. */
export function playOf(world: World, parts: Parts, trial: Trial): OpenPlay {
  const folder = mkdtempSync(join(tmpdir(), 'pitool-laws-project-'))
  for (const [path, text] of Object.entries(projectFiles(world, trial))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    run: async (check, lookAhead = true) =>
      carryOut(world, parts, { project: load(folder, parts, trial), check, lookAhead }),
    mistakes: () => mistakesOf(() => load(folder, parts, trial)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function projectFiles(world: World, trial: Trial): { readonly [path: string]: string } {
  const { tasks, handlers = [], files = {}, groups = {} } = trial
  const play = { hosts: 'host', ...world.play, tasks, handlers }
  const hosts = (names: readonly string[]) => ({ hosts: Object.fromEntries(names.map(name => [name, {}])) })
  const children = Object.fromEntries(Object.entries(groups).map(([group, names]) => [group, hosts(names)]))
  return {
    'pitool.yml': 'forks: 2\n',
    'inventory/hosts.yml': JSON.stringify({ all: { ...hosts(['host']), children } }),
    [playbook]: JSON.stringify([play], undefined, 1),
    ...files,
  }
}

function mistakesOf(load: () => unknown): readonly Diagnostic[] {
  try {
    load()
    return []
  } catch (error) {
    if (error instanceof Mistake) return error.diagnostics
    throw error
  }
}

function load(folder: string, { modules }: Parts, { secrets = {} }: Trial): Project {
  const names = Object.keys(secrets).map(name => `${name}=later`)
  const project = loadProject({ cwd: folder, playbooks: [playbook], modules, extraVars: names })
  const source = { file: 'secrets', text: '' }
  const span = { source, start: 0, end: 0 }
  const hidden = Object.entries(secrets).map(([name, text]): [string, Tree] => [
    name,
    { kind: 'value', value: new Secret(text), span },
  ])
  return { ...project, extra: { ...project.extra, vars: new Map([...project.extra.vars, ...hidden]) } }
}

async function carryOut(
  world: World,
  parts: Parts,
  at: { readonly project: Project; readonly check: boolean; readonly lookAhead: boolean },
): Promise<Ran> {
  const events: Event[] = []
  const journal: unknown[] = []
  const aborter = new AbortController()
  const result = await runPlays(
    at.project,
    {
      dialer: world.dialer,
      ...parts,
      explain: explainSection,
      facts: { names: factNames, question: facts },
      control: question => answerLocally(question, aborter.signal),
      journal: line => journal.push(line),
      emit: event => events.push(event),
      signal: aborter.signal,
    },
    {
      check: at.check,
      diff: true,
      forks: 2,
      version: '0',
      run: 'laws',
      playbooks: [playbook],
      holder: 'laws',
      waitLock: 0,
      verbosity: 0,
      lookAhead: at.lookAhead,
    },
  )
  return { events, journal, result, ends: events.filter(event => event.type === 'host.end') }
}
