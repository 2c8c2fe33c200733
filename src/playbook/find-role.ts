import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Span } from '../core/span.ts'
import type { RoleRef } from './model.ts'
import type { Scene } from './scene.ts'
import { suggestion } from './statement.ts'

/** Looked for in `roles` beside the playbook, beside the role that names it, then where the settings say. */
export function findRole({ name, span }: { name: string; span: Span }, scene: Scene): RoleRef | undefined {
  const { files, problems, rolesPath } = scene.loader
  const beside = scene.role ? [dirname(scene.role.folder)] : []
  const folders = [...new Set([join(scene.play.folder, 'roles'), ...beside, ...rolesPath])]
  const isPath = isAbsolute(name) || name.startsWith('.') || name.includes('/')
  const candidates = isPath
    ? [resolve(scene.play.folder, name), ...folders.map(folder => join(folder, name))]
    : folders.map(folder => join(folder, name))
  const folder = candidates.find(path => files.isFolder(path))
  if (folder !== undefined)
    return {
      name:
        name
          .split('/')
          .filter(part => part !== '')
          .at(-1) ?? name,
      folder,
    }
  const known = folders.flatMap(path => files.disk.list(path).filter(child => files.isFolder(join(path, child))))
  const shown = folders.map(path => files.shown(path)).join(', ')
  const hint = suggestion(name, known) ?? (known.length > 0 ? `there are ${known.slice(0, 12).join(', ')}` : undefined)
  problems.add({ code: 'unknown-role', message: `there is no role '${name}'; looked in ${shown}`, span, hint })
  return undefined
}
