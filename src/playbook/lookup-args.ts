import { compileTemplate } from '../language/index.ts'
import type { Template, Tree } from '../language/scope.ts'
import { resolveLookup } from './lookup.ts'
import type { Lookup, ModuleSpec, Task } from './model.ts'
import type { Scene } from './scene.ts'
import { suggestion } from './statement.ts'

interface Named {
  readonly kind: keyof Lookup
  readonly tree: Tree
  readonly name: string
}

/** The files a task names outright must be there, and templates among them must compile. */
export function checkLookups(spec: ModuleSpec, args: Task['args'], scene: Scene): void {
  for (const named of namedFiles(spec, args)) {
    const path = resolveLookup(scene.lookup, named.kind, named.name, scene.loader.files.disk)
    if (path === undefined) missing(named, scene)
    else if (named.kind === 'templates') compileTemplateFile(path, scene.loader)
  }
}

/** The files that arguments name without a template. With `remote_src` a name means a file of the host. */
export function namedFiles(spec: ModuleSpec, args: Task['args']): readonly Named[] {
  const remote = args.entries.get('remote_src')
  if (remote && !(remote.kind === 'value' && remote.value === false)) return []
  return Object.entries(spec.args.properties ?? {}).flatMap(([key, schema]) => {
    const tree = args.entries.get(key)
    const { lookup: kind } = schema
    if (kind === undefined || tree?.kind !== 'value' || typeof tree.value !== 'string') return []
    return [{ kind, tree, name: tree.value }]
  })
}

/** A template file compiled as it will be rendered; undefined where it has mistakes (which are kept) or holds no text. */
export function compileTemplateFile(path: string, { files, problems }: Scene['loader']): Template | undefined {
  const source = files.source(path)
  if (!source) return undefined
  return problems.attempt(() => compileTemplate(source.text, { source, start: 0, end: source.text.length }))
}

function missing({ kind, tree, name }: Named, { lookup, loader }: Scene): void {
  const { files, problems } = loader
  const folders = name.startsWith('/') ? [] : lookup[kind].filter(folder => files.isFolder(folder))
  const there = folders.flatMap(folder => files.disk.list(folder))
  const tried = folders.length === 0 ? '' : `; looked in ${folders.map(folder => files.shown(folder)).join(', ')}`
  const hint = suggestion(name, there) ?? `put it into ${files.shown(lookup[kind][0] ?? kind)}`
  problems.add({ code: 'missing-file', message: `there is no file '${name}'${tried}`, span: tree.span, hint })
}
