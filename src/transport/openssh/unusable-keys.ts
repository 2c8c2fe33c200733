import type { KeyRing, Unusable } from '../keys.ts'
import type { SshTarget } from '../target.ts'
import type { Talk } from './talk.ts'

/** The named keys that ssh could not use, and why. Asks for no passphrase that ssh has not asked for. */
export async function unusableKeys(
  { privateKeyFiles, passphrase }: SshTarget,
  { keys, asked, talk }: { readonly keys: KeyRing; readonly asked: ReadonlySet<string>; readonly talk: Talk },
): Promise<readonly Unusable[]> {
  const judge = async (file: string): Promise<readonly Unusable[]> => {
    const known = !(await keys.isEncrypted(file)) || asked.has(file) || passphrase === undefined
    const loaded = known ? await keys.load(file, passphrase) : undefined
    if (loaded && 'unusable' in loaded && !loaded.unusable.foreign) return [loaded.unusable]
    return talk.complaints.includes(`Load key "${file}": bad permissions`) ? [open(file)] : []
  }
  return (await Promise.all(privateKeyFiles.map(judge))).flat()
}

function open(file: string): Unusable {
  return { file, why: 'others may read it, so that ssh does not', hint: `chmod 600 ${file}` }
}
