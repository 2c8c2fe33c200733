import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The roles that ship with the package: beside `dist`, or beside `src` when run from there. */
export const builtinRoles: string = join(packageFolder(), 'roles')

function packageFolder(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at
    if (at === dirname(at)) return import.meta.dirname
  }
}
