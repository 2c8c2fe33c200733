import type { Expression, Template, Tree } from '../language/scope.ts'
import {
  constantText,
  readBooleanOrExpression,
  readBooleanOrTemplate,
  readExpressions,
  readNumberOrTemplate,
  readTemplate,
  readTree,
  readVars,
  type Variables,
} from './compile.ts'
import { byRank } from './layers.ts'
import type { Keywords, VarLayer } from './model.ts'
import { type Read, readBoolean, readNumber, readOneOf, readWords, wrongType } from './read.ts'
import type { Results } from './read-keys.ts'

const readEnvironment: Read<readonly Tree[]> = (node, at) => {
  const nodes = node.kind === 'list' ? node.items : [node]
  return nodes
    .map(item => (item.kind === 'list' ? wrongType(item, at, 'a map of names and values') : readTree(item, at)))
    .filter(tree => tree !== undefined)
}

const readUser: Read<Template | string> = (node, at) => constantText(node) ?? readTemplate(node, at)

/** What play, role, block and task may all say. */
export const sharedKeywords = {
  become: readBooleanOrTemplate,
  become_user: readUser,
  become_method: readOneOf('sudo', 'su', 'doas'),
  environment: readEnvironment,
  check_mode: readBoolean,
  diff: readBoolean,
  no_log: readBoolean,
  ignore_errors: readBooleanOrExpression,
  ignore_unreachable: readBoolean,
  any_errors_fatal: readBoolean,
  throttle: readNumber(0),
  timeout: readNumberOrTemplate(0, false),
  run_once: readBoolean,
  tags: readWords,
  vars: readVars,
} as const

/** What role, block and task may say, but a play may not. */
export const innerKeywords = {
  ...sharedKeywords,
  name: readTemplate,
  when: readExpressions,
  delegate_to: readTemplate,
} as const

export type OwnKeywords = Partial<Results<typeof innerKeywords>>

export const noKeywords: Keywords = { environment: [], tags: [], when: [], layers: [] }

/** The keywords of something inside `outer`: what it says itself is stronger; conditions, tags and variables add up. */
export function inherit(outer: Keywords, own: OwnKeywords, layers: readonly VarLayer[] = []): Keywords {
  const { name: _, vars: __, when = [], tags = [], environment = [], ...plain } = own
  return {
    ...outer,
    ...plain,
    when: joined(outer.when, when),
    environment: joined(outer.environment, environment),
    tags: tags.length === 0 ? outer.tags : [...new Set([...outer.tags, ...tags])],
    layers: layers.length === 0 ? outer.layers : byRank([...outer.layers, ...layers]),
  }
}

function joined<Item>(outer: readonly Item[], own: readonly Item[]): readonly Item[] {
  return own.length === 0 ? outer : [...outer, ...own]
}

/** The layer of a `vars:` key, as a list that is empty where there is none. */
export function varsLayer(vars: Variables | undefined, rank: VarLayer['rank'], origin: string): readonly VarLayer[] {
  return vars === undefined || vars.size === 0 ? [] : [{ origin, rank, vars }]
}

export type Condition = Expression | boolean
