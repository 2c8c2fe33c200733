import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { From } from '../core/schema.ts'
import { placeProblem, plainValue } from './args/place.ts'
import { validate } from './args/validate.ts'
import { literalTree } from './compile.ts'
import { type Disk, disk } from './disk.ts'
import type { Settings } from './model.ts'
import { Problems } from './problems.ts'
import { ProjectFiles } from './project-files.ts'
import { settingsSchema } from './settings-schema.ts'

type Written = Partial<From<typeof settingsSchema>>

/** The settings of the project around a folder: its `pitool.yml`, found upward, or the defaults. Throws a Mistake. */
export function loadSettings(cwd: string, on: Disk = disk): Settings {
  const root = findRoot(cwd, on)
  const problems = new Problems()
  const files = new ProjectFiles(root, on, problems)
  const written = readSettings(files, problems)
  problems.throwIfAny()
  return fillIn(root, written, on)
}

/** The nearest folder upward with a `pitool.yml`; the folder itself where there is none. */
function findRoot(cwd: string, on: Disk): string {
  const start = resolve(cwd)
  for (let at = start; ; at = dirname(at)) {
    if (on.kind(join(at, 'pitool.yml')) === 'file') return at
    if (at === dirname(at)) return start
  }
}

function readSettings(files: ProjectFiles, problems: Problems): Written {
  const node = files.yaml(join(files.root, 'pitool.yml'))
  if (node === null || node === undefined) return {}
  const tree = literalTree(node)
  const value = plainValue(node)
  const found = validate(settingsSchema, value, 'pitool.yml')
  for (const problem of found) problems.add(placeProblem(problem, tree))
  return found.length > 0 ? {} : (value as Written)
}

function fillIn(root: string, written: Written, on: Disk): Settings {
  const { properties: known } = settingsSchema
  const absolute = (path: string) => resolve(root, path.replace(/^~(?=\/|$)/, homedir()))
  const found = on.kind(join(root, 'inventory')) === 'directory' ? ['inventory'] : []
  return {
    root,
    inventory: several(written.inventory ?? found).map(absolute),
    playbook: absolute(written.playbook ?? known.playbook.default),
    forks: written.forks ?? known.forks.default,
    become: written.become ?? known.become.default,
    ...(written.remote_user === undefined ? {} : { remote_user: written.remote_user }),
    ...(written.private_key_file === undefined ? {} : { private_key_file: absolute(written.private_key_file) }),
    ...(written.known_hosts_file === undefined ? {} : { known_hosts_file: absolute(written.known_hosts_file) }),
    host_key_checking: written.host_key_checking ?? known.host_key_checking.default,
    connect_timeout: written.connect_timeout ?? known.connect_timeout.default,
    timeout: written.timeout ?? known.timeout.default,
    roles_path: several(written.roles_path ?? known.roles_path.default).map(absolute),
  }
}

function several(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}
