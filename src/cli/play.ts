import { relative } from 'node:path'
import { Mistake } from '../core/diagnostic.ts'
import { modules } from '../modules/index.ts'
import { type Disk, inShard, loadProject, readShard } from '../playbook/index.ts'
import type { Project } from '../playbook/model.ts'
import { renderListing } from '../report/listing.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import type { Reporter } from '../report/reporter.ts'
import { isTerminal, toStdout } from '../report/streams.ts'
import { count, sum } from '../report/words.ts'
import { builtinRoles } from './builtin-roles.ts'
import { exits } from './exit.ts'
import { type Flags, usage } from './flags.ts'
import { countTasks, listPlays } from './listing.ts'
import { openReporter } from './open-reporter.ts'
import { openDisk } from './secret-keys.ts'
import { settingsFrom } from './settings.ts'

/** `pitool play`: loads and validates everything first, so that a mistake touches nothing. Gives the exit code. */
export async function play(playbooks: readonly string[], flags: Flags): Promise<number> {
  const reporter = await openReporter(flags)
  try {
    const project = shardOf(load(playbooks, flags, await openDisk(flags)), flags)
    return (
      listed(project, flags) ?? (await carryOut(project, { flags, reporter, playbooks: named(playbooks, project) }))
    )
  } catch (error) {
    // A program that reads events must see mistakes as events too.
    if (!(error instanceof Mistake) || flags.text('output') !== 'ndjson') throw error
    reporter.mistakes(error.diagnostics)
    return exits.mistake
  } finally {
    reporter.close()
  }
}

/** As the user names them; the project's own relative to its root. */
function named(playbooks: readonly string[], { settings }: Project): readonly string[] {
  return playbooks.length > 0 ? playbooks : [relative(settings.root, settings.playbook)]
}

function load(playbooks: readonly string[], flags: Flags, disk: Disk): Project {
  const limit = flags.text('limit')
  return loadProject({
    cwd: process.cwd(),
    settings: settingsFrom(flags),
    playbooks,
    ...(limit === undefined ? {} : { limit }),
    tags: flags.words('tags'),
    skipTags: flags.words('skip-tags'),
    extraVars: flags.list('extra-vars'),
    modules,
    builtinRoles,
    disk,
  })
}

/** The whole project is checked first: a mistake is found by every shard. */
function shardOf(project: Project, flags: Flags): Project {
  const text = flags.text('shard')
  if (text === undefined) return project
  const shard = readShard(text)
  if (!shard) throw usage(`--shard must be a part of a whole, such as 1/4, not ${text}`, 'parts are counted from 1')
  return inShard(project, shard)
}

/** Where only a list or a look at the texts is wanted: no host is reached. */
function listed(project: Project, flags: Flags): number | undefined {
  const wanted = { hosts: flags.on('list-hosts'), tasks: flags.on('list-tasks'), tags: flags.on('list-tags') }
  const paint = createPalette(wantsColor(process.env, isTerminal('stdout')))
  if (wanted.hosts || wanted.tasks || wanted.tags) {
    toStdout(`${renderListing(listPlays(project, wanted), paint).join('\n')}\n`)
    return exits.well
  }
  if (!flags.on('syntax-check')) return undefined
  const tasks = sum(project.plays.flatMap(one => one.sections.map(countTasks)))
  toStdout(`${count(project.plays.length, 'play')}, ${count(tasks, 'task')}: no mistakes found\n`)
  return exits.well
}

interface Carrying {
  readonly flags: Flags
  readonly reporter: Reporter
  readonly playbooks: readonly string[]
}

/** The heavy parts are loaded here: a mistake above costs no time. */
async function carryOut(project: Project, { flags, reporter, playbooks }: Carrying): Promise<number> {
  const { consent } = await import('./consent.ts')
  if (!(await consent(project, playbooks, flags))) return exits.mistake
  const { carry } = await import('./carry.ts')
  const check = flags.on('check')
  const { exit, pending } = await carry(project, { flags, reporter, playbooks, check })
  return exit === exits.well && check && pending && flags.on('detailed-exitcode') ? exits.pending : exit
}
