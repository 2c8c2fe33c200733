import type { ClientChannel } from 'ssh2'
import type { Ending, Process } from './line.ts'
import { untilQuiet } from './until-quiet.ts'

/**
 * An SSH channel as a process; `consent` tells whether the server started its command. Acts on `exit`, not on `close`,
 * which waits for whoever holds the output.
 */
export function sshProcess(channel: ClientChannel, consent: Promise<boolean>): Process {
  let ending: Ending = {}
  const closed = new Promise<void>(resolve => channel.once('close', () => resolve()))
  const exit = new Promise<void>(resolve => {
    channel.once('exit', (code: number | null, signal?: string) => {
      ending = code === null ? { signal: signal ?? 'unknown' } : { code }
      resolve()
    })
  })
  const refused = new Promise<void>(resolve => {
    void consent.then(started => {
      if (started) return
      ending = { refused: true }
      resolve()
    })
  })
  const ignore = () => undefined
  channel.on('error', ignore)
  channel.stderr.on('error', ignore)
  const exited = Promise.race([exit, refused, closed]).then(() => ending)
  const drained = exit.then(() => untilQuiet([channel, channel.stderr]))
  return {
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    exited,
    ended: Promise.race([closed, refused, drained]).then(() => ending),
    destroy: () => {
      channel.resume()
      channel.stderr.resume()
      channel.close()
    },
  }
}
