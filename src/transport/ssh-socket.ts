import { connect, type Socket } from 'node:net'
import { cancelled } from './failures.ts'
import { Dropped } from './login-failure.ts'
import type { SshTarget } from './target.ts'
import { unreached } from './unreached.ts'

/** The TCP connection, without Nagle's delay from its first byte. */
export function openSocket(target: SshTarget, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.address, port: target.port, noDelay: true, family: target.family ?? 0 })
    const fail = (error: Error) => {
      stop()
      // It stays, for what the socket may still say after it was given up.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const late = () => fail(socketFailure(target, Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    const timer = setTimeout(late, target.connectTimeout * 1000)
    const onAbort = () => fail(cancelled(target.host))
    const onError = (error: Error) => fail(socketFailure(target, error))
    const stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.off('error', onError)
    }
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', () => {
      stop()
      resolve(socket)
    })
  })
}

function socketFailure(target: SshTarget, error: Error) {
  // Node joins the failures of a name's several addresses; the first tells enough.
  const first = error instanceof AggregateError ? (error.errors[0] as Error) : error
  const code = (first as NodeJS.ErrnoException).code ?? ''
  return code === 'ECONNRESET' ? new Dropped('before the handshake', '') : unreached(target, code, first.message)
}
