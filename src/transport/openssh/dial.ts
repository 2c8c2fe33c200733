import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../../core/diagnostic.ts'
import { cancelled } from '../failures.ts'
import { notForwarded, through } from '../hop-failure.ts'
import type { Hops } from '../hops.ts'
import type { KeyRing } from '../keys.ts'
import { readKnownHosts, rememberNewKey } from '../known-hosts-file.ts'
import { tooLate } from '../login-failure.ts'
import { Patience } from '../patience.ts'
import type { SshTarget } from '../target.ts'
import { unreached } from '../unreached.ts'
import { untilLetIn } from '../until-let-in.ts'
import { Answers } from './answers.ts'
import { Askpass } from './askpass.ts'
import { loginFailure } from './failure.ts'
import { Master, socketIn } from './master.ts'
import { type OpensshHop, OpensshLine } from './openssh-line.ts'
import { hopCommand, masterArguments, ownProxy } from './options.ts'
import { privateFolder } from './private-folder.ts'

/** What all connections of a run share. */
export interface Shared {
  readonly keys: KeyRing
  readonly hops: Hops<OpensshLine>
}

/** Connects and logs in by the program ssh, through jump hosts as well. */
export function dialOpenssh(target: SshTarget, { keys, hops }: Shared, signal?: AbortSignal): Promise<OpensshLine> {
  const { via } = target
  const connect = (hop?: OpensshHop) => logIn(target, { keys, hop, signal })
  const once = () =>
    via ? hops.use({ target, via, signal }, leased => connect({ ...leased, host: via.host })) : connect()
  return untilLetIn(target, once, signal)
}

interface Means {
  readonly keys: KeyRing
  readonly hop?: OpensshHop | undefined
  readonly signal?: AbortSignal | undefined
}

async function logIn(target: SshTarget, { keys, hop, signal }: Means): Promise<OpensshLine> {
  const folder = await privateFolder()
  const answers = new Answers(target, keys)
  const answered = target.password !== undefined || target.passphrase !== undefined
  // A human's time does not count, at the keyboard or at the security key.
  const human = { asked: (_open: boolean): void => undefined }
  const askpass = answered
    ? await Askpass.open(folder, async asked => {
        human.asked(true)
        if (asked.kind === 'none') return undefined
        return await answers.to(asked).finally(() => human.asked(false))
      })
    : undefined
  const newKey = join(folder, 'new')
  const args = masterArguments(target, { socket: socketIn(folder), newKey, proxy: proxyOf(target, hop), answered })
  const master = new Master(folder, args, askpass?.environment ?? {})
  let givenUp: Failure | undefined
  const giveUp = (why: Failure) => {
    givenUp ??= why
    void master.end()
  }
  const patience = new Patience(target.connectTimeout, () => giveUp(lateness(target, master)))
  human.asked = open => (open ? patience.pause() : patience.resume())
  master.talk.onQuestion = human.asked
  const onAbort = () => giveUp(cancelled(target.host))
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    if (!(await master.ready()) && !givenUp) {
      const { talk } = master
      throw await loginFailure({ target, talk, code: await master.exited, keys, asked: answers.keyFiles, hop })
    }
    if (givenUp) throw givenUp
    await rememberNewKey(target, await newKeyIn(newKey))
    return new OpensshLine(target, master, hop)
  } catch (error) {
    await master.end()
    throw error
  } finally {
    patience.end()
    signal?.removeEventListener('abort', onAbort)
    askpass?.close()
  }
}

function proxyOf(target: SshTarget, hop?: OpensshHop): string | undefined {
  if (hop) return hopCommand(target, hop.line.socket)
  return target.proxyCommand === undefined ? undefined : ownProxy(target.proxyCommand)
}

function lateness(target: SshTarget, { talk }: Master): Failure {
  if (talk.connected || talk.greeted) return tooLate(target, talk.shook)
  if (target.via) return through(target, target.via, notForwarded(target, target.via, 'no answer'))
  return target.proxyCommand === undefined ? unreached(target, 'ETIMEDOUT', 'no answer') : tooLate(target, false)
}

/** The key that ssh has taken, of a host that was not known. */
async function newKeyIn(file: string): Promise<Buffer | undefined> {
  const [entry] = await readKnownHosts([file])
  await rm(file, { force: true })
  return entry?.key
}
