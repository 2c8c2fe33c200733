import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A socket's name may have 103 bytes on some systems, and ssh makes its own under a name 17 bytes longer.
const longest = 103 - 17 - '/pitool-ssh-XXXXXX/master'.length

/** A folder that nobody else can look into, for sockets. */
export async function privateFolder(): Promise<string> {
  const parents = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp']
  let failed: unknown
  for (const parent of parents) {
    if (!parent?.startsWith('/') || Buffer.byteLength(parent) > longest) continue
    try {
      return await mkdtemp(join(parent, 'pitool-ssh-'))
    } catch (error) {
      failed = error
    }
  }
  throw failed
}
