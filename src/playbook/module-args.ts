import type { MapEntry, MapNode, Node } from '../language/node.ts'
import type { Expression, Tree } from '../language/scope.ts'
import { checkArgs } from './args/check.ts'
import { literalTree, readExpressions, readTree } from './compile.ts'
import { checkLookups } from './lookup-args.ts'
import type { ModuleSpec, Task } from './model.ts'
import { isNothing, isVariableName } from './read.ts'
import { asMap } from './read-keys.ts'
import type { Scene } from './scene.ts'

export interface WrittenArgs {
  readonly entry: MapEntry
  /** The task's `args:`. */
  readonly more?: Node | undefined
  /** An argument that stands beside the module's key. */
  readonly beside?: MapEntry | undefined
}

/** Arguments that are expressions, as `when` is: never templates. */
const expressionArgs: { readonly [module: string]: readonly string[] } = { assert: ['that'], debug: ['var'] }

/** A module's arguments, compiled and checked as far as they are known. */
export function readArgs(spec: ModuleSpec, written: WrittenArgs, scene: Scene): Pick<Task, 'args' | 'expressions'> {
  const { problems } = scene.loader
  const before = problems.size
  const entries = entriesOf(spec, written, scene)
  const trees = new Map<string, Tree>()
  const expressions = new Map<string, readonly Expression[]>()
  for (const { key, keySpan, value } of entries) {
    const at = { problems, what: key }
    if (spec.name === 'set_fact') isVariableName(key, keySpan, at)
    const isExpression = expressionArgs[spec.name]?.includes(key) ?? false
    const tree = isExpression ? literalTree(value) : readTree(value, at)
    if (tree) trees.set(key, tree)
    if (isExpression && !isNothing(value)) expressions.set(key, readExpressions(value, at) ?? [])
  }
  const keys = new Map(entries.map(({ key, keySpan }) => [key, keySpan]))
  const { value, keySpan } = written.entry
  const args = { kind: 'map', entries: trees, keys, span: value.kind === 'map' ? keySpan : value.span } as const
  // An argument that could not be compiled would be reported a second time, as missing.
  if (problems.size === before) checkArgs(spec, args, problems)
  checkLookups(spec, args, scene)
  return { args, expressions }
}

function entriesOf(spec: ModuleSpec, { entry, more, beside }: WrittenArgs, scene: Scene): readonly MapEntry[] {
  const { problems } = scene.loader
  const own = once(spec, ownEntries(spec, entry, scene), scene)
  const map: MapNode | undefined = more && asMap(more, { problems, where: "'args'" })
  const extra = [...(map?.entries ?? []), ...besideOf(spec, beside, scene)].filter(other => {
    if (!own.some(({ key }) => key === other.key)) return true
    const message = `'${other.key}' is given to '${spec.name}' twice`
    problems.add({ code: 'duplicate-key', message, span: other.keySpan, hint: 'keep one of them' })
    return false
  })
  return [...own, ...extra]
}

/** An argument by its own name, where it is written by another that Ansible knows. */
function canonical({ args }: ModuleSpec, entry: MapEntry): MapEntry {
  const properties = args.properties ?? {}
  if (properties[entry.key]) return entry
  const [name] = Object.entries(properties).find(([, { aliases }]) => aliases?.includes(entry.key)) ?? []
  return name === undefined ? entry : { ...entry, key: name }
}

/** The same argument by two of its names is a mistake. */
function once(spec: ModuleSpec, entries: readonly MapEntry[], scene: Scene): readonly MapEntry[] {
  return entries.filter(({ key, keySpan }, i) => {
    if (entries.findIndex(other => other.key === key) === i) return true
    const message = `'${key}' is given to '${spec.name}' twice`
    scene.loader.problems.add({ code: 'duplicate-key', message, span: keySpan, hint: 'keep one of them' })
    return false
  })
}

function besideOf(spec: ModuleSpec, entry: MapEntry | undefined, scene: Scene): readonly MapEntry[] {
  if (!entry || spec.args.properties?.[entry.key]) return entry ? [entry] : []
  const message = `'${spec.name}' has no '${entry.key}'`
  const hint = 'it belongs to command and shell: what they run only looks'
  scene.loader.problems.add({ code: 'unknown-key', message, span: entry.keySpan, hint })
  return []
}

function ownEntries(spec: ModuleSpec, { key, keySpan, value }: MapEntry, scene: Scene): readonly MapEntry[] {
  if (value.kind === 'map') return value.entries.map(one => canonical(spec, one))
  if (isNothing(value)) return []
  if (spec.freeForm !== undefined) return [{ key: spec.freeForm, keySpan, value }]
  const pairs = value.kind === 'scalar' && typeof value.value === 'string' && /^\w+=/.test(value.value)
  const hint = pairs ? 'write each on a line of its own: `name: value`' : undefined
  const message = `'${key}' takes a map of arguments, not ${value.kind === 'list' ? 'a list' : 'a text'}`
  scene.loader.problems.add({ code: 'wrong-type', message, span: value.span, hint })
  return []
}
