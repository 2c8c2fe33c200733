import { cancelled } from './failures.ts'
import { gathered } from './gathered.ts'
import { hopWire } from './hop-wire.ts'
import type { Hops } from './hops.ts'
import { HostKeyCheck } from './host-key-check.ts'
import type { KeyRing } from './keys.ts'
import { Login } from './login.ts'
import { openProxy } from './proxy-command.ts'
import { SshAttempt } from './ssh-attempt.ts'
import { SshLine } from './ssh-line.ts'
import { openSocket } from './ssh-socket.ts'
import type { SshTarget } from './target.ts'
import { untilLetIn } from './until-let-in.ts'
import type { Wire } from './wire.ts'

/** What all connections of a run share. */
export interface Shared {
  readonly keys: KeyRing
  readonly hops: Hops<SshLine>
}

/** Connects and logs in. */
export function dialSsh(target: SshTarget, shared: Shared, signal?: AbortSignal): Promise<SshLine> {
  return untilLetIn(target, () => connectOnce(target, shared, signal), signal)
}

async function connectOnce(target: SshTarget, shared: Shared, signal?: AbortSignal): Promise<SshLine> {
  const check = await HostKeyCheck.of(target)
  const login = new Login(target, shared.keys)
  await login.prepare()
  const wire = gathered(await openWire(target, shared.hops, signal))
  const attempt = new SshAttempt(target, wire, { check, login })
  const onAbort = () => attempt.giveUp(cancelled(target.host))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    const client = await attempt.connect()
    return new SshLine(target, client, wire)
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

async function openWire(target: SshTarget, hops: Hops<SshLine>, signal?: AbortSignal): Promise<Wire> {
  const { via, proxyCommand } = target
  if (via) return await hopWire(target, via, hops, signal)
  return proxyCommand === undefined ? await openSocket(target, signal) : openProxy(target, proxyCommand)
}
