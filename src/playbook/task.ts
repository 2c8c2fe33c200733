import { place } from '../core/span.ts'
import type { MapEntry, MapNode } from '../language/node.ts'
import { readExpressions, readTemplate } from './compile.ts'
import { asHandler, handlerKeys } from './handler.ts'
import { inherit, innerKeywords, varsLayer } from './keywords.ts'
import { loopKeys, readLoop, readUntil, untilKeys } from './loop.ts'
import type { Handler, Task } from './model.ts'
import { readArgs } from './module-args.ts'
import { readList, readVariableName } from './read.ts'
import { readKeys, unknownKey } from './read-keys.ts'
import { type Scene, seeingRoles } from './scene.ts'
import { keep, plainName, suggestion } from './statement.ts'

const taskKeys = {
  ...innerKeywords,
  ...loopKeys,
  ...untilKeys,
  ...handlerKeys,
  register: readVariableName,
  notify: readList(readTemplate),
  changed_when: readExpressions,
  failed_when: readExpressions,
  args: keep,
} as const

/** `command` and `shell` take it beside them too, where their argument is the command itself. */
const readonly = 'readonly'

/** One task: the module it names, with its arguments and keywords. */
export function loadTask(node: MapNode, scene: Scene): readonly (Task | Handler)[] {
  const { problems, modules } = scene.loader
  const keys = readKeys(node, taskKeys, problems)
  const entry = moduleEntry(
    node,
    keys.rest.filter(one => one.key !== readonly),
    scene,
  )
  const beside = keys.rest.find(one => one.key === readonly)
  const { values } = keys
  const loop = readLoop(keys, problems)
  const until = readUntil(keys, problems)
  if (!entry) return []
  const spec = modules.get(plainName(entry.key))!
  const { args, expressions } = readArgs(spec, { entry, more: values.args, beside }, scene)
  const layers = varsLayer(values.vars, 'task vars', `vars of the task at ${place(node.span)}`)
  const keywords = inherit(scene.keywords, ownKeywords(values), layers)
  const task: Task = {
    kind: 'task',
    span: node.span,
    module: spec.name,
    args,
    expressions,
    keywords: seeingRoles(keywords, scene.play),
    notify: values.notify ?? [],
    lookup: scene.lookup,
    ...given({ name: values.name, loop, until, register: values.register, role: scene.role }),
    ...given({ changed_when: values.changed_when, failed_when: values.failed_when }),
  }
  return asHandler(task, { node, keys }, scene)
}

function ownKeywords(values: { readonly [key: string]: unknown }) {
  return Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(innerKeywords, key)))
}

/** Only what is there: an absent field stays absent. */
export function given<T extends object>(fields: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: Exclude<T[K], undefined>
  }>
}

/** The entry that names the module; says what is wrong where there is none, or more than one. */
function moduleEntry(node: MapNode, rest: readonly MapEntry[], scene: Scene): MapEntry | undefined {
  const { problems, modules } = scene.loader
  const [first, ...more] = rest.filter(entry => modules.has(plainName(entry.key)))
  for (const entry of more) {
    const message = `a task does one thing: '${first!.key}' or '${entry.key}'`
    problems.add({ code: 'conflicting', message, span: entry.keySpan, hint: 'write two tasks, or a block' })
  }
  const others = rest.filter(entry => !modules.has(plainName(entry.key)))
  const unknown = first ? others : others.filter(entry => !isModuleLike(entry, modules, others))
  for (const entry of unknown) unknownTaskKey(entry, scene)
  if (first) return first
  const guess = others.find(entry => !unknown.includes(entry))
  if (guess) unknownModule(guess, scene)
  else if (unknown.length === 0) {
    const hint = 'add the module: `command: uptime`'
    problems.add({ code: 'missing-key', message: 'a task needs a module', span: node.span, hint })
  }
  return undefined
}

/** Without a known module, the one key that is no slip of a keyword was meant to be one. */
function isModuleLike(entry: MapEntry, modules: Scene['loader']['modules'], others: readonly MapEntry[]): boolean {
  if (suggestion(entry.key, modules.keys())) return true
  if (/^(with_|local_action$|action$|include$)/.test(entry.key)) return false
  return others.length === 1 && suggestion(entry.key, Object.keys(taskKeys)) === undefined
}

function unknownTaskKey(entry: MapEntry, scene: Scene): void {
  const { problems, modules } = scene.loader
  if (entry.key.startsWith('with_')) {
    const hint = 'write `loop:` with a list, or a template that gives one'
    problems.add({ code: 'unknown-key', message: `a task has no key '${entry.key}'`, span: entry.keySpan, hint })
    return
  }
  unknownKey(entry, [...Object.keys(taskKeys), ...modules.keys()], { problems, where: 'a task' })
}

const ownWords = ['block', 'meta', 'import_tasks', 'include_tasks', 'import_role', 'include_role', 'include_vars']

function unknownModule({ key, keySpan }: MapEntry, { loader }: Scene): void {
  const hint = suggestion(plainName(key), [...loader.modules.keys(), ...ownWords]) ?? '`pitool doc` lists the modules'
  loader.problems.add({ code: 'unknown-module', message: `there is no module '${key}'`, span: keySpan, hint })
}
