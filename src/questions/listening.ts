import type { Question } from '../core/question.ts'
import { outText } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'

export interface ListeningAnswer {
  /** Something on this host takes connections there. */
  readonly listening: boolean
  /** Connections that are open at that port. */
  readonly connections: number
}

/** A TCP port of the host itself, read from the kernel's tables: no tool needed, no connection made. */
export function listening(port: number): Question<ListeningAnswer> {
  return { kind: 'listening', key: String(port), arg: port }
}

const listen = '0A'
const open = new Set(['01', '02', '03', '04', '05', '08', '09', '0B'])

export const listeningKind: QuestionKind<number, ListeningAnswer> = {
  kind: 'listening',
  open: true,
  sh: () => `echo tables; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null; :`,
  parse(section, ports) {
    const [first, ...lines] = outText(section).split('\n')
    if (first !== 'tables' || section.truncated || lines.length < 2) throw badAnswer('its ports', section)
    const sockets = lines.flatMap(line => {
      const match = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line)
      return match ? [{ port: Number.parseInt(match[1]!, 16), state: match[2]! }] : []
    })
    return ports.map(port => {
      const here = sockets.filter(socket => socket.port === port)
      return {
        listening: here.some(({ state }) => state === listen),
        connections: here.filter(({ state }) => open.has(state)).length,
      }
    })
  },
  limit: () => 8 * 1024 * 1024,
}
