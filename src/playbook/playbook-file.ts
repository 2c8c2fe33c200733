import { resolve } from 'node:path'
import type { Span } from '../core/span.ts'
import type { MapNode, Node } from '../language/node.ts'
import { readExpressions } from './compile.ts'
import { inherit, innerKeywords, noKeywords, sharedKeywords, varsLayer } from './keywords.ts'
import type { Keywords } from './model.ts'
import { type PlayFile, type ReadPlay, readPlay } from './play.ts'
import type { ProjectFiles } from './project-files.ts'
import { readText } from './read.ts'
import { asMap, readExactly } from './read-keys.ts'
import { folderOf } from './scene.ts'
import { plainName } from './statement.ts'

const importKeys = {
  ...sharedKeywords,
  name: innerKeywords.name,
  when: readExpressions,
  import_playbook: readText,
} as const

/** The plays of a playbook, and of those it imports, in order. */
export function readPlaybook(file: PlayFile, chain: readonly string[] = []): readonly ReadPlay[] {
  const { files, problems } = file.loader
  const node = files.yaml(file.path)
  if (node === undefined) return []
  if (node === null) {
    const source = files.source(file.path)!
    const hint = 'a playbook is a list of plays: `- hosts: all`'
    problems.add({ code: 'empty-file', message: 'this playbook is empty', span: { source, start: 0, end: 0 }, hint })
    return []
  }
  if (node.kind !== 'list') {
    const hint = 'begin each play with a dash: `- hosts: all`'
    problems.add({ code: 'wrong-type', message: 'a playbook is a list of plays', span: node.span, hint })
    return []
  }
  return node.items.flatMap(item => readOne(item, file, [...chain, file.path]))
}

function readOne(node: Node, file: PlayFile, chain: readonly string[]): readonly ReadPlay[] {
  const map = asMap(node, { problems: file.loader.problems, where: 'a play' })
  if (!map) return []
  if (importOf(map)) return readImport(map, file, chain)
  const read = readPlay(map, file)
  return read ? [read] : []
}

function readImport(map: MapNode, file: PlayFile, chain: readonly string[]): readonly ReadPlay[] {
  const { files, problems } = file.loader
  const plain: MapNode = { ...map, entries: map.entries.map(entry => ({ ...entry, key: plainName(entry.key) })) }
  const { values, spans } = readExactly(plain, importKeys, { problems, where: "'import_playbook'" })
  const { import_playbook: name, ...own } = values
  if (name === undefined) return []
  const path = resolve(folderOf(file.path), name)
  const span = spans.import_playbook ?? map.span
  if (chain.includes(path)) {
    const message = `the playbook ${files.shown(path)} imports itself`
    problems.add({ code: 'include-loop', message, span, hint: 'take one of the imports out' })
    return []
  }
  if (!files.isFile(path)) return missing({ name, path, span }, file)
  const layers = varsLayer(own.vars, 'play vars', `vars of the import of ${files.shown(path)}`)
  const outer: Keywords = inherit(file.outer, own, layers)
  return readPlaybook({ ...file, path, outer }, chain)
}

function missing(wanted: { name: string; path: string; span: Span }, { loader }: PlayFile): readonly ReadPlay[] {
  const { files, problems } = loader
  const message = `there is no playbook '${wanted.name}'; looked for ${files.shown(wanted.path)}`
  problems.add({ code: 'missing-file', message, span: wanted.span, hint: 'the name is relative to this playbook' })
  return []
}

function importOf(map: MapNode): string | undefined {
  const value = map.entries.find(({ key }) => plainName(key) === 'import_playbook')?.value
  if (value === undefined) return undefined
  return value.kind === 'scalar' && typeof value.value === 'string' ? value.value : ''
}

/** The folders of the playbooks and of all they import: group_vars and host_vars may stand there. */
export function playbookFolders(
  paths: readonly string[],
  files: ProjectFiles,
  seen = new Set<string>(),
): readonly string[] {
  return paths.flatMap(path => {
    if (seen.has(path)) return []
    seen.add(path)
    const node = files.isFile(path) ? files.yaml(path) : undefined
    const maps = node?.kind === 'list' ? node.items.filter(item => item.kind === 'map') : []
    const names = maps.map(importOf).filter(name => name !== undefined && name !== '') as string[]
    const imported = names.map(name => resolve(folderOf(path), name))
    return [folderOf(path), ...playbookFolders(imported, files, seen)]
  })
}

export const noOuter: Keywords = noKeywords
