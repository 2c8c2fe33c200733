import type { Event, Stood, TaskRef } from '../core/event.ts'
import type { Palette } from './palette.ts'
import { oneLine } from './sanitise.ts'
import { title } from './words.ts'

type Stopping = Extract<Event, { type: 'stopping' }>
type Cancelled = Extract<Event, { type: 'cancelled' }>

const most = 8

/** Said at once when a signal comes: what is waited for, and what the next one does. */
export function renderStopping({ signal, ends, changing }: Stopping, paint: Palette): readonly string[] {
  const again = signal === 'SIGINT' ? 'Ctrl-C again' : 'a second signal'
  const at = changing.slice(0, most).map(({ host, task }) => `${oneLine(host)} (${title(task)})`)
  const on = [...at, ...(changing.length > most ? [`${changing.length - most} more`] : [])].join(', ')
  if (changing.length === 0) return [paint.unsure(`stopping (${oneLine(signal)}): no change is under way`)]
  if (ends) return [paint.unsure(`ending what runs on ${on}; once more leaves it alone and exits at once`)]
  return [paint.unsure(`finishing the current change on ${on}; ${again} ends it`)]
}

/** Where each host stood at the end of an interrupted run. */
export function renderCancelled({ signal, hosts }: Cancelled, paint: Palette): readonly string[] {
  const names = Object.entries(hosts)
  const head = `interrupted (${oneLine(signal)})`
  if (names.length === 0) return [paint.unsure(head)]
  return [
    paint.unsure(`${head}; where each host stood:`),
    ...names.flatMap(([host, stood]) => lines(host, stood, paint)),
  ]
}

function lines(host: string, stood: Stood, paint: Palette): readonly string[] {
  const owed = stood.owed.map(oneLine).join(', ')
  return [
    `  ${oneLine(host)}: ${sentence(stood)}${stood.task ? paint.dim(` · ${oneLine(stood.task.place)}`) : ''}`,
    ...(owed === '' ? [] : [`    owed still, and run by the next run: ${owed}`]),
  ]
}

function sentence({ task, how }: Stood): string {
  if (!task) return 'not begun'
  const name = named(task)
  switch (how) {
    case 'done':
      return `finished ${name}`
    case 'failed':
      return `failed in ${name}`
    case 'given-up':
      return `gave up ${name} before it changed anything`
    case 'stopped':
      return `stopped in the midst of ${name}, after a whole change`
    case 'ended':
      return `ended ${name}; whether its change was done is unknown`
    default:
      return 'not begun'
  }
}

function named(task: TaskRef): string {
  return `'${title(task)}'`
}
