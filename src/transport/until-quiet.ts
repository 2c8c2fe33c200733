import type { Readable } from 'node:stream'

/** Milliseconds: how long nothing must come, and when it is enough in any case. */
const quiet = 1000
const longest = 15_000

/**
 * After a shell has exited: its last output may still be under way, but a child in the background can hold it open for
 * good. Waits until nothing more comes.
 */
export function untilQuiet(streams: readonly Readable[]): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      clearTimeout(last)
      for (const stream of streams) stream.off('data', again)
      resolve()
    }
    const again = () => {
      timer.refresh()
    }
    const timer = setTimeout(end, quiet).unref()
    const last = setTimeout(end, longest).unref()
    for (const stream of streams) stream.on('data', again)
  })
}
