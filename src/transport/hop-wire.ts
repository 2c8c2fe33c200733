import type { ClientChannel } from 'ssh2'
import { Failure } from '../core/diagnostic.ts'
import { cancelled } from './failures.ts'
import { notForwarded, through } from './hop-failure.ts'
import type { Hops } from './hops.ts'
import type { SshLine } from './ssh-line.ts'
import type { SshTarget } from './target.ts'
import { StreamWire, type Wire } from './wire.ts'

/** A channel to the target through its hop. Throws an Unreachable that names the hop. */
export function hopWire(target: SshTarget, via: SshTarget, hops: Hops<SshLine>, signal?: AbortSignal): Promise<Wire> {
  return hops.use({ target, via, signal }, async ({ line, release }) => {
    const channel = await channelTo(target, via, line, signal).catch(error => {
      throw error instanceof Failure ? through(target, via, error) : error
    })
    return channelWire(channel, { line, via, release })
  })
}

function channelTo(target: SshTarget, via: SshTarget, line: SshLine, signal?: AbortSignal): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    let late = false
    const fail = (error: Error) => {
      late = true
      stop()
      reject(error)
    }
    const timer = setTimeout(() => fail(notForwarded(target, via, 'no answer')), target.connectTimeout * 1000)
    const onAbort = () => fail(cancelled(target.host))
    const stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    line.forward(target.address, target.port).then(
      channel => {
        stop()
        // Opened after nobody waits for it any more.
        if (late) channel.destroy()
        else resolve(channel)
      },
      (error: Error) => fail(error instanceof Failure ? error : notForwarded(target, via, saidBy(error))),
    )
  })
}

function channelWire(
  channel: ClientChannel,
  { line, via, release }: { line: SshLine; via: SshTarget; release(): void },
): Wire {
  const gone = () => wire.destroy(new Error(`the jump host ${via.host} was lost`))
  const wire = new StreamWire({
    readable: channel,
    writable: channel,
    release: () => {
      line.gone.removeEventListener('abort', gone)
      channel.destroy()
      release()
    },
  })
  channel.on('end', () => wire.finish())
  // A hop that was lost says so by `gone`, a moment after its channels have closed.
  channel.on('close', () => setImmediate(() => wire.destroy()))
  line.gone.addEventListener('abort', gone, { once: true })
  return wire
}

/** RFC 4254, 5.1: reason 1 is a prohibition, whatever words the server has for it. */
function saidBy(error: Error): string {
  const prohibited = (error.cause as { reason?: unknown } | undefined)?.reason === 1
  return prohibited ? `${error.message} (administratively prohibited)` : error.message
}
