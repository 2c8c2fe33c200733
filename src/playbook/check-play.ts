import { didYouMean } from '../core/did-you-mean.ts'
import type { Reference } from '../language/scope.ts'
import { type Asked, type Ground, VariableCheck } from './check-variables.ts'
import { constantOf } from './early.ts'
import { resolveLookup } from './lookup.ts'
import { compileTemplateFile, namedFiles } from './lookup-args.ts'
import type { Handler, Include, Inventory, Item, Task } from './model.ts'
import { readingOf, visit } from './references.ts'
import type { Loader } from './scene.ts'

/** What the tasks of a play may refer to. */
export interface Surroundings {
  readonly loader: Loader
  readonly inventory: Inventory
  readonly handlers: readonly Handler[]
  /** Includes whose names only a run can tell may bring handlers and variables. */
  readonly open: boolean
  readonly ground: Ground
}

/** Checks what items refer to: handlers, hosts, variables. */
export function checkItems(items: readonly Item[], around: Surroundings): void {
  const variables = new VariableCheck(around.ground)
  for (const visited of visit(items)) {
    const { item } = visited
    if (item.kind === 'task') checkNotify(item, around)
    checkDelegate(item, around)
    if (around.open || around.ground.hosts.length === 0) continue
    for (const asked of askedBy(item, { names: visited.around, loader: around.loader })) variables.check(asked)
  }
}

interface Place {
  readonly names: readonly string[]
  readonly loader: Loader
}

function askedBy(item: Task | Include, { names, loader }: Place): readonly Asked[] {
  const { references, ofLoop, locals } = readingOf(item)
  const { when, layers, run_once } = item.keywords
  // A name that the task's own condition asks for by has() is used only where it is there.
  const guards = when.flatMap(condition =>
    condition.references.filter(({ guarded }) => guarded).map(({ root }) => root),
  )
  const outer = [...names, ...guards]
  const everywhere = when.length === 0 && run_once !== true
  const inFiles = item.kind === 'task' ? fileReferences(item, loader) : []
  return [
    { references: ofLoop, layers, locals: new Set(outer), everywhere },
    { references: [...references, ...inFiles], layers, locals: new Set([...outer, ...locals]), everywhere },
  ]
}

/** What the template files read that a task names outright. */
function fileReferences(task: Task, loader: Loader): readonly Reference[] {
  const spec = loader.modules.get(task.module)
  const named = spec ? namedFiles(spec, task.args).filter(({ kind }) => kind === 'templates') : []
  return named.flatMap(({ kind, name }) => {
    const path = resolveLookup(task.lookup, kind, name, loader.files.disk)
    const references = path === undefined ? [] : (compileTemplateFile(path, loader)?.references ?? [])
    const given = new Set(templateVars(task))
    return references.filter(({ root }) => !given.has(root))
  })
}

/** Names that exist while a template file is rendered. */
function templateVars(task: Task): readonly string[] {
  const vars = task.args.entries.get('vars')
  return vars?.kind === 'map' ? [...vars.keys.keys()] : []
}

function checkNotify(task: Task, { handlers, open, loader }: Surroundings): void {
  for (const template of task.notify) {
    const name = constantOf(template)
    if (name === undefined || open) continue
    const known = handlers.flatMap(handlerNames)
    if (known.includes(name)) continue
    const near = didYouMean(name, known)
    const there =
      known.length > 0 ? `handlers are ${[...new Set(known)].slice(0, 12).join(', ')}` : 'the play has no handlers'
    const hint = near === undefined ? there : `did you mean '${near}'?`
    const message = `there is no handler '${name}'`
    loader.problems.add({ code: 'unknown-handler', message, span: template.span, hint })
  }
}

/** All that a handler is notified by: its name, its name with its role's, its topics. */
export function handlerNames({ address, listen, name, role }: Handler): readonly string[] {
  const own = constantOf(name)
  return [address, ...listen, ...(own === undefined ? [] : [own, ...(role ? [`${role.name} : ${own}`] : [])])]
}

function checkDelegate(item: Task | Include, { inventory, loader }: Surroundings): void {
  const template = item.keywords.delegate_to
  const name = constantOf(template)
  if (!template || name === undefined || name === 'localhost' || inventory.hosts.has(name)) return
  const near = didYouMean(name, inventory.hosts.keys())
  const isGroup = inventory.groups.has(name)
  const first = isGroup ? `it is a group: write "{{groups.${name}.[0]}}" for its first host` : 'add it to the inventory'
  const hint = near === undefined || isGroup ? first : `did you mean '${near}'?`
  const message = `delegate_to: there is no host '${name}' in the inventory`
  loader.problems.add({ code: 'unknown-host', message, span: template.span, hint })
}
