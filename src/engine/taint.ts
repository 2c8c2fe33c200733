import type { Target } from '../core/module.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'

/**
 * After a task of which a check cannot tell what it does: its targets are Unknown where it has known ones,
 * else everything from here on is an assumption.
 */
export function taint(shadow: Shadow, targets: readonly Target[] | undefined, what: string): void {
  if (!targets || targets.length === 0) shadow.mayAlter(what)
  const unknown = new Unknown(`${what} may alter it`)
  for (const { facet, name } of targets ?? []) {
    if (facet === 'file') {
      const path = shadow.canonical(name)
      if (path instanceof Unknown) shadow.mayAlter(what)
      else shadow.files.set(path, unknown)
    } else if (facet === 'unit') shadow.units.set(name, unknown)
    else if (facet === 'user') shadow.users.set(name, unknown)
    else if (facet === 'group') shadow.groups.set(name, unknown)
    else if (facet === 'package') {
      shadow.packages.set(name, unknown)
      shadow.mayBring(what)
    } else shadow.values.set(name, unknown)
  }
}
