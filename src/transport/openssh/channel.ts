import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { PassThrough } from 'node:stream'
import type { Ending, Process } from '../line.ts'
import { untilQuiet } from '../until-quiet.ts'
import type { Watched } from './channel-ends.ts'
import type { Master } from './master.ts'
import { overMaster } from './options.ts'

/** Why a channel did not open: no room, or no connection any more. */
export interface Unopened {
  readonly said: string
  readonly refused: boolean
}

interface Means {
  readonly master: Master
  /** Aborts once the connection is known to be lost. */
  readonly gone: AbortSignal
  /** Told of each process that serves a channel. */
  follow(child: ChildProcess): void
}

interface Opened {
  readonly child: ChildProcessWithoutNullStreams
  readonly channel: number
}

/** Starts a command on a channel of its own. Its streams lead to the master itself: nothing passes through a second ssh. */
export async function openChannel({ master, gone, follow }: Means, command: string): Promise<Process | Unopened> {
  const word = /pitool-[0-9a-f]+/.exec(command)?.[0] ?? command
  const watched = master.talk.ends.watch(word)
  const args = [...overMaster(master.socket), '-o', 'LogLevel=DEBUG1', '-T', '--', 'channel', command]
  const child = spawn('ssh', args, { stdio: 'pipe', detached: true })
  follow(child)
  const ignore = () => undefined
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', ignore)
  const found = await greeting(child)
  if ('channel' in found) return channelProcess(found, watched, gone)
  watched.forget()
  return found
}

/** What ssh itself says first, up to the channel's number. All else is the command's, which may be quicker to speak. */
function greeting(child: ChildProcessWithoutNullStreams): Promise<Opened | Unopened> {
  return new Promise(resolve => {
    let heard = Buffer.alloc(0)
    const said = () => heard.toString('latin1').replace(/^debug\d: [^\n]*\n/gm, '')
    const listen = (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      const [, channel] = /debug1: [^\n]*master session id: (\d+)\r?\n/.exec(heard.toString('latin1')) ?? []
      if (channel === undefined) return
      stop()
      child.stderr.pause()
      const rest = Buffer.from(said(), 'latin1')
      if (rest.length > 0) child.stderr.unshift(rest)
      resolve({ child, channel: Number(channel) })
    }
    const over = () => {
      stop()
      const [, refusal] = /session request failed: (.*)/.exec(said()) ?? []
      resolve({ said: refusal?.trim() ?? said().trim(), refused: refusal !== undefined })
    }
    const stop = () => {
      child.stderr.off('data', listen)
      child.off('close', over).off('error', over)
    }
    child.stderr.on('data', listen)
    child.once('close', over).once('error', over)
  })
}

function channelProcess({ child, channel }: Opened, watched: Watched, gone: AbortSignal): Process {
  // Flows when somebody listens, which a stream that was listened to before would not.
  const stderr = child.stderr.pipe(new PassThrough())
  const closed = new Promise<Ending>(resolve => {
    child.once('exit', code => void endingOf(code ?? 255, { channel, watched, gone }).then(resolve))
  })
  const told = watched.ended(channel)
  // Its output is held open by a child: how it ended comes with the output's end only.
  const held: Promise<Ending> = told.then(end => (end === 'exit-signal' ? { signal: 'unknown' } : { held: true }))
  const exited = Promise.race([closed, held])
  const drained = told.then(() => untilQuiet([child.stdout, stderr])).then(() => held)
  const flushed = new Promise<void>(resolve => child.once('close', () => resolve()))
  const ended = Promise.race([flushed.then(() => closed), drained])
  void ended.then(() => watched.forget())
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr,
    exited,
    ended,
    destroy: () => {
      for (const stream of [child.stdin, child.stdout, child.stderr, stderr]) stream.destroy()
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    },
  }
}

interface Which {
  readonly channel: number
  readonly watched: Watched
  readonly gone: AbortSignal
}

/** ssh ends with 255 also where there was a signal, or where there is no connection any more. */
async function endingOf(code: number, { channel, watched, gone }: Which): Promise<Ending> {
  if (code !== 255) return { code }
  const end = await Promise.race([watched.ended(channel), until(gone)])
  if (end === undefined) return {}
  return end === 'exit-signal' ? { signal: 'unknown' } : { code }
}

/** Until the connection is known to be lost, or is not heard of for a second. */
function until(gone: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(late)
      gone.removeEventListener('abort', done)
      resolve(undefined)
    }
    const late = setTimeout(done, 1000)
    if (gone.aborted) done()
    else gone.addEventListener('abort', done, { once: true })
  })
}
