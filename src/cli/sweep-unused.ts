import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const oldest = 30 * 24 * 3600 * 1000
/** So that no start is held up: the others go the next time. */
const most = 500

/** Removes what nobody has read or written for a month from a cache, quietly: what was wanted after all is made anew. */
export function sweepUnused(folder: string): void {
  try {
    const before = Date.now() - oldest
    for (const name of readdirSync(folder).slice(0, most)) {
      const path = join(folder, name)
      const { atimeMs, mtimeMs } = statSync(path)
      if (Math.max(atimeMs, mtimeMs) < before) rmSync(path)
    }
  } catch {}
}
