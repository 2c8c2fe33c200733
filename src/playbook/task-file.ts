import { isAbsolute, join } from 'node:path'
import type { Span } from '../core/span.ts'
import { loadItems } from './items.ts'
import type { Item } from './model.ts'
import { folderOf, type Scene } from './scene.ts'
import { suggestion } from './statement.ts'

/** A file of tasks, by the name that another file gives it. */
export interface Wanted {
  readonly name: string
  readonly span: Span
  readonly what: string
}

/** Looked for beside the current file, in the role's tasks, beside the playbook and at the project's root. */
export function findTaskFile({ name, span, what }: Wanted, scene: Scene): string | undefined {
  const { files, problems, settings } = scene.loader
  const bases = [
    scene.folder,
    ...(scene.role ? [join(scene.role.folder, 'tasks')] : []),
    scene.play.folder,
    settings.root,
  ]
  const folders = isAbsolute(name) ? ['/'] : [...new Set(bases)]
  const path = folders.map(folder => join(folder, name)).find(candidate => files.isFile(candidate))
  if (path !== undefined) return path
  const near = suggestion(
    name,
    folders.flatMap(folder => files.disk.list(folder)),
  )
  const shown = folders.map(folder => files.shown(folder)).join(', ')
  const message = `${what}: there is no file '${name}'; looked in ${shown}`
  problems.add({ code: 'missing-file', message, span, hint: near ?? 'names are relative to the file they stand in' })
  return undefined
}

/** Includes deeper than this are taken for a loop. */
const deepest = 40

export function loadTaskFile(path: string, wanted: Wanted, scene: Scene): readonly Item[] {
  const { files, problems } = scene.loader
  if (scene.chain.includes(path) || scene.chain.length >= deepest) {
    const loop = [...scene.chain.slice(Math.max(0, scene.chain.indexOf(path))), path].map(file => files.shown(file))
    const message = `${wanted.what}: the file comes back to itself: ${loop.slice(-5).join(' → ')}`
    problems.add({ code: 'include-loop', message, span: wanted.span, hint: 'use a `loop`, or `until`' })
    return []
  }
  return loadItems(files.yaml(path), { ...scene, folder: folderOf(path), chain: [...scene.chain, path] })
}
