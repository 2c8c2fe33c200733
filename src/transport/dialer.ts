import type { Connection, Dialer } from '../core/connection.ts'
import { Hops } from './hops.ts'
import { KeyRing } from './keys.ts'
import type { Line } from './line.ts'
import { LocalLine } from './local-line.ts'
import { OpenConnection } from './open-connection.ts'
import { dialOpenssh, type Shared as OpensshShared } from './openssh/dial.ts'
import { dialSsh, type Shared } from './ssh-dial.ts'
import type { Target } from './target.ts'

/** Opens connections to the hosts that `targets` knows; private keys are read, and jump hosts called, once for all of them. */
export function createDialer(targets: (host: string) => Target | Promise<Target>): Dialer {
  const keys = new KeyRing()
  const shared: Shared = { keys, hops: new Hops((target, signal) => dialSsh(target, shared, signal)) }
  const openssh: OpensshShared = { keys, hops: new Hops((target, signal) => dialOpenssh(target, openssh, signal)) }
  const line = async (target: Target, signal?: AbortSignal): Promise<Line> => {
    if (target.connection === 'local') return new LocalLine(target.host)
    return target.connection === 'ssh' ? dialSsh(target, shared, signal) : dialOpenssh(target, openssh, signal)
  }
  return {
    async dial(host: string, signal?: AbortSignal): Promise<Connection> {
      const target = await targets(host)
      return new OpenConnection(await line(target, signal), target, () => line(target))
    },
  }
}
