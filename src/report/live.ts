import { createLogUpdate } from 'log-update'
import type { Write } from './reporter.ts'

/** The moving lines at the bottom of a terminal. */
export interface Live {
  /** Lasting text, above them. */
  readonly write: Write
  /** Called a few times a second for what to show; no lines: nothing. */
  show(lines: () => readonly string[]): void
  stop(): void
}

const beat = 200

/** On a terminal only. Loaded lazily: nobody else needs it. */
export function createLive(write: Write, stream: NodeJS.WriteStream = process.stdout): Live {
  const log = createLogUpdate(stream, { showCursor: true })
  let lines: () => readonly string[] = () => []
  const draw = () => {
    const shown = lines().map(line => clipColumns(line, stream.columns || 80))
    if (shown.length === 0) log.clear()
    else log(shown.slice(-Math.max(3, (stream.rows || 24) - 4)).join('\n'))
  }
  const timer = setInterval(draw, beat)
  timer.unref()
  return {
    write(text) {
      log.clear()
      write(text)
      draw()
    },
    show(next) {
      lines = next
    },
    stop() {
      clearInterval(timer)
      log.clear()
    },
  }
}

/** Colours may be cut off mid-line: they are closed again. */
function clipColumns(line: string, columns: number): string {
  let seen = 0
  let out = ''
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    if (part.startsWith('\x1b')) out += part
    else {
      const room = Math.max(0, columns - 1 - seen)
      out += part.slice(0, room)
      seen += Math.min(part.length, room)
    }
  }
  return out
}
