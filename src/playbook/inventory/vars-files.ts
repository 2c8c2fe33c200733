import { basename, join } from 'node:path'
import { readVars } from '../compile.ts'
import type { Problems } from '../problems.ts'
import type { ProjectFiles } from '../project-files.ts'
import type { Origin } from './draft.ts'

/** What `group_vars/` and `host_vars/` beside an inventory or playbook say, by name. */
export class VarsFiles {
  readonly #files: ProjectFiles
  readonly #problems: Problems
  readonly #folders: readonly string[]

  /** Folders that may hold `group_vars` and `host_vars`, weakest first. */
  constructor(files: ProjectFiles, problems: Problems, folders: readonly string[]) {
    this.#files = files
    this.#problems = problems
    this.#folders = [...new Set(folders)]
  }

  of(kind: 'group_vars' | 'host_vars', name: string): readonly Origin[] {
    return this.#folders.flatMap(folder => this.#paths(join(folder, kind), name).flatMap(path => this.read(path)))
  }

  /** Every name these folders have a file for, and the file. */
  names(kind: 'group_vars' | 'host_vars'): ReadonlyMap<string, string> {
    const paths = this.#folders.flatMap(folder =>
      this.#files.disk.list(join(folder, kind)).map(name => join(folder, kind, name)),
    )
    return new Map(paths.map(path => [basename(path).replace(/\.ya?ml$/, ''), path]))
  }

  read(path: string): readonly Origin[] {
    const node = this.#files.yaml(path)
    const vars = node && readVars(node, { problems: this.#problems, what: this.#files.shown(path) })
    return vars ? [{ origin: this.#files.shown(path), vars }] : []
  }

  #paths(folder: string, name: string): readonly string[] {
    const single = ['', '.yml', '.yaml'].map(end => join(folder, name + end)).filter(path => this.#files.isFile(path))
    return [...single, ...this.#inFolder(join(folder, name), 5)]
  }

  #inFolder(folder: string, depth: number): readonly string[] {
    if (depth === 0 || !this.#files.isFolder(folder)) return []
    const below = this.#files.disk.list(folder).filter(name => !name.startsWith('.'))
    const folders = below.map(name => join(folder, name)).filter(path => this.#files.isFolder(path))
    return [...this.#files.yamlFiles(folder), ...folders.flatMap(path => this.#inFolder(path, depth - 1))]
  }
}
