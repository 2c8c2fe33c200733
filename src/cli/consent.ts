import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Project } from '../playbook/model.ts'
import { isTerminal, toStderr } from '../report/streams.ts'
import { count } from '../report/words.ts'
import type { Flags } from './flags.ts'

/** Whether a run may begin: on a terminal the playbook of the whole project, and plays that say `confirm`, begin only after a yes. */
export async function consent(project: Project, playbooks: readonly string[], flags: Flags): Promise<boolean> {
  if (flags.on('check') || flags.on('yes')) return true
  const said = [...new Set(project.plays.flatMap(play => play.confirm ?? []))]
  if (said.length === 0 && !isWhole(project, playbooks)) return true
  if (process.stdin.isTTY !== true || !isTerminal('stdout')) return true
  toStderr(`${[...said, question(project, playbooks)].join('\n')} [y/N] `)
  const yes = /^y(es)?$/i.test((await line()).trim())
  if (!yes) toStderr('Nothing was touched. `--check` shows what it would do, `--yes` asks nothing.\n')
  return yes
}

function isWhole({ settings }: Project, playbooks: readonly string[]): boolean {
  const places = playbooks.flatMap(playbook => [resolve(playbook), resolve(settings.root, playbook)])
  return places.includes(settings.playbook)
}

function question({ plays }: Project, playbooks: readonly string[]): string {
  const hosts = [...new Set(plays.flatMap(play => play.hosts))]
  const named = hosts.length > 8 ? `${hosts.slice(0, 8).join(', ')} …` : hosts.join(', ')
  return `${playbooks.join(', ')} may change ${count(hosts.length, 'host')}: ${named}. Go on?`
}

/** What is typed, without its line's end; nothing where the input ends. Ctrl-C ends the process as ever. */
function line(): Promise<string> {
  const lines = createInterface({ input: process.stdin, terminal: false })
  return new Promise(typed => {
    lines.once('line', text => {
      typed(text)
      lines.close()
    })
    lines.once('close', () => typed(''))
  })
}
