import type { Write } from './reporter.ts'

type Channel = 'stdout' | 'stderr'

const closed = new Set<Channel>()

/**
 * Writes to standard output. When the reader has gone away (`| head`) the rest is dropped and the run goes on:
 * a host must not be left half done because nobody reads any more.
 */
export const toStdout: Write = text => write('stdout', text)
export const toStderr: Write = text => write('stderr', text)

export function isTerminal(channel: Channel): boolean {
  return process[channel].isTTY === true
}

/** Resolves when everything written has left the process. */
export async function drained(): Promise<void> {
  await Promise.all((['stdout', 'stderr'] as const).map(settle))
}

function write(channel: Channel, text: string): void {
  if (closed.has(channel) || text === '') return
  watch(channel)
  process[channel].write(text)
}

const watched = new Set<Channel>()

function watch(channel: Channel): void {
  if (watched.has(channel)) return
  watched.add(channel)
  process[channel].on('error', () => closed.add(channel))
}

function settle(channel: Channel): Promise<void> {
  if (closed.has(channel) || !watched.has(channel)) return Promise.resolve()
  return new Promise(resolve => {
    process[channel].once('error', () => resolve())
    process[channel].write('', () => resolve())
  })
}
