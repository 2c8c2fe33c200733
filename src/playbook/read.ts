import type { Code } from '../core/codes.ts'
import { Secret } from '../core/secret.ts'
import type { Span } from '../core/span.ts'
import type { Node, ScalarNode } from '../language/node.ts'
import type { Problems } from './problems.ts'

/** Reads one value of the user's YAML; where it does not fit, says so and gives undefined. `what` is the key, for people. */
export type Read<Result> = (node: Node, at: Reading) => Result | undefined

export interface Reading {
  readonly problems: Problems
  readonly what: string
}

/** What a value is, in words. */
export function describe(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map'
  if (node.value === null) return 'nothing'
  if (node.value instanceof Secret) return 'a secret'
  const kind = typeof node.value === 'string' ? 'a text' : typeof node.value === 'number' ? 'a number' : 'a truth value'
  const text = String(node.value)
  return text.length > 40 ? kind : `${kind} (${text})`
}

export function wrongType(node: Node, at: Reading, wants: string, hint?: string): undefined {
  const message = `'${at.what}' must be ${wants}, not ${describe(node)}`
  return at.problems.add({ code: 'wrong-type', message, span: node.span, hint })
}

export function complain(
  at: Reading,
  code: Code,
  said: { message: string; span: Span; hint?: string | undefined },
): undefined {
  return at.problems.add({ code, ...said })
}

const jinjaTruth = /^(yes|no|on|off|y|n)$/i

/** How the truth value someone wrote as YAML 1.1 does is written here. */
export function truthHint(node: Node): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !jinjaTruth.test(node.value)) return undefined
  return `write ${/^(y|yes|on)$/i.test(node.value) ? 'true' : 'false'}`
}

export const readBoolean: Read<boolean> = (node, at) => {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value
  return wrongType(node, at, 'true or false', truthHint(node))
}

export const readText: Read<string> = (node, at) => {
  if (node.kind !== 'scalar' || node.value === null) return wrongType(node, at, 'a text')
  if (typeof node.value === 'string') return refuseTemplate(node, at) ? undefined : node.value
  return wrongType(node, at, 'a text', `put it in quotes: '${written(node)}'`)
}

/** A text where a number does as well: a role named `2048`, a tag `1`. */
export const readWord: Read<string> = (node, at) => {
  if (node.kind === 'scalar' && typeof node.value === 'number') return written(node)
  return readText(node, at)
}

export function readNumber(least: number, integer = true): Read<number> {
  const wants = `${integer ? 'a whole number' : 'a number'} of at least ${least}`
  return (node, at) => {
    const value = node.kind === 'scalar' ? node.value : undefined
    if (typeof value === 'number' && value >= least && (!integer || Number.isInteger(value))) return value
    return wrongType(
      node,
      at,
      wants,
      typeof value === 'string' && /^\d+$/.test(value) ? 'take the quotes away' : undefined,
    )
  }
}

export function readOneOf<const Words extends readonly string[]>(...words: Words): Read<Words[number]> {
  return (node, at) => {
    const value = node.kind === 'scalar' ? node.value : undefined
    if (typeof value === 'string' && words.includes(value)) return value
    const message = `'${at.what}' must be ${words.join(' or ')}, not ${describe(node)}`
    return complain(at, 'wrong-value', { message, span: node.span })
  }
}

/** A list, or one item standing for a list of one. */
export function readList<Item>(read: Read<Item>): Read<readonly Item[]> {
  return (node, at) => {
    const nodes = node.kind === 'list' ? node.items : isNothing(node) ? [] : [node]
    return nodes.map(item => read(item, at)).filter(item => item !== undefined)
  }
}

/** Words as a list, or as a text with commas between them. */
export const readWords: Read<readonly string[]> = (node, at) => {
  const texts = readList(readWord)(node, at) ?? []
  return texts
    .flatMap(text => text.split(','))
    .map(word => word.trim())
    .filter(word => word !== '')
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

export const readVariableName: Read<string> = (node, at) => {
  const name = readText(node, at)
  return name === undefined || isVariableName(name, node.span, at) ? name : undefined
}

export function isVariableName(name: string, span: Span, at: Reading): boolean {
  if (variableName.test(name)) return true
  const hint = 'letters, digits and _ only, not beginning with a digit'
  complain(at, 'wrong-value', { message: `'${name}' cannot be the name of a variable`, span, hint })
  return false
}

export function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null
}

/** A scalar as it stands in the file. */
export function written(node: ScalarNode): string {
  return node.span.source.text.slice(node.span.start, node.span.end)
}

export function hasTemplate(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && !node.literal && node.value.includes('{{')
}

function refuseTemplate(node: ScalarNode, at: Reading): boolean {
  if (!hasTemplate(node)) return false
  const message = `'${at.what}' is read before anything runs and cannot hold a template`
  complain(at, 'wrong-value', { message, span: node.span, hint: 'write the text itself' })
  return true
}
