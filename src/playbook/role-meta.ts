import type { Node } from '../language/node.ts'
import type { RoleRef } from './model.ts'
import { readBoolean } from './read.ts'
import { asMap, readExactly } from './read-keys.ts'
import { mainFile } from './role-files.ts'
import type { Scene } from './scene.ts'
import { keep } from './statement.ts'

const metaKeys = {
  dependencies: keep,
  allow_duplicates: readBoolean,
  // Known to Ansible's galaxy; of no meaning here.
  galaxy_info: keep,
  argument_specs: keep,
  collections: keep,
} as const

export interface RoleMeta {
  readonly dependencies?: Node | undefined
  readonly allow_duplicates: boolean
}

export function readRoleMeta(role: RoleRef, { loader }: Scene): RoleMeta {
  const { files, problems } = loader
  const path = mainFile(role, 'meta', files)
  const node = path === undefined ? undefined : files.yaml(path)
  const where = `${files.shown(role.folder)}/meta`
  const map = node && asMap(node, { problems, where })
  if (!map) return { allow_duplicates: false }
  const { dependencies, allow_duplicates = false } = readExactly(map, metaKeys, { problems, where }).values
  return { dependencies, allow_duplicates }
}
