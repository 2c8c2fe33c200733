import { randomBytes } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { explainSection } from '../changes/explain.ts'
import { changeKinds } from '../changes/index.ts'
import { runPlays } from '../engine/run-plays.ts'
import { modules } from '../modules/index.ts'
import type { Project } from '../playbook/model.ts'
import { factNames, facts } from '../questions/facts.ts'
import { questionKinds } from '../questions/index.ts'
import type { Reporter } from '../report/reporter.ts'
import { createDialer } from '../transport/dialer.ts'
import { answerLocally } from './control.ts'
import type { Flags } from './flags.ts'
import { openJournal } from './journal.ts'
import { readPasswords } from './password.ts'
import { interruption } from './signals.ts'
import { targetOf, type Ways } from './targets.ts'
import { version } from './version.ts'

export interface Carrying {
  readonly flags: Flags
  readonly reporter: Reporter
  readonly playbooks: readonly string[]
  readonly check: boolean
}

/** Hands the engine all it works with, and lets it run. */
export async function carry(project: Project, carrying: Carrying): Promise<{ exit: number; pending: boolean }> {
  const { flags, reporter, playbooks, check } = carrying
  const { settings, inventory, extra } = project
  const ways: Ways = { sources: { inventory, extra }, settings, passwords: await readPasswords(flags) }
  const run = runName()
  const journal = openJournal(settings.root, {
    type: 'run.start',
    run,
    playbooks,
    hosts: hostsOf(project),
    process: { machine: hostname(), pid: process.pid },
  })
  const interrupted = interruption()
  try {
    const result = await runPlays(
      project,
      {
        dialer: createDialer(host => targetOf(host, ways)),
        modules,
        questions: questionKinds,
        changes: changeKinds,
        explain: explainSection,
        facts: { names: factNames, question: facts },
        control: question => answerLocally(question, interrupted.signal),
        // The engine knows that it was ended, not by which signal.
        emit: event =>
          reporter.emit(event.type === 'run.end' ? { ...event, exit: interrupted.exit() ?? event.exit } : event),
        journal: journal.write,
        signal: interrupted.signal,
        force: interrupted.force,
      },
      {
        check,
        diff: flags.on('diff'),
        forks: settings.forks,
        version,
        run,
        playbooks,
        holder: holderOf(run),
        lookAhead: !flags.on('no-look-ahead'),
        waitLock: flags.number('wait-lock', 0) ?? 0,
        verbosity: flags.count('verbose'),
      },
    )
    journal.close(result.exit)
    return { pending: result.pending, exit: interrupted.exit() ?? result.exit }
  } finally {
    interrupted.release()
  }
}

function hostsOf({ plays }: Project): readonly string[] {
  return [...new Set(plays.flatMap(play => play.hosts))]
}

/** Sorts by time, and no two are alike. */
function runName(): string {
  return `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`
}

/** As others are told who keep away from a host meanwhile. */
function holderOf(run: string): string {
  return `run ${run} of ${userInfo().username}@${hostname()}, since ${new Date().toISOString()}`
}
