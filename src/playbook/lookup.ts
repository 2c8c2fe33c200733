import { isAbsolute, join } from 'node:path'
import { type Disk, disk } from './disk.ts'
import type { Lookup } from './model.ts'

/** The absolute path of a file or folder that a task names; undefined where none of its folders has it. */
export function resolveLookup(lookup: Lookup, kind: keyof Lookup, name: string, on: Disk = disk): string | undefined {
  const candidates = isAbsolute(name) ? [name] : lookup[kind].map(folder => join(folder, name))
  return candidates.find(path => on.kind(path) !== undefined)
}

/** The folders a task's relative names are looked up in: its role's, those beside the playbook, the project's. */
export function lookupIn(bases: readonly string[]): Lookup {
  const within = (kind: keyof Lookup) => [...new Set(bases.flatMap(base => [join(base, kind), base]))]
  return { files: within('files'), templates: within('templates') }
}
