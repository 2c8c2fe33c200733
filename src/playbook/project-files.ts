import { relative } from 'node:path'
import type { Source } from '../core/span.ts'
import type { Node } from '../language/node.ts'
import type { Disk } from './disk.ts'
import type { Problems } from './problems.ts'
import { parseYaml } from './yaml/parse-yaml.ts'

/** The project's files: each is read and parsed once, and shown relative to the project's root. */
export class ProjectFiles {
  readonly root: string
  readonly disk: Disk
  readonly #problems: Problems
  readonly #sources = new Map<string, Source | undefined>()
  readonly #nodes = new Map<string, Node | null | undefined>()

  constructor(root: string, disk: Disk, problems: Problems) {
    this.root = root
    this.disk = disk
    this.#problems = problems
  }

  shown(path: string): string {
    const inside = relative(this.root, path)
    if (inside === '') return '.'
    return inside.startsWith('..') ? path : inside
  }

  source(path: string): Source | undefined {
    if (!this.#sources.has(path)) {
      const text = this.#problems.attempt(() => this.disk.read(path))
      this.#sources.set(
        path,
        text === undefined ? undefined : { file: this.shown(path), text: text.replace(/^\uFEFF/, '') },
      )
    }
    return this.#sources.get(path)
  }

  /** null: the file holds nothing; undefined: it is not there, or has mistakes (which are kept). */
  yaml(path: string): Node | null | undefined {
    if (!this.#nodes.has(path)) {
      const source = this.source(path)
      this.#nodes.set(path, source === undefined ? undefined : parseYaml(source, this.#problems, this.disk.keys))
    }
    return this.#nodes.get(path)
  }

  isFile(path: string): boolean {
    return this.disk.kind(path) === 'file'
  }

  isFolder(path: string): boolean {
    return this.disk.kind(path) === 'directory'
  }

  /** The YAML files of a folder, absolute, in name order, hidden ones and backups left out. */
  yamlFiles(folder: string): readonly string[] {
    const names = this.disk.list(folder).filter(name => /^[^.].*\.ya?ml$/.test(name))
    return names.map(name => `${folder}/${name}`).filter(path => this.isFile(path))
  }
}
