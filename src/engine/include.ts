import { type Diagnostic, Failure } from '../core/diagnostic.ts'
import { place } from '../core/span.ts'
import { Unknown } from '../core/unknown.ts'
import { isList, type Value } from '../core/value.ts'
import { renderTree } from '../language/index.ts'
import type { Include, Item, VarLayer } from '../playbook/model.ts'
import { settleCounts } from './announce.ts'
import { failureOf } from './caught.ts'
import type { BatchContext } from './context.ts'
import { allHold } from './decide.ts'
import { ignores, remember } from './failing.ts'
import type { HostState } from './host.ts'
import { notifying } from './notifying.ts'
import { type Entry, Given } from './scope.ts'
import { scopeFor } from './variables.ts'

export interface Part {
  readonly items: readonly Item[]
  readonly hosts: readonly HostState[]
}

interface Wanted {
  readonly host: HostState
  readonly name: string
  readonly vars: ReadonlyMap<string, Entry>
}

/** Loads what each host's rendered name means; hosts with one name and one item of a loop go together. */
export async function include(
  batch: BatchContext,
  item: Include,
  hosts: readonly HostState[],
): Promise<readonly Part[]> {
  const wanted = hosts.flatMap(host => wantedBy(batch, item, host))
  const parts = new Map<string, { wanted: Wanted; hosts: HostState[] }>()
  for (const one of wanted) {
    const key = JSON.stringify([one.name, [...one.vars].map(([name, entry]) => [name, (entry as Given).value])])
    const part = parts.get(key)
    if (part) part.hosts.push(one.host)
    else parts.set(key, { wanted: one, hosts: [one.host] })
  }
  return [...parts.values()].flatMap(part => load(batch, item, part))
}

function wantedBy(batch: BatchContext, item: Include, host: HostState): readonly Wanted[] {
  try {
    const rounds = loopRounds(batch, item, host)
    return rounds.flatMap(vars => {
      const scope = scopeFor(batch, host, item, vars)
      const holds = allHold(item.keywords.when, scope)
      if (holds instanceof Unknown) throw new Failure(undecidable(item, holds))
      if (!holds) return []
      return [{ host, name: nameOf(item, item.target.render(scope)), vars }]
    })
  } catch (error) {
    fail(batch, item, { host, error })
    return []
  }
}

function loopRounds(batch: BatchContext, item: Include, host: HostState): readonly ReadonlyMap<string, Entry>[] {
  const { loop } = item
  if (!loop) return [new Map()]
  const items = renderTree(loop.items, scopeFor(batch, host, item))
  if (!isList(items)) throw new Failure({ code: 'wrong-type', message: 'loop wants a list', span: loop.items.span })
  return (items as readonly Value[]).map((value, index) => {
    const vars = new Map<string, Entry>([[loop.loop_var, new Given(value)]])
    if (loop.index_var !== undefined) vars.set(loop.index_var, new Given(index))
    return vars
  })
}

function nameOf(item: Include, name: Value): string {
  if (typeof name === 'string') return name
  if (name instanceof Unknown) throw new Failure(undecidable(item, name))
  throw new Failure({ code: 'wrong-type', message: `include_${item.what} wants the name of a file`, span: item.span })
}

function undecidable(item: Include, unknown: Unknown): Diagnostic {
  const hint = 'put the condition on the tasks inside, or let a readonly command answer it'
  return {
    code: 'evaluation-failed',
    message: `what to include is known only after apply: ${unknown.reason}`,
    span: item.span,
    hint,
  }
}

function load(
  batch: BatchContext,
  item: Include,
  { wanted, hosts }: { wanted: Wanted; hosts: HostState[] },
): readonly Part[] {
  try {
    const { items, handlers, vars } = item.load(wanted.name)
    for (const handler of handlers) {
      if (!batch.handlers.some(known => known.address === handler.address)) batch.handlers.push(handler)
    }
    batch.notifiers.push(...notifying(items))
    if (vars) for (const host of hosts) host.included.push(vars)
    return [{ items: wanted.vars.size === 0 ? items : withLoopVars(items, wanted.vars), hosts }]
  } catch (error) {
    for (const host of hosts) fail(batch, item, { host, error })
    return []
  }
}

/** The loop's variables become those of the included tasks. */
function withLoopVars(items: readonly Item[], vars: ReadonlyMap<string, Entry>): readonly Item[] {
  const layer = { origin: 'loop of the include', rank: 'include_vars', vars } as unknown as VarLayer
  return items.map(item => {
    const keywords = { ...item.keywords, layers: [...item.keywords.layers, layer] }
    if (item.kind !== 'block') return { ...item, keywords }
    const parts = {
      block: withLoopVars(item.block, vars),
      rescue: withLoopVars(item.rescue, vars),
      always: withLoopVars(item.always, vars),
    }
    return { ...item, keywords, ...parts }
  })
}

/** `ignore_errors` of a file of variables is its own; that of included tasks is theirs. */
function fail(batch: BatchContext, item: Include, { host, error }: { host: HostState; error: unknown }): void {
  const outcome = failureOf(item, host, error)
  const module = `include_${item.what}`
  const task = {
    id: batch.nextTask(),
    name: module,
    module,
    play: batch.play.name,
    place: place(item.span),
    handler: false,
  }
  const ignored = item.what === 'vars' && ignores(item, host, scopeFor(batch, host, item))
  if (!ignored) remember(host, task, outcome)
  settleCounts(host, outcome, ignored)
  const { status, changes, diagnostic } = outcome
  batch.emit({
    type: 'host.end',
    task,
    host: host.name,
    status,
    changes,
    diagnostic,
    ms: 0,
    ...(ignored ? { ignored } : {}),
  })
}
