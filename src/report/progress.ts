import type { Event, TaskRef } from '../core/event.ts'
import type { Palette } from './palette.ts'
import { oneLine } from './sanitise.ts'
import { duration, seconds, title } from './words.ts'

interface Running {
  readonly task: TaskRef
  readonly since: number
  /** Host → what it waits for, or ''. */
  readonly hosts: Map<string, string>
}

/** What is going on at this moment, kept from the events. */
export interface Progress {
  note(event: Event): void
  lines(): readonly string[]
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const slow = 1000

export function createProgress(paint: Palette, now: () => number = Date.now): Progress {
  const running = new Map<number, Running>()
  const of = (task: TaskRef): Running => {
    const known = running.get(task.id) ?? { task, since: now(), hosts: new Map<string, string>() }
    running.set(task.id, known)
    return known
  }
  return {
    note(event) {
      if (event.type === 'host.start') of(event.task).hosts.set(event.host, '')
      else if (event.type === 'host.waiting')
        of(event.task).hosts.set(event.host, `waiting for ${oneLine(event.what)} (${seconds(event.elapsed)})`)
      else if (event.type === 'host.retry')
        of(event.task).hosts.set(event.host, `attempt ${event.attempt} of ${event.of}`)
      else if (event.type === 'host.end') running.get(event.task.id)?.hosts.delete(event.host)
      else if (event.type === 'task.end') running.delete(event.task.id)
      else if (event.type === 'play.end' || event.type === 'run.end') running.clear()
    },
    lines() {
      return [...running.values()].filter(({ hosts }) => hosts.size > 0).map(task => line(task, paint, now()))
    },
  }
}

function line({ task, since, hosts }: Running, paint: Palette, time: number): string {
  const frame = spinner[Math.floor(time / 100) % spinner.length] ?? ''
  const names = [...hosts].map(([host, what]) => (what === '' ? oneLine(host) : `${oneLine(host)} ${what}`)).join(', ')
  const spent = time - since
  return `${paint.note(frame)} ${title(task)} ${paint.dim(`· ${names}${spent < slow ? '' : ` · ${duration(spent)}`}`)}`
}
